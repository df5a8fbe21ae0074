"""Freezing a contract while something about it is looked into, and letting it go on (record 12).

While it is frozen neither side and no clock moves anything of it; money that is under way still arrives. Every
deadline of it stands still, and goes on from where it stopped.
"""

from datetime import datetime, timedelta
from math import ceil

from django.db import transaction
from django.db.models import F, Model, QuerySet
from django.utils.translation import gettext_lazy as _

from contracts.models import Contract, EventKind
from contracts.operations._contract import is_due, lock, record
from contracts.refusals import WrongState
from marketplace import clock


class FrozenBefore(WrongState):
    """A contract is frozen once."""

    text = _("This contract is frozen already.")


class NotFrozen(WrongState):
    """What is not frozen goes on by itself."""

    text = _("This contract is not frozen.")


@transaction.atomic
def freeze_contract(*, contract: Contract, reason: str) -> Contract:
    """Staff stop a contract: neither side nor the clock does anything with its money until it is let go on."""
    contract = lock(contract.pk, None)
    if contract.frozen_at:
        raise FrozenBefore
    contract.frozen_at = clock.now()
    contract.save(update_fields=["frozen_at"])
    record(contract, kind=EventKind.CONTRACT_FROZEN, by=None, note=reason)
    return contract


@transaction.atomic
def unfreeze_contract(*, contract: Contract, reason: str) -> Contract:
    """Staff let a contract go on: each deadline is as far away as it was when it was frozen."""
    contract = lock(contract.pk, None)
    if contract.frozen_at is None:
        raise NotFrozen
    now = clock.now()
    stood_still = now - contract.frozen_at
    _put_bonus_off(contract, contract.frozen_at, now)
    contract.frozen_at = None
    contract.save(update_fields=["frozen_at", "bonus_days"])
    _put_off(Contract.objects.filter(pk=contract.pk), stood_still, "answer_by", "expires_at")
    _put_off(contract.milestones.all(), stood_still, "review_by", "remind_at")
    _put_off(contract.refund_requests.all(), stood_still, "answer_by")
    _put_off(Contract.objects.filter(pk=contract.pk, revealed_at=None), stood_still, "feedback_by")
    record(contract, kind=EventKind.CONTRACT_UNFROZEN, by=None, note=reason)
    return contract


def _put_bonus_off(contract: Contract, since: datetime, now: datetime) -> None:
    """Of an ended contract (B24), by whole days, as they are counted; not once it was too late for one, unsaved."""
    if contract.ended_at and not is_due(contract.bonus_until, since):
        contract.bonus_days += ceil((now - max(since, contract.ended_at)) / timedelta(days=1))


def _put_off[M: Model](rows: QuerySet[M], by: timedelta, *columns: str) -> None:
    """A deadline that does not run stays null, and null plus anything is null."""
    for column in columns:
        rows.filter(**{f"{column}__isnull": False}).update(**{column: F(column) + by})
