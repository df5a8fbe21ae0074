"""A form with nothing in it, sent where the state says no: refused, mostly for the state, before the form is read."""

from tests.matrix.asking import address, ask
from tests.matrix.row import DONE, ROWS, Send
from tests.matrix.table import ROOMS
from tests.matrix.walking import NEVER, SIDES

LATE = "declined"  # whatever it is, on such a contract it comes too late
# These read the form first, and say what is wrong with it; a valid one gets the 409.
FORM_FIRST = {
    "contracts:dispute", "contracts:end", "contracts:feedback", "contracts:fund", "contracts:new_milestone",
    "contracts:review",
}  # fmt: skip


def is_late(send: Send, actor: str) -> bool:
    return send.who.get(actor, NEVER) <= DONE and 409 in send.expected(actor, LATE)


def test_an_empty_form_in_a_wrong_state_is_refused(matrix):
    sent = [(name, actor) for name in ROOMS for send in ROWS[name].sends for actor in SIDES if is_late(send, actor)]
    assert len(set(sent)) > 20
    for name, actor in set(sent):
        status = ask(matrix, actor, "POST", address(matrix, name, actor, LATE), [("x", "1")]).status_code
        assert status == (422 if name in FORM_FIRST else 409), (name, actor)
