"""What goes on while staff have frozen a contract, action by action, against literal expectations (record 12)."""

import pytest

from contracts.models import Contract
from contracts.policy import STATES, Action, in_state
from marketplace import clock

ALWAYS = {
    Action.EDIT_PLAN, Action.SEND_REQUEST, Action.PROPOSE, Action.WITHDRAW_PROPOSAL, Action.ASSIGN_MEMBERS,
    Action.GIVE_FEEDBACK, Action.POST,
}  # fmt: skip
WITH_A_REQUEST = {Action.REPLACE_REQUEST, Action.WITHDRAW_REQUEST, Action.ANSWER_REQUEST}


def goes_on(action: Action, *, disputed: bool, request_from_client: bool | None) -> bool:
    """Whether a frozen contract in the first state that allows `action` allows it still."""
    status = next(iter(sorted(STATES[action])))
    contract = Contract(status=status, frozen_at=clock.now())
    contract.is_disputed, contract.request_from_client = disputed, request_from_client
    return in_state(contract, action)


@pytest.mark.django_db
@pytest.mark.parametrize("action", Action, ids=lambda action: action.name.lower())
def test_a_frozen_contract_lets_talk_and_plans_go_on_and_nothing_else(action):
    disputed = action in {Action.OFFER_SPLIT, Action.ACCEPT_SPLIT, Action.WITHDRAW_DISPUTE}
    asked = True if action in WITH_A_REQUEST else None
    found = goes_on(action, disputed=disputed, request_from_client=asked)
    assert found is (action in ALWAYS | WITH_A_REQUEST)
