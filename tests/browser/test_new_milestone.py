"""Add new milestone in a real browser: one after the other, what is refused, and the end at 200."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.editor import overview, room
from tests.browser.test_editor import AHEAD, BEGUN, CLIENT


@pytest.fixture
def page(sign_in) -> Page:
    return sign_in(CLIENT, room("Website relaunch"))


def test_b06_save_and_add_another_comes_back_empty_and_says_what_was_added(page, axe):
    page.get_by_role("button", name="Add new milestone").click()
    window = page.get_by_role("dialog", name="Add new milestone")
    axe(page)
    window.get_by_label("Title").fill("Press day")
    window.get_by_label("Amount").fill("250")
    window.get_by_role("button", name="Save and add another").click()
    expect(window.locator(".window-status")).to_have_text("“Press day” was added to the plan.")
    expect(window.get_by_label("Title")).to_have_value("")
    expect(window.get_by_label("Title")).to_be_focused()
    window.get_by_label("Title").fill("Thank-you letters")
    window.get_by_label("Amount").fill("60.50")
    window.get_by_role("button", name="Save", exact=True).click()
    expect(window).to_have_count(0)
    expect(overview(page)).to_have_text([*BEGUN, *AHEAD, "Press day", "Thank-you letters"])


def test_b06_what_a_new_milestone_lacks_is_said_beside_it(page, watch):
    watch.allow(422)
    page.get_by_role("button", name="Add new milestone").click()
    window = page.get_by_role("dialog", name="Add new milestone")
    window.get_by_label("Title").fill("Press day")
    window.get_by_label("Amount").fill("1e3")
    window.get_by_role("button", name="Save", exact=True).click()
    expect(window.get_by_label("Amount")).to_be_focused()
    expect(window.get_by_label("Amount")).to_have_value("1e3")
    expect(window.get_by_label("Title")).to_have_value("Press day")
    expect(window).to_contain_text("Enter an amount in dollars and cents")


def test_b03_at_200_add_new_milestone_explains_itself(sign_in):
    page = sign_in(CLIENT, room("Archive digitisation"))
    button = page.get_by_role("button", name="Add new milestone")
    expect(button).to_be_disabled()
    expect(button).to_have_accessible_description(re.compile("follow-on contract"))


@pytest.mark.parametrize("way", ["Escape", "Cancel", "Close"])
def test_what_was_typed_is_not_closed_over_unasked(page, axe, way):
    page.get_by_role("button", name="Add new milestone").click()
    window = page.get_by_role("dialog", name="Add new milestone")
    question = page.get_by_role("dialog", name="Close without saving?")
    window.get_by_label("Description").fill("Two paragraphs of careful words.")

    def close() -> None:
        if way == "Escape":
            page.keyboard.press("Escape")
        else:
            window.get_by_role("button", name=way, exact=True).click()

    close()
    expect(question).to_be_visible()
    axe(page)
    question.get_by_role("button", name="Keep editing").click()
    expect(window.get_by_label("Description")).to_have_value("Two paragraphs of careful words.")
    close()
    question.get_by_role("button", name="Discard it").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Add new milestone")).to_be_focused()


def test_an_empty_form_closes_at_once(page):
    page.get_by_role("button", name="Add new milestone").click()
    window = page.get_by_role("dialog", name="Add new milestone")
    expect(window.get_by_label("Title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(window).to_have_count(0)
