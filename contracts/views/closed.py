"""What a page says that comes too early or too late: why the contract's state does not allow what it is for."""

from contracts.models import Contract
from contracts.policy import FREE, Action, in_state, why_not
from contracts.refusals import Disputed, Frozen, WrongState


def closed_to(contract: Contract, action: Action) -> WrongState | None:
    """The refusal that `action` would meet now, whoever asks; None when it would meet none."""
    if in_state(contract, action):
        return None
    if contract.frozen_at and action not in FREE:
        return Frozen()
    return Disputed() if contract.is_disputed else WrongState(why_not(contract, action))
