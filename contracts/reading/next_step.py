"""What comes next on a contract, for the one who looks: one table by side and by what the contract waits for.

Knows no database. A step is the viewer's own, the other side's, or something their own team has to do; `{other}` in it
is the other party's name.
"""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from contracts.models import Contract
from contracts.policy import Action, has_role, may, role_of
from contracts.reading.sentences import Sentence
from contracts.reading.standing import Standing
from contracts.states import ContractStatus, MilestoneStatus, RefundStatus
from marketplace.models import Party

type Waits = MilestoneStatus | ContractStatus | RefundStatus | str | None
_M, _C, _R = MilestoneStatus, ContractStatus, RefundStatus
UNSENT, UNPAID = "unsent", "unpaid"
DISPUTED, SPLIT = "disputed", "split"  # the other side has offered a split, or not
TO_ANSWER, TO_WAIT = "to_answer", "to_wait"  # a pending change request, as the other side and its sender see it


class Step(NamedTuple):
    """A sentence about what comes next; `is_yours` says that it waits for the viewer, on the page of that name."""

    sentence: Sentence
    is_yours: bool
    page: str = ""
    label: str = ""


class Turn(NamedTuple):
    """Whose turn it is. Without an action it is nobody's of this side; else of those whose role allows it.

    `watched` says the same to those of the side who may only look.
    """

    text: str
    action: Action | None = None
    page: str = ""
    label: str = ""
    watched: str = ""


# What each side reads while the contract waits: for the current milestone's state, FUTURE when the next one has yet to
# be activated, None when no milestone is left (B25), or for what the contract itself is in.
CLIENT: Mapping[Waits, Turn] = {
    _M.FUNDING: Turn(
        _("The payment for the next milestone is under way"),
        Action.FUND,
        "fund",
        _("See the payment"),
        _("The payment for the next milestone is under way"),
    ),
    _M.ACTIVE: Turn(_("Waiting for {other} to submit")),
    _M.SUBMITTED: Turn(
        _("1 milestone waits for your review"),
        Action.RELEASE,
        "review",
        _("Review"),
        _("1 milestone waits for your team's review"),
    ),
    _M.CHANGES_REQUESTED: Turn(_("Waiting for {other} to submit again")),
    _M.FUTURE: Turn(
        _("Activate the next milestone"),
        Action.FUND,
        "fund",
        _("Activate and fund"),
        _("Waiting for your team to activate the next milestone"),
    ),
    None: Turn(
        _("Add a milestone, or end the contract"),
        Action.END_AS_CLIENT,
        "next",
        _("What comes next?"),
        _("Waiting for your team to say what comes next"),
    ),
    UNSENT: Turn(
        _("The deposit is not paid yet, so {other} has not seen the offer"),
        Action.EDIT_OFFER,
        "deposit",
        _("Pay the deposit"),
        _("Waiting for your team to pay the deposit"),
    ),
    UNPAID: Turn(
        _("The offer waits for its deposit"),
        Action.EDIT_OFFER,
        "deposit",
        _("Pay the deposit"),
        _("Waiting for your team to pay the deposit"),
    ),
    _C.OFFERED: Turn(_("Waiting for {other} to answer your offer")),
    _C.PROPOSED: Turn(
        _("Answer the proposed contract"),
        Action.ANSWER_PROPOSAL,
        "proposal",
        _("Read and answer"),
        _("Waiting for your team to answer the proposed contract"),
    ),
    TO_ANSWER: Turn(
        _("Answer the change request"),
        Action.ANSWER_REQUEST,
        "pending_request",
        _("Review changes"),
        _("Waiting for your team to answer the change request"),
    ),
    TO_WAIT: Turn(_("Waiting for {other} to answer the change request")),
    _R.PENDING: Turn(_("Waiting for {other} to answer your refund request")),
    _R.COUNTERED: Turn(
        _("Answer what {other} offers to return"),
        Action.ANSWER_COUNTER,
        "refund",
        _("Answer"),
        _("Waiting for your team to answer what {other} offers to return"),
    ),
    DISPUTED: Turn(_("A dispute is open: the money is frozen until it is decided, or both sides agree on a split")),
    SPLIT: Turn(
        _("Answer the split that {other} offers"),
        Action.ACCEPT_SPLIT,
        "dispute",
        _("Read and answer"),
        _("Waiting for your team to answer the split that {other} offers"),
    ),
}
TALENT: Mapping[Waits, Turn] = {
    _M.FUNDING: Turn(_("The payment for the next milestone is under way")),
    _M.ACTIVE: Turn(_("Submit your work on the current milestone"), Action.SUBMIT, "submission", _("Submit work")),
    _M.SUBMITTED: Turn(_("Waiting for {other} to review your work")),
    _M.CHANGES_REQUESTED: Turn(
        _("Changes were requested: submit your work again"), Action.SUBMIT, "submission", _("Submit work")
    ),
    _M.FUTURE: Turn(_("Waiting for {other} to activate the next milestone")),
    None: Turn(_("Waiting for {other} to say what comes next")),
    UNPAID: Turn(_("The offer cannot be accepted right now: {other} has to pay its deposit")),
    _C.OFFERED: Turn(
        _("Answer the offer"),
        Action.ANSWER_OFFER,
        "answer",
        _("Read and answer"),
        _("Waiting for your agency to answer the offer"),
    ),
    _C.PROPOSED: Turn(_("Waiting for {other} to answer your proposal")),
    TO_ANSWER: Turn(
        _("Answer the change request"),
        Action.ANSWER_REQUEST,
        "pending_request",
        _("Review changes"),
        _("Waiting for your agency to answer the change request"),
    ),
    TO_WAIT: Turn(_("Waiting for {other} to answer the change request")),
    _R.PENDING: Turn(
        _("Answer the refund request"),
        Action.ANSWER_REFUND,
        "refund",
        _("Answer"),
        _("Waiting for your agency to answer the refund request"),
    ),
    _R.COUNTERED: Turn(_("Waiting for {other} to answer what you offered to return")),
    DISPUTED: Turn(_("A dispute is open: the money is frozen until it is decided, or both sides agree on a split")),
    SPLIT: Turn(
        _("Answer the split that {other} offers"),
        Action.ACCEPT_SPLIT,
        "dispute",
        _("Read and answer"),
        _("Waiting for your agency to answer the split that {other} offers"),
    ),
}
# What the talent does while a request for money back waits on a live contract, and nothing else waits for it.
ASKED = Turn(_("{other} asks for money back"), Action.ANSWER_MONEY_BACK, "money_back", _("Read and answer"))
FROZEN = _("Nothing to do: Cairn has frozen this contract since {day}")
CLOSED: Mapping[str, str] = {
    _C.ENDED: _("Nothing to do: ended on {day}"),
    _C.DECLINED: _("Nothing to do: it was declined"),
    _C.WITHDRAWN: _("Nothing to do: it was withdrawn"),
    _C.EXPIRED: _("Nothing to do: it expired"),
}


