"""What comes next on a contract, for the one who looks: one table by side and by the current milestone's state.

Knows no database. A step is the viewer's own or the other side's; `{other}` in it is the other party's name.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, NamedTuple

from django.utils.translation import gettext_lazy as _

from contracts.reading.sentences import Sentence
from contracts.reading.standing import Standing
from contracts.states import ContractStatus, MilestoneStatus

type Side = Literal["client", "talent"]
_M, _C = MilestoneStatus, ContractStatus


class Step(NamedTuple):
    """A sentence about what comes next; `is_yours` says that it waits for the viewer."""

    sentence: Sentence
    is_yours: bool


# Of an active contract: by the current milestone's state; FUTURE when the next one has yet to be activated, None when
# no milestone is left (B25). True: it is the viewer's turn.
ACTIVE: Mapping[tuple[Side, MilestoneStatus | None], tuple[str, bool]] = {
    ("client", _M.FUNDING): (_("The payment for the next milestone is under way"), False),
    ("client", _M.ACTIVE): (_("Waiting for {other} to submit"), False),
    ("client", _M.SUBMITTED): (_("1 milestone waits for your review"), True),
    ("client", _M.CHANGES_REQUESTED): (_("Waiting for {other} to submit again"), False),
    ("client", _M.FUTURE): (_("Activate the next milestone"), True),
    ("client", None): (_("Add a milestone, or end the contract"), True),
    ("talent", _M.FUNDING): (_("The payment for the next milestone is under way"), False),
    ("talent", _M.ACTIVE): (_("Submit your work on the current milestone"), True),
    ("talent", _M.SUBMITTED): (_("Waiting for {other} to review your work"), False),
    ("talent", _M.CHANGES_REQUESTED): (_("Changes were requested: submit your work again"), True),
    ("talent", _M.FUTURE): (_("Waiting for {other} to activate the next milestone"), False),
    ("talent", None): (_("Waiting for {other} to say what comes next"), False),
}
# Of a contract that is not active, whatever its milestones are.
OTHERWISE: Mapping[tuple[Side, ContractStatus], tuple[str, bool]] = {
    ("client", _C.OFFERED): (_("Waiting for {other} to answer your offer"), False),
    ("talent", _C.OFFERED): (_("Answer the offer"), True),
    ("client", _C.PROPOSED): (_("Answer the proposed contract"), True),
    ("talent", _C.PROPOSED): (_("Waiting for {other} to answer your proposal"), False),
    ("client", _C.SETTLING): (_("The contract is being settled"), False),
    ("talent", _C.SETTLING): (_("The contract is being settled"), False),
}
# Of steps that are their party's, for those who may only look: the same fact, and nothing to do.
WATCHED: Mapping[str | None, str] = {
    _M.SUBMITTED: _("1 milestone waits for your team's review"),
    _M.FUTURE: _("Waiting for your team to activate the next milestone"),
    None: _("Waiting for your team to say what comes next"),
    _C.PROPOSED: _("Waiting for your team to answer the proposed contract"),
}
CLOSED: Mapping[ContractStatus, str] = {
    _C.ENDED: _("Nothing to do: ended on {day}"),
    _C.DECLINED: _("Nothing to do: it was declined"),
    _C.WITHDRAWN: _("Nothing to do: it was withdrawn"),
    _C.EXPIRED: _("Nothing to do: it expired"),
}


def next_step(
    *,
    side: Side,
    status: ContractStatus,
    ended_at: datetime | None,
    standing: Standing,
    other: str,
    only_looks: bool = False,
) -> Step:
    """The next step on a contract in `status` that stands as `standing`, for one on `side` who may or `only_looks`."""
    if status in CLOSED:
        return Step(Sentence(CLOSED[status], {"day": ended_at}), is_yours=False)
    is_active = status == ContractStatus.ACTIVE
    waits = standing.current or (_M.FUTURE if standing.has_future else None)
    text, is_yours = ACTIVE[side, waits] if is_active else OTHERWISE[side, status]
    if is_yours and only_looks:
        text, is_yours = WATCHED[waits if is_active else status], False
    return Step(Sentence(text, {"other": other}), is_yours)
