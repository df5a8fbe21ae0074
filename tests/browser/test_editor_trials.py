"""Manage Milestones under people who are hasty, clumsy or malicious."""

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from contracts.models import Contract
from tests.browser.editor import Editor, box, overview, room, stroke
from tests.browser.test_editor import AHEAD, BEGUN, CLIENT

EVIL = "<img src=x onerror=alert(1)>{{7*7}} $& {title}"


@pytest.fixture
def page(sign_in) -> Page:
    return sign_in(CLIENT, room("Website relaunch"))


@pytest.fixture
def editor(page) -> Editor:
    return Editor.over(page)


def version() -> int:
    return Contract.objects.get(title="Website relaunch").plan_version


def test_x2_two_browsers_that_press_save_at_the_same_moment_lose_nothing(editor, sign_in, watch):
    watch.allow(409)
    other = Editor.over(sign_in(CLIENT, room("Website relaunch")))
    editor.edit("Launch week", amount="950")
    other.edit("Photo gallery", amount="1400")
    for one in (editor, other):
        one.button("Save").click(no_wait_after=True)
    for one in (editor, other):
        expect(one.page.locator("body:not(:has(#window dialog)), #conflict").first).to_be_attached()
    (late,) = [one for one in (editor, other) if one.window.count()]
    late.save_and_close()
    plan = {line.title: str(line.amount) for line in Contract.objects.get(title="Website relaunch").plan()}
    assert (plan["Launch week"], plan["Photo gallery"]) == ("950.00", "1400.00")
    assert version() == 6


def test_a_double_click_on_save_saves_once(page, editor):
    editor.edit("Launch week", amount="950")
    editor.button("Save").dblclick()
    expect(editor.window).to_have_count(0)
    expect(overview(page)).to_have_text(BEGUN + AHEAD)
    assert version() == 5


def test_save_works_while_the_changes_are_shown(page, editor):
    editor.delete("Photo gallery")
    editor.show_changes()
    editor.save_and_close()
    expect(overview(page)).not_to_contain_text(["Photo gallery"])


def test_after_save_the_focus_is_back_at_the_button(page, editor):
    editor.delete("Photo gallery")
    editor.save_and_close()
    expect(overview(page)).to_have_count(11)
    expect(page.get_by_role("button", name="Manage Milestones")).to_be_focused()


def test_a_title_full_of_markup_is_only_text(page, editor):
    editor.edit("Photo gallery", title=EVIL)
    editor.button(f"Move {EVIL} up").click()
    expect(editor.said).to_have_text(f"{EVIL} is now 8 of 12.")
    editor.delete(EVIL)
    expect(editor.said).to_have_text(f"{EVIL} will be deleted when you save.")
    editor.button(f"Undo delete {EVIL}").click()
    editor.show_changes()
    expect(page.locator("#changes .diff-title")).to_have_text(EVIL)
    editor.save_and_close()
    expect(overview(page).filter(has_text=EVIL)).to_have_count(1)
    page.get_by_role("main").get_by_role("link", name="Activity").click()
    expect(page.get_by_role("main")).to_contain_text(EVIL)


def test_a_new_row_that_is_deleted_again_leaves_nothing_to_save(editor):
    editor.add("Press day", amount="250")
    editor.delete("Press day")
    assert editor.show_changes() == []
    editor.hide_changes()
    editor.save()
    expect(editor.form).to_contain_text("Nothing to save")
    assert version() == 4


def test_x3_edits_outlive_a_save_in_another_tab_of_the_same_browser(page, editor):
    tab = page.context.new_page()
    tab.goto(room("Website relaunch"))
    other = Editor.over(tab)
    editor.edit("Launch week", amount="950")
    page.wait_for_function("() => Object.values(localStorage).some(kept => kept.includes('950'))")
    other.edit("Photo gallery", amount="1400")
    other.save_and_close()
    page.close()
    again = Editor.over(tab)
    again.button("Restore my edits").click()
    expect(again.row("Launch week").get_by_label("Amount")).to_have_value("950.00")


