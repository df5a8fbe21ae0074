"""What comes due by itself: which clocks run, and the sweep that calls the operation when one has run out.

Knows where the deadlines stand and which operation each of them is for. What is allowed then, and whether it is still
due, the operation decides under the contract's lock.
"""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from operator import attrgetter
from uuid import UUID

from django.db import transaction
from django.db.models import Min, QuerySet

from contracts.models import ChangeRequest, Contract, Earning, Milestone, RefundRequest
from contracts.operations.feedback import reveal_feedback
from contracts.operations.maturing import mature
from contracts.operations.offers import expire_offer
from contracts.operations.release import release_overdue, remind
from contracts.operations.requests import remind_of_request
from contracts.operations.settlement import lapse_refund
from escrow.ledger import Stopped
from escrow.operations.payments import sweep_payments
from marketplace import clock
from marketplace.prepared import Given, Prepared
from marketplace.trouble import persistent
from marketplace.vitals import register

logger = logging.getLogger(__name__)
BATCH = 500
FAILED, WAITS = "failed, see the log", "waiting until money moves again"


@dataclass(frozen=True)
class Due:
    """One kind of deadline: the rows that have it in the column `moment`, and what is done with one of them then.

    `act` takes a row's key and answers False when there was nothing to do. `contract` is where the row keeps its
    contract's key, and `name` what a person reads of those that were done.
    """

    name: str
    rows: QuerySet
    moment: str
    act: Callable[[UUID], bool]
    contract: str = "contract_id"

    def find(self, now: datetime, tried: set[UUID]) -> "list[Item]":
        """The next of them, the longest due first, without those that were `tried`."""
        rows = self.rows.filter(**{f"{self.moment}__lte": now}).exclude(pk__in=tried)
        found = rows.order_by(self.moment, "pk").values_list(self.moment, "pk", self.contract)
        return [Item(self, *row) for row in found[:BATCH]]

    def oldest(self) -> datetime | None:
        """When the first of those came due, or will, that nobody holds up."""
        contract = self.contract.removesuffix("_id").removesuffix("pk")
        going = {f"{contract}__frozen_at" if contract else "frozen_at": None}
        return self.rows.filter(**going).aggregate(first=Min(self.moment))["first"]


@dataclass(frozen=True)
class Item:
    """One row that is due."""

    due: Due
    moment: datetime
    key: UUID
    contract_id: UUID


DUE = (
    Due("reminders of a review", Milestone.objects.all(), "remind_at", remind),
    Due("releases without a review", Milestone.objects.all(), "review_by", release_overdue),
    Due("reminders of a change request", ChangeRequest.objects.all(), "remind_at", remind_of_request),
    Due("refund requests without an answer", RefundRequest.objects.all(), "answer_by", lapse_refund),
    Due("offers without an answer", Contract.objects.all(), "expires_at", expire_offer, contract="pk"),
    Due("earnings out of their hold", Earning.objects.filter(matured_at=None, reversal=None), "matures_at", mature),
    Due("feedback revealed", Contract.objects.filter(revealed_at=None), "feedback_by", reveal_feedback, contract="pk"),
)


def sweep(now: datetime | None = None, dues: Sequence[Due] = DUE) -> Counter[str]:
    """Do everything that is due at `now`, each thing once, in the order in which it came due; answers what was done.

    Each is a transaction of its own, and one that fails is logged and waits for the next sweep. What somebody else has
    in hand is left to them, so any number of sweeps share the work.
    """
    now = now or clock.now()
    done: Counter[str] = Counter()
    tried: dict[str, set[UUID]] = {due.name: set() for due in dues}
    while items := _next(now, dues, tried):
        for item in items:
            tried[item.due.name].add(item.key)
            done[_attempt(item)] += 1
    done["payments settled"] = sweep_payments(now)
    del done[""]
    return +done


def _next(now: datetime, dues: Sequence[Due], tried: dict[str, set[UUID]]) -> list[Item]:
    """The longest due of all kinds: of one kind no more than the whole batch can be among them."""
    found = chain.from_iterable(due.find(now, tried[due.name]) for due in dues)
    return sorted(found, key=attrgetter("moment", "key"))[:BATCH]


def _attempt(item: Item) -> str:
    """What was done, if anything."""
    try:
        return item.due.name if _act(item) else ""
    except Stopped:
        return WAITS
    except Exception:
        logger.exception("Of %s, %s failed.", item.due.name, item.key)
        return FAILED


@persistent
@transaction.atomic(durable=True)
def _act(item: Item) -> bool:
    return _is_ours(item.contract_id) and item.due.act(item.key)


def _is_ours(contract_id: UUID) -> bool:
    """Take the contract's lock, unless somebody has it: waiting would hold up all the others.

    While staff have frozen it, no clock of it runs.
    """
    return _GOING.select_for_update(no_key=True, skip_locked=True).first(contract=contract_id) is not None


_GOING = Prepared(lambda: Contract.objects.only("pk").filter(pk=Given("contract"), frozen_at=None))


def overdue() -> float:
    """For how many seconds the longest due thing has waited for a sweep."""
    now = clock.now()
    moments = [moment for due in DUE if (moment := due.oldest())]
    return max(0.0, (now - min(moments, default=now)).total_seconds())


register(
    "sweep_overdue_seconds", "Since the longest due deadline passed that no sweep has dealt with.", overdue, most=300
)
