"""A row that was never opened is posted by its place in the revision that was shown, which is the same for good."""

import uuid

import pytest

from contracts.tests.browsing import Editor, address, fields_in, post
from contracts.tests.editing import moved, save, traces
from contracts.tests.test_jobs import signed_in
from tests.factories import agreed

pytestmark = pytest.mark.django_db


def test_rows_that_were_never_opened_carry_only_their_place():
    world = agreed(5, paid=1)
    editor = Editor(world.client, world.contract)
    assert fields_in(editor.form)[-5:] == [("revision", "1"), *(("key", str(place)) for place in range(2, 6))]
    assert editor.keys == [str(key) for key in world.contract.plan().keys[1:]]


def test_a_row_may_be_posted_by_its_key_as_well_but_not_by_both():
    world = agreed(3)
    before, editor = traces(world.contract), Editor(world.client, world.contract)
    two, _three, four = editor.keys

    def posted(*names: str) -> int:
        fields = [("revision", "1"), *(("key", name) for name in names)]
        return post(editor.browser, address(world.contract), fields).status_code

    for names in ([two, "2"], ["2", "2"], ["0"], ["5"], ["-1"], ["9" * 30], ["\u0662"]):
        assert posted(*names) == 422
        assert traces(world.contract) == before
    assert posted("4", two, "3") == 302
    assert world.contract.plan().keys[1:3] == (uuid.UUID(four), uuid.UUID(two))


def test_a_place_is_that_of_the_revision_that_was_shown():
    world = agreed(4)
    _paid, two, three, four, five = world.contract.plan().keys
    editor = Editor(world.client, world.contract)
    save(world.contract, moved(world.contract.plan(), 5, 2), by=world.manager)
    assert post(editor.browser, address(world.contract), [("revision", "1"), *(("key", str(at)) for at in (2, 3, 4, 5)),
                                                          ("delete-3", "1")]).status_code == 409  # fmt: skip
    editor.delete(three)
    assert editor.save().status_code == 409
    assert editor.save().status_code == 204
    assert world.contract.plan().keys[1:] == (five, two, four)


@pytest.mark.parametrize("place", [0, 3, 2**64])
def test_a_row_that_the_revision_does_not_have_is_not_there(place):
    world = agreed(1)
    assert signed_in(world.client).get(address(world.contract, f"{place}/?revision=1")).status_code == 404
