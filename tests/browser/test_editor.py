"""Manage Milestones in a real browser: every way to change a plan, what Show Changes says of it, and what is saved."""

import re

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from contracts.models import Contract
from tests.browser.editor import Editor, box, overview, room, stroke

BEGUN = ["Kick-off and goals", "Content inventory", "Wireframes of the key pages", "Visual design"]
AHEAD = ["Home page and templates", "Collections search", "Opening hours and visits", "Accessibility review",
         "Photo gallery", "Content migration", "Staff training", "Launch week"]  # fmt: skip
WISHED = ["Photo gallery", "Home page and templates", "Collections search", "Opening hours and visits",
          "Accessibility review", "Content migration", "Launch week", "Press day"]  # fmt: skip
FOUR_CHANGES = [
    ("Moved", "Photo gallery"),
    ("Edited", "Collections search"),
    ("Removed", "Staff training"),
    ("Added", "Press day"),
]
CLIENT = "client@cairn.test"


@pytest.fixture
def page(sign_in) -> Page:
    return sign_in(CLIENT, room("Website relaunch"))


@pytest.fixture
def editor(page) -> Editor:
    editor = Editor.over(page)
    expect(editor.titles).to_have_text(AHEAD)
    return editor


def test_b07_drag_edit_delete_add_look_and_save(sign_in, page, editor, axe):
    expect(editor.pinned).to_have_text(BEGUN)
    editor.drag("Photo gallery", to="Home page and templates")
    expect(editor.titles.first).to_have_text("Photo gallery")
    editor.edit("Collections search", amount="3,000")
    editor.delete("Staff training")
    editor.add("Press day", amount="250")
    expect(editor.total).to_have_text("$17,200.50")

    assert sorted(editor.show_changes()) == sorted(FOUR_CHANGES)
    changes = page.locator("#changes")
    expect(changes.locator(".diff-moved .diff-from-to")).to_have_text("from 9 to 5")
    expect(changes.locator(".diff-fields del")).to_have_text("$2,800.00")
    expect(changes.locator(".diff-fields ins")).to_have_text("$3,000.00")
    expect(changes).to_contain_text(re.compile(r"\$17,350\.50.*\$17,200\.50", re.S))
    axe(page)
    editor.hide_changes()
    axe(page)
    editor.save_and_close()

    expect(page.get_by_role("status").filter(has_text="Plan saved")).to_contain_text("Plan saved: ")
    expect(overview(page)).to_have_text(BEGUN + WISHED)
    expect(overview(sign_in(CLIENT, room("Website relaunch")))).to_have_text(BEGUN + WISHED)
    contract = Contract.objects.get(title="Website relaunch")
    assert contract.plan_version == 5
    assert [line.title for line in contract.plan()] == BEGUN + WISHED


def is_focused(locator: Locator) -> bool:
    return locator.count() == 1 and locator.evaluate("element => element === document.activeElement")


def tab_to(page: Page, locator: Locator, key: str = "Tab") -> None:
    """Press Tab until this has the focus, as somebody without a mouse does."""
    for _press in range(90):
        if is_focused(locator):
            return
        page.keyboard.press(key)
    raise AssertionError(f"Tab does not lead to {locator}.")


def move_to_the_top_by_keys(page: Page, editor: Editor) -> None:
    """Photo gallery, by its handle: grabbed, one up, to the top, dropped; each step is said."""
    tab_to(page, editor.button("Move Photo gallery"))
    page.keyboard.press("Space")
    expect(editor.said).to_contain_text("Grabbed Photo gallery, 9 of 12.")
    page.keyboard.press("ArrowUp")
    expect(editor.said).to_have_text("Photo gallery is now 8 of 12.")
    page.keyboard.press("Home")
    expect(editor.said).to_have_text("Photo gallery is now 5 of 12.")
    page.keyboard.press("Space")
    expect(editor.said).to_have_text("Dropped Photo gallery at 5 of 12.")


