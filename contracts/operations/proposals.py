"""A contract that its talent proposes, and the client's answers to it (B41). It has no deadline, and holds no money.

Functions that charge commit what they did before the gateway is asked, and answer the payment.
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from contracts.models import Contract, EventKind, Funding
from contracts.operations._charges import PROPOSAL
from contracts.operations._contract import happened, lock, record, require, require_role, require_state
from contracts.operations._drafting import (
    asked,
    check_can_rewrite,
    follow,
    known_draft,
    known_version,
    refuse_while_paying,
    rewrite,
    was_made,
    write,
)
from contracts.operations._held import ZERO
from contracts.operations._party import act_for_both, lock_party
from contracts.operations._paying import begin_charge
from contracts.operations.members import assign, is_team
from contracts.plan import Plan
from contracts.policy import Action
from contracts.refusals import ContractError, KeyReused, NotAllowed, WrongState
from contracts.states import ContractStatus
from escrow.models import Payment, PaymentMethod
from escrow.operations import payments
from marketplace import clock
from marketplace.models import Job, Membership, Party, User


class Strangers(ContractError):
    """B41: a contract is proposed to a client of the talent's own."""

    text = _("You can propose a contract to a client whom you have worked for. You have had no contract with this one.")


class OnBothSides(ContractError):
    """S12: nobody makes a contract with themselves."""

    text = _("Somebody acts for you and for this client, so there can be no contract between you.")


class ProposalWaits(WrongState):
    """B41: one open proposal per pair."""

    text = _("A contract that you proposed to this client waits for an answer. Wait for it, or withdraw it first.")


def propose_contract(
    *, by: User, key: UUID, client: Party, talent: Party, title: str, plan: Plan, today: date, terms: str = "",
    job: Job | None = None, job_title: str = "", memberships: Iterable[Membership] | None = None,
) -> Contract:  # fmt: skip
    """The talent proposes a whole new contract to a client that it has worked for; the client sees it at once.

    `key` becomes the contract's id: the same form twice makes one. An agency's manager names who works on it.
    """
    with transaction.atomic():
        lock_party(talent.pk, by, client.pk)
        wish = Contract(
            id=key, job=job or Job(client=client, title=job_title or title), client=client, talent=talent, title=title,
            terms=terms, status=ContractStatus.PROPOSED, sent_at=clock.now(),
        )  # fmt: skip
        if known := known_draft(by, wish, plan):
            _check_team(known, memberships)
            return known
        _check_may_propose(by, client, talent, job)
        contract = write(by, wish, plan, today)
        if memberships is not None:
            require(contract, Action.ASSIGN_MEMBERS)
            assign(contract, memberships)
        record(contract, kind=EventKind.PROPOSAL_SENT, by=by, revision=contract.revisions.get(number=1))
        return contract


def accept_proposal(*, contract: Contract, by: User, key: UUID, method: PaymentMethod | None) -> Payment:
    """The client accepts and funds the first milestone: the contract is active as soon as the money is there.

    The charge is what the page showed: nobody can change a proposal. With a declined card it is still proposed.
    """
    with transaction.atomic():
        contract = lock(contract.pk, by)
        require_role(contract, Action.ANSWER_PROPOSAL)
        payment = _known_payment(contract, by, key) or _begin(contract, by, key, method)
    return payments.ask(payment.pk)


def turn_into_offer(
    *, contract: Contract, by: User, key: UUID, base: int, title: str, terms: str, plan: Plan,
    method: PaymentMethod | None, today: date,
) -> Payment | None:  # fmt: skip
    """The client edits the proposed contract into an offer of its own, which can be answered once it paid its deposit.

    `base` is the number of the version that the form showed; from here on it is an offer as any other (B40). The same
    form again answers the same payment, whatever became of the offer since (I17).
    """
    with transaction.atomic():
        contract = lock(contract.pk, by)
        require_role(contract, Action.ANSWER_PROPOSAL)
        payment = known_version(contract, by, key, base + 1, title=title, terms=terms, plan=plan)
        if payment is None:
            _turn(contract, by, base, today, title=title, terms=terms, plan=plan)
            payment = follow(contract, by=by, key=key, method=method)
    return asked(payment)


