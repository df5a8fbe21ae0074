"""An offer from its first version to its answer (B40). Its deposit is held while it is open, and claimed by nobody.

Functions that charge commit what they did before the gateway is asked, and answer the payment.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from contracts import conditions
from contracts.models import Contract, EventKind, Funding, Milestone, PlanRevision
from contracts.operations._charges import DEPOSIT, open_for_answer
from contracts.operations._contract import happened, is_due, lock, record, require, require_role, require_state
from contracts.operations._held import ZERO, pay_and_return
from contracts.operations._party import lock_party
from contracts.operations._paying import PaymentUnderWay, begin_charge, open_payments
from contracts.operations._rows import write_plan
from contracts.operations.members import assign
from contracts.operations.plan import check
from contracts.plan import ChangeSet, Plan
from contracts.policy import Action
from contracts.refusals import ContractError, KeyReused, NotAllowed, Stale, WrongState
from contracts.states import ContractStatus, MilestoneStatus
from escrow.models import Cause, Payment, PaymentMethod
from escrow.operations import payments
from marketplace import clock
from marketplace.models import Job, Membership, Party, PartyKind, User


class NoMilestone(ContractError):
    """B40: an offer has at least one milestone."""

    text = _("An offer needs at least one milestone: what is to be done first, and for how much.")


class NotATalent(ContractError):
    """An offer goes to a freelancer or an agency."""

    text = _("An offer is made to a freelancer or an agency. Choose one.")


class BothSides(ContractError):
    """S12: nobody makes a contract with themselves."""

    text = _("You act for this talent as well, so you cannot make it an offer. Nobody is on both sides of a contract.")


class OfferChanged(Stale):
    """The talent answers a version that is not the latest."""

    text = _("The client changed the offer while you were reading it. Read the new version, then answer.")


class OfferOver(WrongState):
    """B40: an offer is open for so many days, swept or not."""

    text = _("The time to answer this offer is over.")


class DepositMissing(Stale):
    """An offer waits for its deposit: it was changed, or a bank took the deposit back."""

    text = _("This offer waits for its deposit. You can accept it as soon as the client has paid it.")


def make_offer(
    *,
    by: User,
    key: UUID,
    client: Party,
    talent: Party,
    title: str,
    plan: Plan,
    method: PaymentMethod | None,
    today: date,
    terms: str = "",
    job: Job | None = None,
    job_title: str = "",
    follows: Contract | None = None,
) -> Payment | None:
    """The client writes an offer and pays its deposit and the initiation fee; the talent sees it once they are paid.

    `key` becomes the contract's id: the same form twice makes one offer.
    """
    with transaction.atomic():
        lock_party(client.pk, by)
        _check_parties(client, talent)
        if any(each and each.client_id != client.pk for each in (job, follows)):
            raise NotAllowed
        if Contract.objects.filter(pk=key).exists():
            contract = lock(key, by)
            is_this = (contract.client_id, contract.talent_id) == (client.pk, talent.pk)
            if not is_this or not _was_made(contract, by, 1, title=title, terms=terms, plan=plan):
                raise KeyReused
        else:
            job = job or Job.objects.create(client=client, title=job_title or title)
            contract = _write(
                by, Contract(id=key, job=job, client=client, talent=talent, title=title, terms=terms, follows=follows),
                plan, today,
            )  # fmt: skip
        payment = _follow(contract, by=by, key=key, method=method)
    return _asked(payment)


def change_offer(
    *, contract: Contract, by: User, key: UUID, base: int, title: str, terms: str, plan: Plan,
    method: PaymentMethod | None, today: date,
) -> Payment | None:  # fmt: skip
    """The client changes an offer: a new version, which can be answered once its deposit has followed.

    `base` is the number of the version that the form showed.
    """
    with transaction.atomic():
        contract = lock(contract.pk, by)
        require(contract, Action.EDIT_OFFER)
        if not _was_made(contract, by, base + 1, title=title, terms=terms, plan=plan):
            if Payment.objects.filter(pk=key).exists():
                raise KeyReused
            _refuse_while_paying(contract)
            if base != contract.plan_version:
                raise Stale
            _rewrite(contract, by, title=title, terms=terms, plan=plan, today=today)
        payment = _follow(contract, by=by, key=key, method=method)
    return _asked(payment)


def pay_deposit(*, contract: Contract, by: User, key: UUID, method: PaymentMethod | None) -> Payment | None:
    """The client pays the deposit of an offer that has none yet, after a card was declined."""
    with transaction.atomic():
        contract = lock(contract.pk, by)
        require(contract, Action.EDIT_OFFER)
        payment = _follow(contract, by=by, key=key, method=method)
    return _asked(payment)


@transaction.atomic
def accept_offer(
    *, contract: Contract, by: User, version: int, memberships: Iterable[Membership] | None = None
) -> Contract:
    """The talent accepts: the contract is active, and its first milestone with it, as the money is there already.

    `version` is the one that the page showed; an agency's manager names the members who work on it.
    """
    contract = lock(contract.pk, by)
    require_role(contract, Action.ANSWER_OFFER)
    if contract.is_active and happened(contract, EventKind.OFFER_ACCEPTED, by):
        return contract
    require_state(contract, Action.ANSWER_OFFER)
    if contract.answer_by is None:
        raise DepositMissing
    if is_due(contract.answer_by, clock.now()):
        raise OfferOver
    if version != contract.plan_version:
        raise OfferChanged
    contract.move_to(ContractStatus.ACTIVE)
    contract.started_at, contract.answer_by, contract.expires_at = clock.now(), None, None
    contract.save(update_fields=["status", "started_at", "answer_by", "expires_at"])
    if memberships is not None:
        require(contract, Action.ASSIGN_MEMBERS)
        assign(contract, memberships)
    first = _activate_first(contract)
    record(contract, kind=EventKind.OFFER_ACCEPTED, by=by, milestone=first)
    return contract


@transaction.atomic
def decline_offer(*, contract: Contract, by: User, reason: str = "") -> Contract:
    """The talent declines: deposit and fee go back in full."""
    contract = lock(contract.pk, by)
    require_role(contract, Action.ANSWER_OFFER)
    if contract.status != ContractStatus.DECLINED:
        require_state(contract, Action.ANSWER_OFFER)
        _close(contract, ContractStatus.DECLINED, EventKind.OFFER_DECLINED, by, reason)
    return contract


@transaction.atomic
def withdraw_offer(*, contract: Contract, by: User) -> Contract:
    """The client takes an offer back before it is answered: deposit and fee go back in full."""
    contract = lock(contract.pk, by)
    require_role(contract, Action.WITHDRAW_OFFER)
    if contract.status != ContractStatus.WITHDRAWN:
        require_state(contract, Action.WITHDRAW_OFFER)
        _close(contract, ContractStatus.WITHDRAWN, EventKind.OFFER_WITHDRAWN, by)
    return contract


@transaction.atomic
def expire_offer(contract_id: UUID) -> bool:
    """Nobody answered in time: deposit and fee go back in full. False when it is not due any more."""
    contract = lock(contract_id, None)
    if not is_due(contract.expires_at, clock.now()):
        return False
    _close(contract, ContractStatus.EXPIRED, EventKind.OFFER_EXPIRED, None)
    return True


def _check_parties(client: Party, talent: Party) -> None:
    """An offer goes from a client to a talent, and nobody acts for both of them (S12)."""
    if not client.is_client:
        raise NotAllowed
    if talent.kind not in {PartyKind.FREELANCER, PartyKind.AGENCY}:
        raise NotATalent
    if talent.memberships.filter(user__memberships__party=client).exists():
        raise BothSides


def _write(by: User, contract: Contract, plan: Plan, today: date) -> Contract:
    for name, value in conditions.current().items():
        setattr(contract, name, value)
    contract.status, contract.plan_version = ContractStatus.OFFERED, 0
    contract.save(force_insert=True)
    _rewrite(contract, by, title=contract.title, terms=contract.terms, plan=plan, today=today)
    return lock(contract.pk, by)


def _rewrite(contract: Contract, by: User, *, title: str, terms: str, plan: Plan, today: date) -> None:
    """A new version of an offer, which nobody can answer until its deposit is there."""
    if not plan.lines:
        raise NoMilestone
    changes = ChangeSet(contract.plan(), plan)
    check(changes, today)
    write_plan(contract, changes)
    contract.title, contract.terms, contract.answer_by = title, terms, None
    contract.expires_at = contract.sent_at and clock.now() + timedelta(days=contract.offer_days)
    contract.plan_version += 1
    contract.save(update_fields=["title", "terms", "answer_by", "expires_at", "plan_version"])
    PlanRevision.objects.create(contract=contract, number=contract.plan_version, lines=plan.to_json(), by=by)


def _was_made(contract: Contract, by: User, number: int, *, title: str, terms: str, plan: Plan) -> bool:
    """Whether the offer stands at this version, just as the same person wants to make it."""
    stands = (contract.plan_version, contract.title, contract.terms) == (number, title, terms)
    return stands and contract.revisions.filter(number=number, by=by, lines=plan.to_json()).exists()


def _follow(contract: Contract, *, by: User, key: UUID, method: PaymentMethod | None) -> Payment | None:
    """Let the deposit follow the offer: charge what is missing, give back what is too much, or open it at once."""
    if known := Payment.objects.filter(pk=key).first():
        if not Funding.objects.filter(pk=key, contract=contract, milestone=None, by=by).exists():
            raise KeyReused
        return known
    _refuse_while_paying(contract)
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


def _refuse_while_paying(contract: Contract) -> None:
    if open_payments(contract).exists():
        raise PaymentUnderWay


def _activate_first(contract: Contract) -> Milestone:
    first = contract.milestones.order_by("position")[0]
    first.move_to(MilestoneStatus.FUNDING)
    first.move_to(MilestoneStatus.ACTIVE)
    first.funded_at = clock.now()
    first.save(update_fields=["status", "funded_at"])
    return first


def _close(contract: Contract, status: ContractStatus, kind: EventKind, by: User | None, reason: str = "") -> None:
    """Every way but acceptance returns all of it. A deposit still under way is given back when it arrives."""
    back = contract.held + contract.fee_held
    pay_and_return(contract, key=f"expiry:{contract.pk}", cause=Cause.EXPIRY, back=contract.held, with_fee=True)
    contract.move_to(status)
    contract.answer_by = contract.expires_at = None
    contract.save(update_fields=["status", "answer_by", "expires_at"])
    record(contract, kind=kind, by=by, returned=back, note=reason)


def _asked(payment: Payment | None) -> Payment | None:
    return payments.ask(payment.pk) if payment else None
