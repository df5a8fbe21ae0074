"""Writing a contract that nobody agreed to yet, version by version, and letting its deposit follow (B40, B41).

Knows no policy and no answer; the contract is locked.
"""

from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from contracts import conditions
from contracts.models import Contract, Funding, PlanRevision
from contracts.operations._charges import DEPOSIT, open_for_answer
from contracts.operations._contract import lock
from contracts.operations._held import ZERO, pay_and_return
from contracts.operations._paying import PaymentUnderWay, begin_charge, open_payments
from contracts.operations._rows import write_plan
from contracts.operations.plan import check
from contracts.plan import ChangeSet, Plan
from contracts.refusals import ContractError, KeyReused, Stale
from contracts.states import ContractStatus
from escrow.models import Cause, Payment, PaymentMethod
from escrow.operations import payments
from marketplace import clock
from marketplace.models import Party, User


class NoMilestone(ContractError):
    """B40, B41: what is offered or proposed has at least one milestone."""

    text = _("At least one milestone is needed: what is to be done first, and for how much.")


def write(by: User, contract: Contract, plan: Plan, today: date) -> Contract:
    """The first version of a contract in the state that it has, under the fees and timers of today (B21)."""
    for name, value in conditions.current().items():
        setattr(contract, name, value)
    contract.plan_version = 0
    contract.save(force_insert=True)
    rewrite(contract, by, title=contract.title, terms=contract.terms, plan=plan, today=today)
    return lock(contract.pk, by)


def rewrite(contract: Contract, by: User, *, title: str, terms: str, plan: Plan, today: date) -> None:
    """A new version, with its state. An offer can be answered once its deposit is there; a proposal has no deadline."""
    if not plan.lines:
        raise NoMilestone
    changes = ChangeSet(contract.plan(), plan)
    check(changes, today)
    write_plan(contract, changes)
    contract.title, contract.terms, contract.answer_by = title, terms, None
    is_offered = contract.sent_at and contract.status == ContractStatus.OFFERED
    contract.expires_at = clock.now() + timedelta(days=contract.offer_days) if is_offered else None
    contract.plan_version += 1
    contract.save(update_fields=["status", "title", "terms", "answer_by", "expires_at", "plan_version"])
    PlanRevision.objects.create(contract=contract, number=contract.plan_version, lines=plan.to_json(), by=by)


def known_draft(
    by: User, key: UUID, client: Party, talent: Party, *, title: str, terms: str, plan: Plan
) -> Contract | None:
    """What was written with this key before: this very wish, or it is refused; None when the key is new (I17)."""
    if not Contract.objects.filter(pk=key).exists():
        return None
    contract = lock(key, by)
    is_this = (contract.client_id, contract.talent_id) == (client.pk, talent.pk)
    if not is_this or not was_made(contract, by, 1, title=title, terms=terms, plan=plan):
        raise KeyReused
    return contract


def check_can_rewrite(contract: Contract, key: UUID, base: int) -> None:
    """Refuse a new version whose form's key was used, while a charge is under way, or on another one than `base`."""
    if Payment.objects.filter(pk=key).exists():
        raise KeyReused
    refuse_while_paying(contract)
    if base != contract.plan_version:
        raise Stale


def was_made(contract: Contract, by: User, number: int, *, title: str, terms: str, plan: Plan) -> bool:
    """Whether the contract stands at this version, just as the same person wants to make it."""
    stands = (contract.plan_version, contract.title, contract.terms) == (number, title, terms)
    return stands and contract.revisions.filter(number=number, by=by, lines=plan.to_json()).exists()


def follow(contract: Contract, *, by: User, key: UUID, method: PaymentMethod | None) -> Payment | None:
    """Let the deposit follow the offer: charge what is missing, give back what is too much, or open it at once."""
    if known := Payment.objects.filter(pk=key).first():
        if not Funding.objects.filter(pk=key, contract=contract, milestone=None, by=by).exists():
            raise KeyReused
        return known
    refuse_while_paying(contract)
    if contract.answer_by:
        return None
    first = contract.milestones.order_by("position")[0].amount
    fee = max(ZERO, contract.initiation_fee - contract.fee_held)
    missing = max(ZERO, first - contract.held)
    if missing + fee:
        leftover = min(first, contract.held)
        funding = Funding(contract=contract, charge=missing + fee, fee=fee, leftover=leftover, by=by)
        return begin_charge(contract, DEPOSIT, funding, key=key, amount=missing + fee, method=method)
    too_much = contract.held - first
    pay_and_return(contract, key=f"expiry:{contract.pk}:{contract.plan_version}", cause=Cause.EXPIRY, back=too_much)
    open_for_answer(contract, by=by, charged=ZERO)
    return None


def refuse_while_paying(contract: Contract) -> None:
    """What a charge under way is for does not change until it is settled."""
    if open_payments(contract).exists():
        raise PaymentUnderWay


def asked(payment: Payment | None) -> Payment | None:
    """The payment as its gateway answers, asked once what began it is committed."""
    return payments.ask(payment.pk) if payment else None
