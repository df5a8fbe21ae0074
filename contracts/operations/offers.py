"""An offer from its first version to its answer (B40). Its deposit is held while it is open, and claimed by nobody.

Functions that charge commit what they did before the gateway is asked, and answer the payment.
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from contracts.models import Contract, EventKind
from contracts.operations._charges import start
from contracts.operations._contract import happened, is_due, lock, record, require, require_role, require_state
from contracts.operations._drafting import (
    asked,
    check_can_rewrite,
    follow,
    known_deposit,
    known_draft,
    known_version,
    rewrite,
    was_made,
    write,
)
from contracts.operations._held import pay_and_return
from contracts.operations._party import act_for_both, lock_party, require_somebody
from contracts.operations.members import assign
from contracts.plan import Plan
from contracts.policy import Action, in_state
from contracts.refusals import ContractError, NotAllowed, Stale, WrongState
from contracts.states import ContractStatus
from escrow.models import Cause, Payment, PaymentMethod
from marketplace import clock
from marketplace.models import Job, Membership, Party, PartyKind, User


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
        lock_party(client.pk, by, talent.pk)
        _check_parties(client, talent)
        if any(each and each.client_id != client.pk for each in (job, follows)):
            raise NotAllowed
        wish = Contract(
            id=key, job=job or Job(client=client, title=job_title or title), client=client, talent=talent, title=title,
            terms=terms, follows=follows, status=ContractStatus.OFFERED,
        )  # fmt: skip
        contract = known_draft(by, wish, plan) or write(by, wish, plan, today)
        payment = known_deposit(contract, by, key) or follow(contract, by=by, key=key, method=method)
    return asked(payment)


def change_offer(
    *, contract: Contract, by: User, key: UUID, base: int, title: str, terms: str, plan: Plan,
    method: PaymentMethod | None, today: date,
) -> Payment | None:  # fmt: skip
    """The client changes an offer: a new version, which can be answered once its deposit has followed.

    `base` is the number of the version that the form showed. The same form again answers the same, whatever became of
    the offer since (I17); None when nothing was to be charged.
    """
    with transaction.atomic():
        contract = lock(contract.pk, by)
        require_role(contract, Action.EDIT_OFFER)
        payment = known_version(contract, by, key, base + 1, title=title, terms=terms, plan=plan)
        if payment is None:
            is_made = was_made(contract, by, base + 1, title=title, terms=terms, plan=plan)
            if is_made and not in_state(contract, Action.EDIT_OFFER):
                return None
            require_state(contract, Action.EDIT_OFFER)
            require_somebody(contract.talent_id)
            if not is_made:
                check_can_rewrite(contract, base)
                rewrite(contract, by, title=title, terms=terms, plan=plan, today=today)
            payment = follow(contract, by=by, key=key, method=method)
    return asked(payment)


def pay_deposit(*, contract: Contract, by: User, key: UUID, method: PaymentMethod | None) -> Payment | None:
    """The client pays the deposit of an offer that has none yet, after a card was declined."""
    with transaction.atomic():
        contract = lock(contract.pk, by)
        require_role(contract, Action.EDIT_OFFER)
        payment = known_deposit(contract, by, key)
        if payment is None:
            require_state(contract, Action.EDIT_OFFER)
            require_somebody(contract.talent_id)
            payment = follow(contract, by=by, key=key, method=method)
    return asked(payment)


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
    first = start(contract)
    if memberships is not None:
        require(contract, Action.ASSIGN_MEMBERS)
        assign(contract, memberships)
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
    if act_for_both(client, talent):
        raise BothSides


def _close(contract: Contract, status: ContractStatus, kind: EventKind, by: User | None, reason: str = "") -> None:
    """Every way but acceptance returns all of it. A deposit still under way is given back when it arrives."""
    back = contract.held + contract.fee_held
    pay_and_return(contract, key=f"expiry:{contract.pk}", cause=Cause.EXPIRY, back=contract.held, with_fee=True)
    contract.move_to(status)
    contract.answer_by = contract.expires_at = None
    contract.save(update_fields=["status", "answer_by", "expires_at"])
    record(contract, kind=kind, by=by, returned=back, note=reason)