def test_b07_the_same_by_keyboard_alone(page):
    editor = Editor(page)
    tab_to(page, page.get_by_role("button", name="Manage Milestones"))
    page.keyboard.press("Enter")
    expect(editor.titles).to_have_text(AHEAD)

    move_to_the_top_by_keys(page, editor)
    tab_to(page, editor.button("Edit Collections search"))
    page.keyboard.press("Enter")
    expect(editor.row("Collections search").get_by_label("Title")).to_be_focused()
    tab_to(page, editor.row("Collections search").get_by_label("Amount"))
    page.keyboard.press("Control+A")
    page.keyboard.type("3,000")
    tab_to(page, editor.button("Delete Staff training"))
    page.keyboard.press("Enter")
    tab_to(page, editor.button("Add a milestone"))
    page.keyboard.press("Enter")
    expect(editor.row("New milestone").get_by_label("Title")).to_be_focused()
    page.keyboard.type("Press day")
    tab_to(page, editor.row("Press day").get_by_label("Amount"))
    page.keyboard.type("250")

    switch = editor.form.get_by_role("switch", name="Show Changes")
    tab_to(page, switch, "Shift+Tab")
    page.keyboard.press("Space")
    expect(page.locator("#changes .diff-row")).to_have_count(4)
    page.keyboard.press("Space")
    expect(page.locator("#rows")).to_be_visible()
    tab_to(page, editor.button("Save"))
    page.keyboard.press("Enter")
    expect(editor.window).to_have_count(0)
    expect(overview(page)).to_have_text(BEGUN + WISHED)


def test_b07_escape_puts_a_grabbed_row_back_and_leaves_the_window_open(page, editor):
    editor.button("Move Launch week").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Home")
    expect(editor.titles.first).to_have_text("Launch week")
    page.keyboard.press("Escape")
    expect(editor.titles).to_have_text(AHEAD)
    expect(editor.said).to_contain_text("Launch week is back at 12 of 12.")
    expect(editor.window).to_be_visible()
    expect(editor.button("Move Launch week")).to_be_focused()


def test_b07_visible_buttons_move_a_row_one_up_or_down(editor):
    editor.button("Move Photo gallery up").click()
    editor.button("Move Home page and templates down").click()
    moved = ["Collections search", "Home page and templates", "Opening hours and visits", "Photo gallery"]
    expect(editor.titles).to_have_text([*moved, "Accessibility review", *AHEAD[5:]])
    assert editor.show_changes() == [("Moved", "Collections search"), ("Moved", "Photo gallery")]


def test_b04_pinned_rows_have_no_controls(editor):
    for title in BEGUN:
        for name in (f"Move {title}", f"Edit {title}", f"Delete {title}"):
            expect(editor.button(name)).to_have_count(0)
    expect(editor.form).to_contain_text("Paid and current milestones stay as they are")


def test_b07_a_deletion_is_struck_through_and_undone(editor):
    editor.delete("Photo gallery")
    row = editor.row("Photo gallery")
    expect(row).to_have_class(re.compile("is-deleted"))
    assert "line-through" in row.locator(".plan-title").evaluate("e => getComputedStyle(e).textDecorationLine")
    expect(editor.total).to_have_text("$16,000.00")
    expect(editor.form).to_contain_text("11 of 200 milestones")
    editor.button("Undo delete Photo gallery").click()
    expect(editor.total).to_have_text("$17,350.50")
    editor.save()
    expect(editor.form).to_contain_text("Nothing to save: the plan is as it was.")
    assert Contract.objects.get(title="Website relaunch").plan_version == 4


def test_b02_an_invalid_amount_keeps_everything_typed_and_gets_the_focus(page, editor, watch):
    watch.allow(422)
    editor.drag("Launch week", to="Home page and templates")
    editor.edit("Content migration", title="Moving the texts", description="All of them", amount="4.99")
    editor.add("Press day", amount="250")
    editor.save()
    amount = editor.row("Moving the texts").get_by_label("Amount")
    expect(amount).to_be_focused()
    expect(amount).to_have_value("4.99")
    expect(amount).to_have_accessible_description("The least amount is $5.00.")
    expect(editor.row("Moving the texts").get_by_label("Description")).to_have_value("All of them")
    expect(editor.row("Press day").get_by_label("Amount")).to_have_value("250")
    expect(editor.titles.first).to_have_text("Launch week")
    amount.fill("5")
    editor.save_and_close()
    expect(overview(page)).to_have_text(
        [*BEGUN, "Launch week", *AHEAD[:5], "Moving the texts", "Staff training", "Press day"]
    )


def test_b07_show_changes_gives_the_rows_back_as_they_were(page, editor):
    row = editor.edit("Staff training", description="Half typed")
    scrolled = editor.body.evaluate("body => (body.scrollTop = 60, body.scrollTop)")
    assert scrolled == 60
    assert editor.show_changes() == [("Edited", "Staff training")]
    expect(page.locator("#rows")).to_be_hidden()
    editor.hide_changes()
    expect(row.get_by_label("Description")).to_have_value("Half typed")
    assert editor.body.evaluate("body => body.scrollTop") == scrolled
    expect(editor.titles).to_have_text(AHEAD)