@transaction.atomic
def decline_proposal(*, contract: Contract, by: User, reason: str = "") -> Contract:
    """The client declines; a charge for it that is still under way is given back when it arrives."""
    contract = lock(contract.pk, by)
    require_role(contract, Action.ANSWER_PROPOSAL)
    if not happened(contract, EventKind.PROPOSAL_DECLINED, by):
        require_state(contract, Action.ANSWER_PROPOSAL)
        _close(contract, ContractStatus.DECLINED, EventKind.PROPOSAL_DECLINED, by, reason)
    return contract


@transaction.atomic
def withdraw_proposal(*, contract: Contract, by: User) -> Contract:
    """The talent takes it back before it is answered; a charge for it under way is given back when it arrives."""
    contract = lock(contract.pk, by)
    require_role(contract, Action.WITHDRAW_PROPOSAL)
    if not happened(contract, EventKind.PROPOSAL_WITHDRAWN, by):
        require_state(contract, Action.WITHDRAW_PROPOSAL)
        _close(contract, ContractStatus.WITHDRAWN, EventKind.PROPOSAL_WITHDRAWN, by)
    return contract


def _check_may_propose(by: User, client: Party, talent: Party, job: Job | None) -> None:
    if act_for_both(client, talent):
        raise OnBothSides
    past = Contract.objects.visible_to(by).between(client, talent).started()
    some = past.first()
    if some is None:
        raise Strangers
    require(some, Action.PROPOSE)
    if job and not past.filter(job=job).exists():
        raise NotAllowed
    if Contract.objects.between(client, talent).filter(status=ContractStatus.PROPOSED).exists():
        raise ProposalWaits


def _check_team(contract: Contract, memberships: Iterable[Membership] | None) -> None:
    """The key of a form stands for those as well whom it let work on it (I17), until others are chosen."""
    is_first = contract.is_proposed and not contract.events.filter(kind=EventKind.MEMBERS_ASSIGNED).exists()
    if memberships is not None and is_first and not is_team(contract, memberships):
        raise KeyReused


def _known_payment(contract: Contract, by: User, key: UUID) -> Payment | None:
    known = Payment.objects.filter(pk=key).first()
    is_this = known is None or known.purpose == PROPOSAL
    if not is_this or (known and not Funding.objects.filter(pk=key, contract=contract, by=by).exists()):
        raise KeyReused
    return known


def _begin(contract: Contract, by: User, key: UUID, method: PaymentMethod | None) -> Payment:
    require_state(contract, Action.ANSWER_PROPOSAL)
    refuse_while_paying(contract)
    first, fee = contract.milestones.order_by("position")[0], contract.initiation_fee
    charge = first.amount + fee
    funding = Funding(contract=contract, milestone=first, charge=charge, fee=fee, leftover=ZERO, by=by)
    return begin_charge(contract, PROPOSAL, funding, key=key, amount=charge, method=method)


def _turn(contract: Contract, by: User, base: int, today: date, *, title: str, terms: str, plan: Plan) -> None:
    """Make it an offer of this version, unless that was done already with another form."""
    if was_made(contract, by, base + 1, title=title, terms=terms, plan=plan):
        require_state(contract, Action.EDIT_OFFER)
        return
    require_state(contract, Action.ANSWER_PROPOSAL)
    check_can_rewrite(contract, base)
    contract.move_to(ContractStatus.OFFERED)
    rewrite(contract, by, title=title, terms=terms, plan=plan, today=today)


def _close(contract: Contract, status: ContractStatus, kind: EventKind, by: User, reason: str = "") -> None:
    contract.move_to(status)
    contract.save(update_fields=["status"])
    record(contract, kind=kind, by=by, note=reason)
