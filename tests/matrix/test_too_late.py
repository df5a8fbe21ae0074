"""A form with nothing in it, sent where the state says no: refused for the state, whatever is wrong with the form."""

from tests.matrix.asking import address, ask
from tests.matrix.row import DONE, ROWS, Send
from tests.matrix.table import ROOMS
from tests.matrix.walking import NEVER, SIDES

LATE = "declined"  # whatever it is, on such a contract it comes too late


def is_late(send: Send, actor: str) -> bool:
    return send.who.get(actor, NEVER) <= DONE and 409 in send.expected(actor, LATE)


def test_an_empty_form_in_a_wrong_state_is_refused(matrix):
    sent = [(name, actor) for name in ROOMS for send in ROWS[name].sends for actor in SIDES if is_late(send, actor)]
    assert len(set(sent)) > 20
    for name, actor in set(sent):
        status = ask(matrix, actor, "POST", address(matrix, name, actor, LATE), [("x", "1")]).status_code
        assert status == 409, (name, actor)
