"""Manage Milestones: where focus goes, what is said and still true, what an unusual screen shows of a row."""

import pytest
from playwright.sync_api import expect

from tests.browser.editor import Editor, box, room

CLIENT = "client@cairn.test"


def test_b07_a_second_click_while_the_window_is_on_its_way_opens_no_second_one(sign_in):
    page = sign_in(CLIENT, room("Website relaunch"))
    asked: list[str] = []
    page.on("request", lambda request: request.url.endswith("/milestones/") and asked.append(request.url))
    page.get_by_role("button", name="Manage Milestones").dblclick()
    expect(Editor(page).window).to_be_visible()
    page.wait_for_timeout(500)  # a second request would follow at once
    assert len(asked) == 1


def test_b07_what_was_said_of_a_save_goes_with_the_next_edit(sign_in):
    editor = Editor.over(sign_in(CLIENT, room("Website relaunch")))
    editor.save()
    said = editor.form.get_by_text("Nothing to save")
    expect(said).to_be_focused()
    editor.delete("Photo gallery")
    expect(said).to_have_count(0)


def test_x3_restored_edits_leave_focus_in_the_window(sign_in):
    page = sign_in(CLIENT, room("Website relaunch"))
    editor = Editor.over(page)
    editor.delete("Photo gallery")
    editor.button("Cancel").click()
    editor.button("Close and keep my edits").click()
    editor = Editor.over(page)
    editor.button("Restore my edits").click()
    expect(editor.button("Undo delete Photo gallery")).to_be_visible()
    expect(page.get_by_role("heading", name="Manage Milestones")).to_be_focused()


def test_b07_the_live_total_and_the_diff_agree_on_an_amount_that_cannot_be_read(sign_in):
    editor = Editor.over(sign_in(CLIENT, room("Website relaunch")))
    editor.edit("Photo gallery", amount="lots")
    assert editor.show_changes() == [("Unfinished", "Photo gallery")]
    expect(editor.total).to_have_text("$17,350.50")
    expect(editor.page.locator("#changes .diff-totals")).to_contain_text("$17,350.50")


def test_b07_a_place_is_said_as_the_number_beside_the_row(sign_in):
    editor = Editor.over(sign_in(CLIENT, room("Website relaunch")))
    editor.delete("Photo gallery")
    editor.button("Move Launch week up").click()
    expect(editor.said).to_have_text("Launch week is now 10 of 11.")
    editor.button("Move Home page and templates up").click()
    expect(editor.said).to_have_text("Home page and templates is now 5 of 11.")


def test_b06_after_another_was_added_focus_returns_to_the_button(sign_in):
    page = sign_in(CLIENT, room("Website relaunch"))
    page.get_by_role("button", name="Add new milestone").click()
    window = page.get_by_role("dialog")
    for title, save in (("First", "Save and add another"), ("Second", "Save")):
        expect(window.get_by_label("Title")).to_have_value("")
        window.get_by_label("Title").fill(title)
        window.get_by_label("Amount").fill("5")
        window.get_by_role("button", name=save, exact=True).click()
    expect(window).to_have_count(0)
    expect(page.get_by_role("button", name="Add new milestone")).to_be_focused()


@pytest.mark.parametrize("width", [320, 375, 640, 800])
def test_b07_a_title_has_room_at_any_width(sign_in, width):
    page = sign_in(CLIENT, room("Archive digitisation"), viewport={"width": width, "height": 720})
    editor = Editor.over(page)
    last = editor.page.locator("#rows > li").last
    last.scroll_into_view_if_needed()
    assert box(last.locator(".plan-title"))["width"] > 130
    assert box(last.locator(".plan-number"))["height"] < 30
    body = editor.body.evaluate("body => [body.scrollWidth, body.clientWidth]")
    assert body[0] <= body[1]


def test_b07_the_changes_can_be_scrolled_by_keyboard_on_a_narrow_screen(sign_in, axe):
    editor = Editor.over(sign_in(CLIENT, room("Website relaunch"), viewport={"width": 375, "height": 500}))
    for title in ("Photo gallery", "Staff training", "Launch week", "Content migration", "Collections search"):
        editor.delete(title)
    editor.show_changes()
    editor.page.get_by_role("region", name="Changes so far").focus()
    editor.page.keyboard.press("End")
    editor.page.wait_for_function("document.querySelector('#editor > .window-body').scrollTop > 0")
    axe(editor.page)


def test_b07_the_tools_of_a_row_are_seen_in_forced_colours(sign_in):
    editor = Editor.over(sign_in(CLIENT, room("Website relaunch"), forced_colors="active"))
    colours = editor.button("Edit Photo gallery").evaluate(
        "button => [[button, '::before'], [document.body]].map((of) => getComputedStyle(...of).backgroundColor)"
    )
    assert colours[0] != colours[1]
    assert colours[0] != "rgba(0, 0, 0, 0)"
