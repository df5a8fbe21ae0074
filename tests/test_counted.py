"""What docs/performance.md counts is so each time: statements and bytes of a plan of 200, and of lists. Never times."""

from functools import partial

import pytest

from benchmarks.lists import COSTLY, admin_lists
from benchmarks.rooms import HTMX, Room, captured, statements, weight
from benchmarks.targets import BY_KEY
from contracts.tests.visiting import signed_in
from tests.factories import agreed
from tests.staff import at_work, staff

pytestmark = pytest.mark.django_db
LARGEST = 199  # and the one before them that is paid


def counted(room: Room) -> dict[str, int]:
    """Statements of each step of an edit, by the target that bounds them."""
    first, all_of_them = room.edited("Other", 1), partial(room.edited, "Others")
    found = {
        "pages.room_queries": statements(room.get),
        "pages.editor_queries": statements(partial(room.get, "milestones/", **HTMX)),
        "pages.changes_queries": statements(partial(room.post, "milestones/changes/", room.edited("Other"))),
        "pages.save_statements": statements(partial(room.post, "milestones/", first)),
    }
    assert statements(partial(room.post, "milestones/", all_of_them())) == found["pages.save_statements"]
    return found


def test_a_plan_of_two_hundred_takes_as_many_statements_as_one_of_two_and_keeps_to_its_bounds():
    largest = counted(Room.of(LARGEST))
    assert largest == counted(Room.of(1))
    for key, found in largest.items():
        assert BY_KEY[key].is_met(found), f"{BY_KEY[key].what}: {found} statements"


def test_manage_milestones_of_two_hundred_keeps_to_its_bytes():
    raw, packed = weight(Room.of(LARGEST).get("milestones/", **HTMX))
    assert BY_KEY["pages.editor_bytes"].is_met(raw)
    assert BY_KEY["pages.editor_packed"].is_met(packed)


@pytest.mark.parametrize("path", ["/jobs/", "/jobs/?show=ended", "/jobs/?q=boat", "/messages/", "/payments/"])
def test_no_list_counts_or_skips(path):
    browser = signed_in(agreed(1).client)
    assert not [sql for sql in captured(partial(browser.get, path)) if COSTLY.search(sql)]


def test_no_list_of_the_administration_counts_or_skips():
    browser = at_work(staff(superuser=True))
    found = {name: captured(partial(browser.get, address)) for name, address in admin_lists()}
    assert not {name: costly for name, sql in found.items() if (costly := [one for one in sql if COSTLY.search(one)])}
