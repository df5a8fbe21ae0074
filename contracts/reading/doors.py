"""What else can be done on a contract, beside its next step: the pages that the viewer's role and the state open."""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from contracts.models import Contract, Milestone
from contracts.policy import MANAGES_MONEY, Action, may, role_of
from contracts.states import FUNDED, ContractStatus, MilestoneStatus


class Door(NamedTuple):
    """A page by the name of its address, and what its link says."""

    page: str
    label: str


SUBMITTED_ONCE = frozenset({MilestoneStatus.SUBMITTED, MilestoneStatus.CHANGES_REQUESTED})
ABOUT_CURRENT = frozenset({"review", "submission", "fund"})  # pages of one milestone
_REVIEW = Door("review", _("Review and release"))
_LOOK = Door("review", _("Submitted work"))
_DOORS: Mapping[Action, Door] = {
    Action.EDIT_OFFER: Door("offer", _("Change the offer")),
    Action.WITHDRAW_OFFER: Door("withdrawal_of_offer", _("Withdraw the offer")),
    Action.ANSWER_PROPOSAL: Door("offer", _("Make an offer of it")),
    Action.WITHDRAW_PROPOSAL: Door("withdrawal_of_proposal", _("Withdraw the proposal")),
    Action.ASSIGN_MEMBERS: Door("members", _("Who works on it")),
    Action.BONUS: Door("bonus", _("Pay a bonus")),
    Action.END_AS_CLIENT: Door("end", _("End the contract")),
    Action.END_AS_TALENT: Door("end", _("End the contract")),
    Action.PROPOSE: Door("propose", _("Propose a new contract")),
}


def doors(contract: Contract, current: Milestone | None, step_page: str) -> tuple[Door, ...]:
    """The doors of `contract` for the user for whom it was loaded, without the one its next step leads to.

    A query more where work on the `current` milestone was submitted: whether a dispute can be opened about it.
    """
    late = {Action.BONUS} if contract.is_bonus_late else set()
    found = [door for action, door in _DOORS.items() if action not in late and may(contract, action)]
    if current and current.status in FUNDED:
        found.insert(0, _REVIEW if may(contract, Action.RELEASE) else _LOOK)
    if contract.status == ContractStatus.SETTLING:
        found.insert(0, Door("refund", _("Refund request")))
    if contract.is_disputed:
        found.insert(0, Door("dispute", _("Look at the dispute")))
    if may(contract, Action.ASK_MONEY_BACK) and contract.held and not contract.asks_back:
        found.append(Door("money_back", _("Ask for money back")))
    if current and contract.is_active and may(contract, Action.OPEN_DISPUTE) and _is_disputable(contract, current):
        found.append(Door("dispute", _("Open a dispute")))
    if may_follow(contract):
        found.append(Door("follow_on", _("Make a follow-on offer")))
    return tuple(door for door in dict.fromkeys(found) if door.page != step_page)


def _is_disputable(contract: Contract, current: Milestone) -> bool:
    """What opening a dispute on an active contract would be answered (B44)."""
    by_client, is_over = role_of(contract).is_client_side, current.review_by and current.review_by <= contract.now
    return (
        current.status in SUBMITTED_ONCE and not (by_client and is_over) and current.is_disputable(by_client=by_client)
    )


def may_follow(contract: Contract) -> bool:
    """Whether the viewer may offer a follow-on contract: from an active one, and from an ended one (B3, B42)."""
    goes_on = contract.status in {ContractStatus.ACTIVE, ContractStatus.SETTLING, ContractStatus.ENDED}
    return goes_on and contract.client_role in MANAGES_MONEY
