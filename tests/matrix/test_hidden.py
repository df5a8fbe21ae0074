"""What nobody learns: that a contract is there. What leads nowhere: ids of another contract, and forged headers."""

import re
from itertools import product

import pytest

from tests.books import books_hold
from tests.inputs.protocol import HEADERS
from tests.inputs.values import NOWHERE
from tests.matrix.actors import OUTSIDE
from tests.matrix.asking import address, ask, routed, routes
from tests.matrix.row import ROWS
from tests.matrix.table import ROOMS
from tests.matrix.world import World

# What differs from page to page whatever is on it: the token against forged posts, and the second it was made in.
CHANGING = re.compile(rb'(csrfmiddlewaretoken" value="|"X-CSRFToken": ?"|X-CSRFToken&quot;: ?&quot;)\w+')
PARTS = ("key", "request_id", "payment_id", "file_id", "post_id")  # what stands in an address behind a contract's id
ABOUT = {
    "request_id": "asked", "payment_id": "funding", "file_id": "submitted", "post_id": "active",
    "message_file_id": "active",
}  # fmt: skip


def body(world: World, actor: str, where: str, ids: dict[str, object]) -> bytes:
    text = ask(world, actor, "GET", where, draws=True).content
    for value in ids.values():
        text = text.replace(str(value).encode(), b"ID")
    return CHANGING.sub(b"", text)


@pytest.mark.parametrize("actor", [*OUTSIDE, "lead"])
def test_an_outsiders_404_is_that_of_a_missing_id_to_the_byte(matrix, actor):
    there = matrix.seen_by(actor, "unsent" if actor == "lead" else "active").ids
    nowhere = there | {"contract_id": NOWHERE}
    for name in ("contracts:room", "contracts:fund", "notifications:messages"):
        theirs = body(matrix, actor, routed(name, matrix.ids | there), there)
        assert theirs == body(matrix, actor, routed(name, matrix.ids | nowhere), nowhere), name
        assert b"404" in theirs or b"not" in theirs


def test_ids_of_another_contract_of_ones_own_lead_nowhere(matrix):
    """Both contracts are theirs, and still nothing of one is found under the other."""
    wrong = []
    for name, part in [(name, part) for name in ROOMS for part in PARTS if f":{part}>" in routes()[name]]:
        known = "message_file_id" if name == "notifications:message_file" else part
        mine, other = matrix.seen_by("owner", "settling").ids, matrix.seen_by("owner", ABOUT.get(known, "future")).ids
        where = routed(name, matrix.ids | mine | {known: other[known]})
        look = ROWS[name].look
        for actor, method in product(("owner", "lead"), ("GET", "POST")):
            status = ask(matrix, actor, method, where + (look.query if look else "")).status_code
            if status not in {403, 404, 405}:
                wrong.append(f"{method} {name} by {actor} with another's {part}: {status}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", ["contracts:room", "contracts:fund", "contracts:end", "contracts:milestones"])
def test_forged_htmx_headers_open_no_door(matrix, name):
    for actor, plain in (("outsider", 404), ("viewer", 200 if name == "contracts:room" else 403), ("owner", 200)):
        for headers in HEADERS:
            status = ask(matrix, actor, "GET", address(matrix, name, actor, "future"), **headers).status_code
            assert status == plain, (actor, headers)


def test_the_books_of_this_world_hold(matrix):
    books_hold()