def test_x3_restored_edits_are_offered_once_more_when_the_tab_closes_again(page, editor):
    editor.edit("Launch week", amount="950")
    for _time in range(2):
        editor.page.close()
        tab = page.context.new_page()
        tab.goto(room("Website relaunch"))
        editor = Editor.over(tab)
        editor.button("Restore my edits").click()
        expect(editor.row("Launch week").get_by_label("Amount")).to_have_value(re.compile("^950"))
    editor.save_and_close()


def test_b07_escape_after_a_refused_save_still_asks_first(page, editor, watch):
    watch.allow(422)
    editor.edit("Launch week", amount="1")
    editor.save()
    expect(editor.row("Launch week").get_by_label("Amount")).to_be_focused()
    page.keyboard.press("Escape")
    leave = page.get_by_role("dialog", name="Close without saving?")
    expect(leave).to_be_visible()
    page.keyboard.press("Escape")
    expect(leave).to_be_hidden()
    expect(editor.window).to_be_visible()
    for _press in range(3):
        page.keyboard.press("Escape")
    expect(editor.window).to_be_visible()


def test_b07_a_held_row_is_put_back_by_escape_after_a_refused_save(page, editor, watch):
    watch.allow(422)
    editor.edit("Launch week", amount="1")
    editor.save()
    expect(editor.row("Launch week").get_by_label("Amount")).to_be_focused()
    editor.button("Move Photo gallery").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    expect(editor.titles).to_have_text(AHEAD)
    expect(page.get_by_role("dialog", name="Close without saving?")).to_be_hidden()


def test_b07_dropping_a_row_where_it_was_changes_nothing(page, editor):
    handle = box(editor.button("Move Photo gallery"))
    x, y = handle["x"] + 5, handle["y"] + 5
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 30, steps=10)
    page.mouse.move(x, y, steps=10)
    page.mouse.up()
    expect(editor.titles).to_have_text(AHEAD)
    page.keyboard.press("Escape")
    expect(editor.window).to_have_count(0)


@pytest.mark.parametrize(
    "script", ["\N{CYRILLIC SMALL LETTER ZHE}", "\N{CJK UNIFIED IDEOGRAPH-6F22}", "\N{GRINNING FACE}"]
)
def test_b03_two_hundred_long_descriptions_in_any_script_are_saved(sign_in, script):
    page = sign_in(CLIENT, room("Archive digitisation", "milestones/"))
    contract = Contract.objects.get(title="Archive digitisation")
    values = [("revision", "1")]
    for line in contract.plan().lines[1:]:
        values += [("key", line.key), (f"title-{line.key}", script * 120), (f"description-{line.key}", script * 5000),
                   (f"amount-{line.key}", "77.70"), (f"due_date-{line.key}", "2031-01-31")]  # fmt: skip
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    headers = {
        "HX-Request": "true",
        "X-CSRFToken": token,
        "Content-Type": "application/x-www-form-urlencoded",
        "Referer": page.url,
    }
    answer = page.request.post(page.url, headers=headers, data=urlencode(values), timeout=30_000)
    assert answer.status == 204
    saved = contract.plan().lines
    assert len(saved) == 200
    assert {line.description for line in saved[1:]} == {script * 5000}


def test_b07_a_swipe_over_the_rows_scrolls_and_moves_none(sign_in):
    narrow = {"viewport": {"width": 375, "height": 740}, "has_touch": True, "is_mobile": True}
    page = sign_in(CLIENT, room("Website relaunch"), **narrow)
    editor = Editor.over(page)
    title = editor.titles.nth(2)
    title.scroll_into_view_if_needed()
    before, over = editor.body.evaluate("body => body.scrollTop"), box(title)
    stroke(page, over["x"] + 20, over["y"] + 8, over["y"] - 200)
    page.wait_for_function("most => document.querySelector('.window-body').scrollTop > most", arg=before + 100)
    expect(editor.titles).to_have_text(AHEAD)
