"""Activating and funding the next milestone (B20, B21). Commits what it did before the gateway is asked."""

from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Case, When
from django.utils.translation import gettext_lazy as _

from contracts.models import Contract, Funding, Milestone
from contracts.operations._charges import MILESTONE, activate
from contracts.operations._contract import lock, require_role, require_state
from contracts.operations._held import ZERO
from contracts.operations._paying import begin_charge
from contracts.operations._requests import RequestInTheWay, is_in_the_way_of, pending_request
from contracts.policy import Action
from contracts.refusals import KeyReused, Stale, WrongState
from contracts.states import CURRENT, MilestoneStatus
from escrow.models import Payment, PaymentMethod
from escrow.operations import payments
from marketplace import rows
from marketplace.models import User
from marketplace.prepared import Given, Prepared


class StaleFunding(Stale):
    """The amount, the charge or the plan is not what the page showed."""

    text = _("The plan or the money held changed while you were looking. Nothing was charged: check the new figures.")


class CurrentFirst(WrongState):
    """B20: one milestone at a time."""

    text = _("Only one milestone is funded at a time. Release the current one first.")


class NotNext(WrongState):
    """B1: in their order."""

    text = _("Milestones are funded in their order, and this one is not the next.")


def fund_milestone(
    *, contract: Contract, by: User, milestone: Milestone, key: UUID, amount: Decimal, charge: Decimal, version: int,
    method: PaymentMethod | None,
) -> Payment | None:  # fmt: skip
    """The client activates the next milestone: what is left over pays first, the rest is charged.

    `amount`, `charge` and the plan's `version` are those that the page showed. None when nothing was to be charged.
    """
    with transaction.atomic():
        contract = lock(contract.pk, by)
        require_role(contract, Action.FUND)
        if funding := _KNOWN.first(key=key):
            _check_same(funding, by, milestone, amount - charge, charge)
            payment = Payment.objects.filter(pk=key).first()
        else:
            require_state(contract, Action.FUND)
            payment = _begin(
                contract, by, milestone.pk, key=key, amount=amount, charge=charge, version=version, method=method
            )
    return payments.ask(payment.pk) if payment else None


_KNOWN = Prepared(lambda: Funding.objects.filter(pk=Given("key")))


def _check_same(funding: Funding, by: User, milestone: Milestone, leftover: Decimal, charge: Decimal) -> None:
    """The key was used before: for this very wish, or it is refused."""
    wished = (funding.milestone_id, funding.leftover, funding.charge, funding.by_id)
    if wished != (milestone.pk, leftover, charge, by.pk):
        raise KeyReused


def charge_for(contract: Contract, milestone: Milestone) -> Decimal:
    """What activating `milestone` charges: what the leftover does not cover; `contract` is loaded with its money."""
    return max(ZERO, milestone.amount - contract.held)


def _begin(
    contract: Contract, by: User, wanted: UUID, *, key: UUID, amount: Decimal, charge: Decimal, version: int,
    method: PaymentMethod | None,
) -> Payment | None:  # fmt: skip
    milestone = _NEXT.first(contract=contract.pk)
    if milestone and milestone.is_current:
        raise CurrentFirst
    if milestone is None or milestone.pk != wanted:
        raise NotNext
    request = pending_request(contract)
    if request and is_in_the_way_of(request, milestone):
        raise RequestInTheWay
    if (milestone.amount, charge_for(contract, milestone), contract.plan_version) != (amount, charge, version):
        raise StaleFunding
    milestone.move_to(MilestoneStatus.FUNDING)
    rows.update(milestone, "status")
    funding = Funding(
        id=key, contract=contract, milestone=milestone, charge=charge, fee=ZERO, leftover=amount - charge, by=by
    )
    if charge:
        return begin_charge(contract, MILESTONE, funding, key=key, amount=charge, method=method)
    rows.insert(funding)
    activate(funding)
    return None


# The current milestone if there is one, or else the first of those ahead.
_NEXT = Prepared(
    lambda: Milestone.objects.filter(contract=Given("contract"), status__in=[*CURRENT, MilestoneStatus.FUTURE])
    .order_by(Case(When(status=MilestoneStatus.FUTURE, then=1), default=0), "position")[:1]
)  # fmt: skip
