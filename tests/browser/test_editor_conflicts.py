"""Two editors of one plan (X2): who comes second sees what was saved, keeps the edits, chooses where they meet."""

import pytest
from playwright.sync_api import Locator, expect

from contracts.models import Contract
from contracts.states import MilestoneStatus
from tests.browser.editor import Editor, overview, room
from tests.browser.test_editor import AHEAD, BEGUN, CLIENT
from tests.factories import advance


@pytest.fixture
def mine(sign_in) -> Editor:
    return Editor.over(sign_in(CLIENT, room("Website relaunch")))


@pytest.fixture
def theirs(sign_in, colleague, watch) -> Editor:
    watch.allow(409)
    return Editor.over(sign_in(colleague, room("Website relaunch")))


def conflict(editor: Editor) -> Locator:
    return editor.form.locator("#conflict")


def choose(row: Locator, answer: str) -> None:
    row.get_by_role("radio", name=answer).check()


def next_becomes_current() -> None:
    contract = Contract.objects.get(title="Website relaunch")
    advance(contract, paid=4, current=MilestoneStatus.ACTIVE)


def lines() -> dict[str, str]:
    """Each milestone's amount by its title, in the plan's order."""
    return {line.title: str(line.amount) for line in Contract.objects.get(title="Website relaunch").plan()}


def they_save(theirs) -> None:
    theirs.drag("Launch week", to="Opening hours and visits")
    expect(theirs.titles.nth(2)).to_have_text("Launch week")
    theirs.edit("Collections search", amount="3100")
    theirs.edit("Photo gallery", title="Photo and film gallery")
    theirs.delete("Content migration")
    theirs.add("Theirs alone", amount="70")
    theirs.save_and_close()


def i_edit(mine) -> None:
    mine.drag("Launch week", to="Home page and templates")
    expect(mine.titles.first).to_have_text("Launch week")
    mine.edit("Home page and templates", amount="9999")
    mine.edit("Collections search", amount="2900", description="Mine")
    mine.delete("Photo gallery")
    mine.edit("Content migration", title="Moving the texts")
    mine.edit("Staff training", due_date="2030-01-31")
    mine.add("Mine alone", amount="80")


def test_x2_everything_at_once_and_nothing_is_lost(mine, theirs, axe):
    they_save(theirs)
    next_becomes_current()
    i_edit(mine)
    mine.save()

    expect(conflict(mine)).to_be_focused()
    expect(conflict(mine)).to_contain_text("Otto Hale saved this plan while you were editing")
    expect(mine.pinned.last).to_have_text("Home page and templates")
    axe(mine.page)
    pinned = mine.page.locator(".plan-pinned > li").filter(has_text="Home page and templates")
    expect(pinned).to_contain_text("Amount: $3,200.00 → $9,999.00")
    choose(mine.row("Collections search"), "As you typed it $2,900.00")
    choose(mine.row("Photo and film gallery"), "Delete it all the same")
    choose(mine.row("Moving the texts"), "Put it back with my changes")
    choose(mine.row("Launch week"), "Move it")
    pinned.get_by_role("checkbox", name="Save the rest without it").check()
    assert sorted(mine.show_changes()) == sorted(
        [
            ("Edited", "Collections search"),
            ("Removed", "Photo and film gallery"),
            ("Added", "Moving the texts"),
            ("Moved", "Launch week"),
            ("Edited", "Staff training"),
            ("Added", "Mine alone"),
        ]
    )
    mine.hide_changes()
    mine.save_and_close()

    saved = lines()
    assert list(saved)[4:7] == ["Home page and templates", "Launch week", "Collections search"]
    assert set(saved) == {*BEGUN, *AHEAD, "Moving the texts", "Theirs alone", "Mine alone"} - {
        "Photo gallery",
        "Content migration",
    }
    assert (saved["Home page and templates"], saved["Collections search"]) == ("3200.00", "2900.00")
    plan = Contract.objects.get(title="Website relaunch").plan()
    assert str(next(line.due_date for line in plan if line.title == "Staff training")) == "2030-01-31"


def test_x2_edits_that_do_not_meet_are_saved_with_one_more_look(mine, theirs):
    theirs.edit("Photo gallery", amount="1400")
    theirs.save_and_close()
    mine.edit("Launch week", amount="950")
    mine.save()
    expect(conflict(mine)).to_contain_text("Your edits were put on top of it. Look through them and save again.")
    expect(conflict(mine).locator(".diff-title")).to_have_text("Photo gallery")
    mine.save_and_close()
    saved = lines()
    assert (saved["Photo gallery"], saved["Launch week"]) == ("1400.00", "950.00")


