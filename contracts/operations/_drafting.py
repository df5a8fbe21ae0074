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
from marketplace.models import User


class NoMilestone(ContractError):
    """B40, B41: what is offered or proposed has at least one milestone."""

    text = _("At least one milestone is needed: what is to be done first, and for how much.")


def write(by: User, contract: Contract, plan: Plan, today: date) -> Contract:
    """The first version of a contract in the state that it has, under the fees and timers of today (B21).

    Its job is saved with it if that is new.
    """
    if contract.job.pk is None:
        contract.job.save()
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


def known_draft(by: User, wish: Contract, plan: Plan) -> Contract | None:
    """What was written with the key of `wish` before: this very wish, or it is refused; None when it is new (I17).

    What became of it since is all the same. Once it was changed, nobody knows any more how it was named at first.
    """
    if not Contract.objects.filter(pk=wish.pk).exists():
        return None
    contract = lock(wish.pk, by)
    if not _is_as_wished(contract, wish) or not _is_revision(contract, by, 1, plan):
        raise KeyReused
    return contract


def known_deposit(contract: Contract, by: User, key: UUID) -> Payment | None:
    """What this person began to pay for this offer with this key before, or it is refused; None when it is new (I17).

    What became of the offer since is all the same.
    """
    known = Payment.objects.filter(pk=key).first()
    if known and not Funding.objects.filter(pk=key, contract=contract, milestone=None, by=by).exists():
        raise KeyReused
    return known


def known_version(
    contract: Contract, by: User, key: UUID, number: int, *, title: str, terms: str, plan: Plan
) -> Payment | None:
    """The same, for a form that made this version: this very one, or it is refused.

    Once it was changed again, nobody knows any more how it was named.
    """
    known = known_deposit(contract, by, key)
    is_named = contract.plan_version > number or (contract.title, contract.terms) == (title, terms)
    if known and not (is_named and _is_revision(contract, by, number, plan)):
        raise KeyReused
    return known


def check_can_rewrite(contract: Contract, base: int) -> None:
    """Refuse a new version while a charge is under way, or on another one than `base`."""
    refuse_while_paying(contract)
    if base != contract.plan_version:
        raise Stale


def was_made(contract: Contract, by: User, number: int, *, title: str, terms: str, plan: Plan) -> bool:
    """Whether the contract stands at this version, just as the same person wants to make it."""
    stands = (contract.plan_version, contract.title, contract.terms) == (number, title, terms)
    return stands and _is_revision(contract, by, number, plan)


def _is_as_wished(contract: Contract, wish: Contract) -> bool:
    """Between these two, going on from the same contract, under this job or a new one with this title, so named."""
    is_job = contract.job_id == wish.job_id if wish.job_id else contract.job.title == wish.job.title
    fixed = (contract.client_id, contract.talent_id, contract.follows_id)
    is_this = is_job and fixed == (wish.client_id, wish.talent_id, wish.follows_id)
    return is_this and (contract.plan_version > 1 or (contract.title, contract.terms) == (wish.title, wish.terms))


def _is_revision(contract: Contract, by: User, number: int, plan: Plan) -> bool:
    return contract.revisions.filter(number=number, by=by, lines=plan.to_json()).exists()


def follow(contract: Contract, *, by: User, key: UUID, method: PaymentMethod | None) -> Payment | None:
    """Let the deposit follow the offer: charge what is missing, give back what is too much, or open it at once.

    `key` is known to be new.
    """
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