def test_b07_show_changes_shows_unfinished_rows_instead_of_refusing(page, editor):
    editor.edit("Staff training", amount="nothing yet")
    editor.add("")
    assert editor.show_changes() == [("Unfinished", "Staff training"), ("Added Unfinished", "New milestone")]
    expect(page.locator("#changes")).to_contain_text("Give the milestone a title.")
    editor.hide_changes()
    editor.delete("New milestone")
    assert editor.show_changes() == [("Unfinished", "Staff training")]


def of_editor(page: Page) -> list[str]:
    """What the page asks of the editor's addresses from now on; news of what others do are asked for beside it."""
    sent: list[str] = []

    def note(request: Request) -> None:
        _room, found, rest = request.url.partition("/milestones/")
        if found and rest.partition("?")[0] != "news/":
            sent.append(f"{request.method} {rest.partition('?')[0]}")

    page.on("request", note)
    return sent


def test_b07_a_drag_sends_nothing_and_a_pencil_one_small_get(page, editor):
    sent = of_editor(page)
    editor.drag("Photo gallery", to="Home page and templates")
    editor.button("Move Launch week up").click()
    editor.delete("Staff training")
    expect(editor.titles.first).to_have_text("Photo gallery")
    assert sent == []
    key = editor.row("Launch week").locator("[name=key]").input_value()
    editor.open_row("Launch week")
    assert sent == [f"GET {key}/"]


def test_b03_two_hundred_rows_open_move_preview_and_save_with_one_request_each(sign_in):
    page = sign_in(CLIENT, room("Archive digitisation"))
    sent = of_editor(page)
    editor = Editor.over(page)
    expect(editor.titles).to_have_count(199)
    assert sent == ["GET "]
    expect(editor.form).to_contain_text("200 of 200 milestones")
    expect(editor.button("Add a milestone")).to_be_disabled()
    expect(page.locator("#plan-full")).to_contain_text("follow-on contract")
    editor.button("Move Newspaper cuttings, box 25 of 25").press("Space")
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    assert editor.show_changes() == [("Moved", "Newspaper cuttings, box 25 of 25")]
    editor.hide_changes()
    assert sent == ["GET ", "POST changes/"]
    editor.save_and_close()
    expect(overview(page).nth(1)).to_have_text("Newspaper cuttings, box 25 of 25")
    assert sent == ["GET ", "POST changes/", "POST "]


def test_b07_the_editor_works_as_a_page_of_its_own(page, sign_in):
    page.goto(room("Website relaunch", "milestones/"))
    editor = Editor(page)
    editor.button("Move Launch week up").click()
    editor.save()
    expect(page).to_have_url(re.compile(room("Website relaunch") + "$"))
    expect(overview(page)).to_have_text([*BEGUN, *AHEAD[:6], "Launch week", "Staff training"])


def finger(page: Page, title: str, to: str) -> None:
    """Drag a row by touch, from its handle to above another row."""
    editor = Editor(page)
    editor.row(to).evaluate("row => row.scrollIntoView()")
    start, end = box(editor.button(f"Move {title}")), box(editor.row(to))
    stroke(page, start["x"] + start["width"] / 2, start["y"] + start["height"] / 2, end["y"] + 4)


def test_b07_by_touch_on_a_narrow_screen(sign_in, axe):
    narrow = {"viewport": {"width": 375, "height": 740}, "has_touch": True, "is_mobile": True}
    page = sign_in(CLIENT, room("Website relaunch"), **narrow)
    page.get_by_role("button", name="Manage Milestones").tap()
    editor = Editor(page)
    expect(editor.titles).to_have_text(AHEAD)
    finger(page, "Opening hours and visits", to="Home page and templates")
    expect(editor.titles.first).to_have_text("Opening hours and visits")
    editor.button("Edit Home page and templates").tap()
    editor.row("Home page and templates").get_by_label("Amount").fill("3300")
    axe(page)
    widths = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert widths == [375, 375]
    body = editor.body.evaluate("body => [body.scrollWidth, body.clientWidth]")
    assert body[0] <= body[1]
    editor.button("Save").tap()
    expect(editor.window).to_have_count(0)
    expect(overview(page)).to_have_text([*BEGUN, AHEAD[2], *AHEAD[:2], *AHEAD[3:]])