@pytest.mark.parametrize(
    ("answer", "amount"), [("As it was saved $3,100.00", "3100.00"), ("As you typed it $2,900.00", "2900.00")]
)
def test_x2_one_field_typed_by_both_is_chosen(mine, theirs, answer, amount):
    theirs.edit("Collections search", amount="3100")
    theirs.save_and_close()
    mine.edit("Collections search", amount="2900")
    mine.save()
    choose(mine.row("Collections search"), answer)
    mine.save()
    expect(mine.page.get_by_role("main")).to_contain_text("Collections search")
    if amount == "2900.00":
        expect(mine.window).to_have_count(0)
    assert lines()["Collections search"] == amount


def test_x2_a_choice_that_was_not_made_is_asked_again_and_nothing_is_saved(mine, theirs, watch):
    watch.allow(422)
    theirs.edit("Collections search", amount="3100")
    theirs.save_and_close()
    mine.edit("Collections search", amount="2900")
    mine.add("Mine alone", amount="80")
    mine.save()
    expect(conflict(mine)).to_be_visible()
    mine.save()
    expect(mine.row("Collections search")).to_contain_text("Choose how to go on with this.")
    expect(mine.row("Collections search").get_by_role("radio").first).to_be_focused()
    expect(mine.row("Mine alone").get_by_label("Amount")).to_have_value("80.00")
    assert lines()["Collections search"] == "3100.00"


@pytest.mark.parametrize("answer", ["Keep it as it was saved", "Delete it all the same"])
def test_x2_my_deletion_of_what_they_edited_is_chosen(mine, theirs, answer):
    theirs.edit("Photo gallery", amount="1400")
    theirs.save_and_close()
    mine.delete("Photo gallery")
    mine.edit("Launch week", amount="950")
    mine.save()
    choose(mine.row("Photo gallery"), answer)
    mine.save_and_close()
    assert lines().get("Photo gallery") == (None if answer.startswith("Delete") else "1400.00")
    assert lines()["Launch week"] == "950.00"


@pytest.mark.parametrize("answer", ["Leave it deleted", "Put it back with my changes"])
def test_x2_my_edit_of_what_they_deleted_is_chosen(mine, theirs, answer):
    theirs.delete("Photo gallery")
    theirs.save_and_close()
    mine.edit("Photo gallery", amount="1500")
    mine.edit("Launch week", amount="950")
    mine.save()
    choose(mine.row("Photo gallery"), answer)
    mine.save_and_close()
    assert lines().get("Photo gallery") == ("1500.00" if answer.startswith("Put") else None)
    assert lines()["Launch week"] == "950.00"


def test_x2_a_third_save_in_between_asks_again_and_loses_nothing(mine, theirs):
    theirs.edit("Collections search", amount="3100")
    theirs.save_and_close()
    mine.edit("Collections search", amount="2900")
    mine.save()
    choose(mine.row("Collections search"), "As you typed it")
    again = Editor.over(theirs.page)
    again.edit("Collections search", amount="3200")
    again.edit("Photo gallery", amount="1400")
    again.save_and_close()
    mine.save()
    expect(mine.row("Collections search")).to_contain_text("$3,200.00")
    assert lines()["Collections search"] == "3200.00"
    choose(mine.row("Collections search"), "As you typed it $2,900.00")
    mine.save_and_close()
    assert (lines()["Collections search"], lines()["Photo gallery"]) == ("2900.00", "1400.00")


def test_x2_the_same_edit_in_two_windows_is_saved_once_and_both_succeed(mine, theirs):
    for editor in (theirs, mine):
        editor.edit("Launch week", amount="950")
        editor.save_and_close()
    assert Contract.objects.get(title="Website relaunch").plan_version == 5


def test_b04_a_milestone_that_became_current_meanwhile_is_left_out(mine, watch):
    watch.allow(409)
    next_becomes_current()
    mine.edit("Home page and templates", amount="9999")
    mine.edit("Launch week", amount="950")
    mine.save()
    expect(conflict(mine)).to_contain_text("A milestone became current while you were editing")
    mine.page.get_by_role("checkbox", name="Save the rest without it").check()
    mine.save_and_close()
    assert (lines()["Home page and templates"], lines()["Launch week"]) == ("3200.00", "950.00")


def test_x2_the_overview_behind_shows_both_sides_afterwards(mine, theirs):
    theirs.delete("Photo gallery")
    theirs.save_and_close()
    mine.delete("Staff training")
    mine.save()
    mine.save_and_close()
    left = [title for title in AHEAD if title not in {"Photo gallery", "Staff training"}]
    expect(overview(mine.page)).to_have_text(BEGUN + left)
