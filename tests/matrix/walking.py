"""The walk along a row: each cell asked, and said where it is not as it should be. Knows no row by name."""

import uuid
from collections.abc import Iterable, Iterator

from tests.inputs.reading import Fields
from tests.matrix.actors import ACTORS
from tests.matrix.asking import KEYS, address, ask, form_for
from tests.matrix.row import DONE, ROLE_OF, Look, Row, Send
from tests.matrix.states import STATES
from tests.matrix.table import ROOMS
from tests.matrix.world import World

SAMPLE = ("owner", "outsider", "anonymous")
SIDES = ("owner", "lead")
OPENERS = (*SIDES, "freelancer")
ALL = tuple(STATES)
FEW = ("unsent", "offered", "proposed", "active", "disputed", "frozen", "ended")  # where a page is the same in all
NEVER = frozenset({0})
CALM = {200, 302, 401, 403, 404, 405}


def wrong_methods(world: World, row: Row) -> Iterator[str]:
    """Methods that nothing here answers; and that a HEAD is as a GET."""
    home = (row.look or row.sends[0]).home
    refused = ["PUT", "DELETE", *([] if row.sends else ["POST"]), *([] if row.look else ["GET", "HEAD"])]
    for actor in SAMPLE:
        is_led = (actor == "anonymous" and not row.public) or row.name.startswith("admin:")
        for method in refused:
            status = ask(world, actor, method, address(world, row.name, actor, home)).status_code
            if status not in (CALM if row.reads_puts else {302 if is_led else 405}):
                yield f"{method} by {actor}: {status}"
        if row.look and row.look.has_head:
            yield from _compared(world, row, actor, "HEAD", home, row.look)


def wrong_looks(world: World, row: Row) -> Iterator[str]:
    """Everybody at home, and both sides in every other state."""
    look = row.look
    if look is None:
        return
    for actor in ACTORS:
        yield from _compared(world, row, actor, "GET", look.home, look)
    for state in others(row, look.home, ALL if look.opens or look.other else FEW):
        for actor in SIDES:
            if look.who[actor] <= DONE:
                yield from _compared(world, row, actor, "GET", state, look)


def wrong_sends(world: World, row: Row) -> Iterator[str]:
    for send in row.sends:
        yield from (f"{send.like}: {wrong}" for wrong in _wrong_send(world, row, send))


def _wrong_send(world: World, row: Row, send: Send) -> Iterator[str]:
    """The same form by everybody at home; and by those who may, in every other state."""
    doers = [actor for actor in ACTORS if send.who.get(actor, NEVER) <= DONE and actor in ROLE_OF]
    # One of each side opens the page; a colleague on the same contract posts the same.
    forms = {actor: form_for(world, row.name, send, actor) for actor in doers if actor in OPENERS}
    plain = next(iter(forms.values()), list(send.typed.items()))
    for actor in send.who:
        yield from _compared(world, row, actor, "POST", send.home, send, forms.get(actor, plain))
    for state in others(row, send.home, ALL):
        for actor in SIDES:
            if actor in doers:
                fields = moved(world, forms[actor], send.home, state, actor)
                yield from _compared(world, row, actor, "POST", state, send, fields)


def others(row: Row, home: str, states: Iterable[str]) -> list[str]:
    """The states to look at beside the one at home: none where no contract is asked."""
    return [state for state in states if state != home] if row.name in ROOMS else []


def moved(world: World, fields: Fields, home: str, state: str, actor: str) -> Fields:
    """The same form as it would be on the contract in another state: with that contract's ids."""
    here, there = world.seen_by(actor, home), world.seen_by(actor, state)
    ids = {str(old): str(there.ids[name]) for name, old in here.ids.items() if name != "post_id"}
    for old_rows, new_rows in zip(here.rows, there.rows, strict=True):
        ids |= {str(old): str(new) for old, new in zip(old_rows, new_rows, strict=False)}
    return [(_put(name, ids), _put(value, ids)) for name, value in fields]


def _put(text: str, ids: dict[str, str]) -> str:
    for old, new in ids.items():
        text = text.replace(old, new)
    return text


def _compared(  # noqa: PLR0917 - a cell has as many sides
    world: World, row: Row, actor: str, method: str, state: str, said: Look | Send, fields: Fields = ()
) -> Iterator[str]:
    expected, there = said.expected(actor, state), address(world, row.name, actor, state) + said.query
    status = ask(world, actor, method, there, fresh(fields), before=said.before).status_code
    if status not in expected:
        yield f"{method} by {actor} while {state}: {status}, not {sorted(expected)}"


def fresh(fields: Fields) -> Fields:
    """With a key of its own for the post, unless it is that of a row."""
    is_plan = any(name == "revision" or name.startswith("title-") for name, _value in fields)
    keys = KEYS - {"key"} if is_plan else KEYS
    return [(name, str(uuid.uuid4()) if name in keys else value) for name, value in fields]
