"""What the plan editor costs: as many queries for one milestone as for two hundred, and no limit met on the way."""

from dataclasses import replace

import pytest

from contracts.plan import Plan
from contracts.tests.browsing import HTMX, Editor, address, read, text, with_id
from contracts.tests.editing import save
from contracts.tests.test_jobs import signed_in
from tests.factories import agreed

SIZES = (1, 199)  # and the one before them that is paid
THREE_BYTES = "語" * 5_000
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("size", SIZES)
def test_opening_takes_four_queries(django_assert_num_queries, size):
    world = agreed(size)
    browser = signed_in(world.client)
    with django_assert_num_queries(4):  # session, user, contract, milestones
        browser.get(address(world.contract), headers=HTMX)
    with django_assert_num_queries(5):  # and the parties of the header
        browser.get(address(world.contract))


@pytest.mark.parametrize("size", SIZES)
def test_a_row_takes_four_queries_and_a_new_one_three(django_assert_num_queries, size):
    world = agreed(size)
    browser = signed_in(world.client)
    with django_assert_num_queries(4):  # session, user, contract, revision
        browser.get(address(world.contract, f"{size}/?revision=1"), headers=HTMX)
    with django_assert_num_queries(3):
        browser.get(address(world.contract, "row/"), headers=HTMX)


def everything(editor: Editor) -> None:
    """Open and edit every row, and turn the order round."""
    for place, key in enumerate(editor.keys):
        editor.type(key, title=f"Other {place}", amount=f"{place + 50}.50")
    editor.arrange(editor.keys[::-1])


@pytest.mark.parametrize("size", SIZES)
def test_show_changes_takes_four_queries(django_assert_num_queries, size):
    world = agreed(size)
    editor = Editor(world.client, world.contract)
    everything(editor)
    with django_assert_num_queries(4):  # session, user, contract, revision
        answer = editor.post("changes/")
    assert text(read(answer)).count("Edited") == size


@pytest.mark.parametrize("size", SIZES)
def test_a_save_takes_as_many_queries_whatever_its_size(django_assert_num_queries, size):
    world = agreed(size)
    editor = Editor(world.client, world.contract)
    everything(editor)
    # session, user, contract, revision; savepoint, release; lock, roles, milestones; update, revision, contract (event)
    with django_assert_num_queries(12):
        assert editor.post().status_code == 204
    editor = Editor(world.client, world.contract)
    for key in editor.keys:
        editor.delete(key)
    for _each in range(size):
        editor.type(editor.add(), title="New", amount="50")
    with django_assert_num_queries(14):  # delete, known keys and insert in place of update
        assert editor.post().status_code == 204


@pytest.mark.parametrize("size", SIZES)
def test_a_conflict_takes_as_many_queries_whatever_its_size(django_assert_num_queries, size):
    world = agreed(size)
    editor = Editor(world.client, world.contract)
    everything(editor)
    begun, *ahead = world.contract.plan()
    save(world.contract, Plan((begun, *(replace(at, title="Theirs") for at in ahead))), by=world.manager)
    # session, user, contract, revision; savepoint, rollback, release; lock, roles, saved before, milestones, revision;
    # who saved
    with django_assert_num_queries(13):
        answer = editor.post()
    assert answer.status_code == 409
    editor.take(answer)
    assert len(editor.questions) == size
    with django_assert_num_queries(7):  # session, user, contract, revision; milestones, revision, who saved
        assert editor.post().status_code == 422
    for question in editor.questions:
        editor.set(question, "mine")
    assert editor.post().status_code == 204


def test_two_hundred_opened_rows_with_long_descriptions_in_any_script_are_previewed_refused_and_saved():
    world = agreed(199)
    editor = Editor(world.client, world.contract)
    for key in editor.keys:
        editor.type(key, title="題" * 120, description=THREE_BYTES, amount="1,000,000.00", due_date="2099-12-31")
    assert len(editor.fields) == 1 + 199 * 5
    assert "Total" in text(read(editor.post("changes/")))
    editor.type(editor.keys[-1], amount="1")
    assert editor.save().status_code == 422
    assert dict(editor.fields)[f"description-{editor.keys[0]}"] == THREE_BYTES
    editor.type(editor.keys[-1], amount="5")
    assert editor.post("draft/").status_code == 200
    assert editor.save().status_code == 204
    assert all(at.description == THREE_BYTES for at in world.contract.plan().lines[1:])
    fresh = Editor(world.client, world.contract)
    assert "$198,000,055.00" in text(with_id(fresh.page, "plan-sum"))


def test_more_fields_than_any_plan_has_are_refused_and_change_nothing():
    world = agreed(1)
    editor = Editor(world.client, world.contract)
    editor.fields += [("key", editor.keys[0])] * 5_000
    assert editor.post().status_code == 400
    assert world.contract.revisions.count() == 1