def next_step(contract: Contract, standing: Standing) -> Step:
    """The next step on `contract`, which stands as `standing`, for the user for whom it was loaded."""
    if contract.frozen_at and contract.status not in CLOSED:
        return Step(Sentence(FROZEN, {"day": contract.frozen_at}), is_yours=False)
    if contract.status in CLOSED:
        return Step(Sentence(CLOSED[contract.status], {"day": contract.ended_at}), is_yours=False)
    table, other = (CLIENT, contract.talent) if role_of(contract).is_client_side else (TALENT, contract.client)
    step = _step(contract, table[waits_for(contract, standing)], other)
    if contract.asks_back and not step.is_yours and has_role(contract, Action.ANSWER_MONEY_BACK):
        return _step(contract, ASKED, other)
    return step


def _step(contract: Contract, turn: Turn, other: Party) -> Step:
    values = {"other": other.name}
    if turn.action is None:
        return Step(Sentence(turn.text, values), is_yours=False)
    if has_role(contract, turn.action):
        return Step(Sentence(turn.text, values), is_yours=True, page=turn.page, label=turn.label)
    return Step(Sentence(turn.watched or turn.text, values), is_yours=False)


def waits_for(contract: Contract, standing: Standing) -> Waits:
    """What an open contract waits for."""
    if contract.status == _C.OFFERED and contract.answer_by is None:
        return UNPAID if contract.sent_at else UNSENT
    if contract.status in {_C.OFFERED, _C.PROPOSED}:
        return _C(contract.status)
    if contract.is_disputed:
        is_client = role_of(contract).is_client_side
        return SPLIT if (contract.talent_offers_split if is_client else contract.client_offers_split) else DISPUTED
    if contract.refund_status:
        return _R(contract.refund_status)
    waits = standing.current or (_M.FUTURE if standing.has_future else None)
    return waits if contract.request_from_client is None else _with_request(contract, waits)


def put_off(contract: Contract, standing: Standing) -> Turn | None:
    """What a pending change request comes before, where the viewer may do that as well: submitting, or activating."""
    if contract.request_from_client is None or waits_for(contract, standing) not in {TO_ANSWER, TO_WAIT}:
        return None
    table = CLIENT if role_of(contract).is_client_side else TALENT
    turn = table[standing.current or (_M.FUTURE if standing.has_future else None)]
    return turn if turn.action in {Action.SUBMIT, Action.FUND} and may(contract, turn.action) else None


def _with_request(contract: Contract, waits: Waits) -> Waits:
    """A change request is answered before anything else but a review or a payment of one's own (B10).

    Who sent it waits where the plan has to go on: the next milestone may be what it changes.
    """
    is_client = role_of(contract).is_client_side
    if contract.request_from_client == is_client:
        return TO_WAIT if waits in {_M.FUTURE, None} else waits
    return waits if is_client and waits in {_M.SUBMITTED, _M.FUNDING} else TO_ANSWER
