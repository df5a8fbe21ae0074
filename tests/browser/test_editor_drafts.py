"""Edits that were not saved (X3): a closed tab, an expired sign-in or a lost connection loses nothing."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from tests.browser.doors import sign_in_by_hand
from tests.browser.editor import Editor, overview, room
from tests.browser.test_editor import AHEAD, BEGUN, CLIENT


@pytest.fixture
def editor(sign_in) -> Editor:
    return Editor.over(sign_in(CLIENT, room("Website relaunch")))


@pytest.fixture
def edited(editor) -> Editor:
    """One row moved, one edited, one deleted, one added."""
    editor.drag("Photo gallery", to="Home page and templates")
    editor.delete("Staff training")
    editor.edit("Collections search", amount="3,000", description="With pictures")
    editor.add("Press day", amount="250")
    return editor


KEPT = ["Photo gallery", *AHEAD[:4], "Content migration", "Staff training", "Launch week", "Press day"]
SAVED = [title for title in KEPT if title != "Staff training"]


def reopened(page: Page) -> Editor:
    """The editor in a new tab of the same browser, after the old one is gone."""
    page.close()
    fresh = page.context.new_page()
    fresh.goto(room("Website relaunch"))
    return Editor.over(fresh)


def restore(editor: Editor) -> None:
    expect(editor.form).to_contain_text("You have edits from")
    editor.button("Restore my edits").click()
    expect(editor.titles).to_have_text(KEPT)


def test_x3_edits_of_a_closed_tab_are_offered_again(edited):
    editor = reopened(edited.page)
    expect(editor.button("Restore my edits")).to_be_focused()
    restore(editor)
    row = editor.row("Collections search")
    expect(row.get_by_label("Amount")).to_have_value("3000.00")
    expect(row.get_by_label("Description")).to_have_value("With pictures")
    expect(editor.button("Undo delete Staff training")).to_be_visible()
    editor.save_and_close()
    expect(overview(editor.page)).to_have_text(BEGUN + SAVED)


def test_x3_edits_are_gone_after_save(edited):
    edited.save_and_close()
    editor = reopened(edited.page)
    expect(editor.form.locator("#draft")).to_be_hidden()


def test_x3_edits_can_be_discarded(edited):
    editor = reopened(edited.page)
    editor.button("Discard them").click()
    expect(editor.titles).to_have_text(AHEAD)
    expect(editor.form.locator("#draft")).to_be_hidden()
    editor = reopened(editor.page)
    expect(editor.form.locator("#draft")).to_be_hidden()


def test_x3_half_typed_edits_come_back_as_they_were(editor):
    editor.edit("Collections search", amount="three thous")
    editor = reopened(editor.page)
    editor.button("Restore my edits").click()
    expect(editor.row("Collections search").get_by_label("Amount")).to_have_value("three thous")


def test_x3_an_expired_sign_in_during_save_keeps_the_edits(edited, watch):
    watch.allow(401)
    page = edited.page
    Session.objects.all().delete()
    edited.save()
    page.wait_for_url("**/accounts/login/**")
    sign_in_by_hand(page, CLIENT)
    page.wait_for_url(f"**{room('Website relaunch')}")
    editor = Editor.over(page)
    restore(editor)
    editor.save_and_close()
    expect(overview(page)).to_have_text(BEGUN + SAVED)


def test_x3_edits_are_put_on_top_of_what_was_saved_meanwhile(edited, sign_in):
    other = Editor.over(sign_in(CLIENT, room("Website relaunch")))
    other.edit("Launch week", amount="950")
    other.save_and_close()
    editor = reopened(edited.page)
    editor.button("Restore my edits").click()
    expect(editor.form.locator("#conflict")).to_contain_text("You saved this plan in another window")
    expect(editor.titles).to_have_text(KEPT)
    editor.save_and_close()
    expect(overview(editor.page)).to_have_text(BEGUN + SAVED)


def test_x3_another_person_at_the_same_browser_is_not_offered_the_edits(edited, site, colleague):
    page = edited.page
    Session.objects.all().delete()
    page.goto("/accounts/login/")
    sign_in_by_hand(page, colleague)
    page.wait_for_url("**/jobs/")
    page.goto(room("Website relaunch"))
    editor = Editor.over(page)
    expect(editor.titles).to_have_text(AHEAD)
    expect(editor.form.locator("#draft")).to_be_hidden()


def test_x3_a_lost_connection_is_said_and_the_edits_stay(edited, watch):
    watch.offline = True
    edited.page.context.set_offline(True)
    edited.save()
    expect(edited.window.get_by_role("status").first).to_contain_text("Cairn could not be reached.")
    edited.page.context.set_offline(False)
    edited.save_and_close()
    expect(overview(edited.page)).to_have_text(BEGUN + SAVED)


def test_b07_closing_with_unsaved_edits_asks_first(edited, axe):
    page = edited.page
    leave = page.get_by_role("dialog", name="Close without saving?")
    for way in (lambda: page.keyboard.press("Escape"), edited.button("Cancel").click, edited.button("Close").click):
        way()
        expect(leave).to_be_visible()
        leave.get_by_role("button", name="Keep editing").click()
        expect(leave).to_be_hidden()
        expect(edited.titles).to_have_text(KEPT)
    edited.button("Close").click()
    axe(page)
    leave.get_by_role("button", name="Close and keep my edits").click()
    expect(edited.window).to_have_count(0)
    editor = Editor.over(page)
    restore(editor)
    editor.button("Close").click()
    leave.get_by_role("button", name="Discard my edits").click()
    expect(editor.window).to_have_count(0)
    expect(Editor.over(page).form.locator("#draft")).to_be_hidden()


def test_b07_an_untouched_window_closes_at_once(editor):
    editor.page.keyboard.press("Escape")
    expect(editor.window).to_have_count(0)
    expect(editor.page.get_by_role("button", name="Manage Milestones")).to_be_focused()
