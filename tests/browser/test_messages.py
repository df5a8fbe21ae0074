"""Two browsers that talk: what one sends the other shows without a reload, and nothing that is being typed is lost."""

import pytest
from playwright.sync_api import Page, expect

from contracts.models import Contract
from notifications.models import Post, ReadMark

NORA, FENN = "client@cairn.test", "freelancer@cairn.test"


@pytest.fixture
def room(site) -> str:
    """The Messages of a contract whose work waits for a review."""
    return f"/contracts/{Contract.objects.get(title='Website relaunch').pk}/messages/"


def say(page: Page, text: str) -> None:
    page.get_by_label("Message", exact=True).fill(text)
    page.get_by_role("button", name="Send").click()


def shown(page: Page, text: str):
    return page.locator(".post-text", has_text=text)


def test_x11_two_browsers_talk_without_a_reload(sign_in, room, axe):
    client, talent = sign_in(NORA, room), sign_in(FENN, room)
    talent.get_by_label("Message", exact=True).fill("I was about to")
    talent.get_by_label("Message", exact=True).press("End")
    say(client, "Is <b>https://example.org/a</b> ready?")
    expect(shown(client, "Is <b>")).to_have_count(1)
    expect(client.get_by_label("Message", exact=True)).to_have_value("")
    expect(client.get_by_label("Message", exact=True)).to_be_editable()
    expect(shown(talent, "Is <b>")).to_have_count(1)
    expect(talent.locator("#arrived[role=status]")).to_have_text("1 new message")
    expect(talent.get_by_label("Message", exact=True)).to_be_focused()
    talent.keyboard.type(" answer")
    expect(talent.get_by_label("Message", exact=True)).to_have_value("I was about to answer")
    talent.get_by_role("button", name="Send").click()
    expect(shown(client, "I was about to answer")).to_have_count(1)
    for number in range(3):
        say(talent, f"Quick {number}")
        expect(shown(talent, f"Quick {number}")).to_have_count(1)
        expect(shown(client, f"Quick {number}")).to_have_count(1)
    texts = client.locator(".post-text").all_inner_texts()
    assert len(texts) == len(set(texts)) == Post.objects.filter(event=None, contract__title="Website relaunch").count()
    axe(client)


def test_what_is_refused_and_what_is_typed_meanwhile_stay(sign_in, room, watch):
    watch.allow(422)
    page = sign_in(NORA, room)
    say(page, "x" * 5001)
    expect(page.locator("#message-problems")).to_contain_text("at most 5000 characters")
    expect(page.get_by_label("Message", exact=True)).to_have_value("x" * 5001)
    page.route("**/messages/", lambda route: (page.wait_for_timeout(700), route.continue_()))
    say(page, "First")
    page.get_by_label("Message", exact=True).press_sequentially(" and the next")
    expect(shown(page, "First")).to_have_count(1)
    expect(page.get_by_label("Message", exact=True)).to_have_value("and the next")
    expect(page.locator("#message-problems")).to_be_empty()


def test_a_message_is_put_right_and_the_other_side_sees_it(sign_in, room):
    client, talent = sign_in(NORA, room), sign_in(FENN, room)
    say(client, "Helo")
    expect(shown(talent, "Helo")).to_have_count(1)
    client.get_by_role("link", name="Edit your message").click()
    field = client.get_by_label("Your message")
    expect(field).to_be_focused()
    field.fill("Hello again")
    client.get_by_role("button", name="Save").click()
    expect(shown(client, "Hello again")).to_have_count(1)
    expect(shown(talent, "Hello again")).to_have_count(1)
    expect(shown(talent, "Helo")).to_have_count(0)


def test_unread_messages_are_counted_and_read_when_seen(sign_in, room):
    client, talent = sign_in(NORA, room), sign_in(FENN, "/jobs/")
    say(client, "Are you there?")
    expect(talent.locator("#messages-count")).to_contain_text("1")
    talent.get_by_role("link", name="Messages").click()
    expect(talent.locator(".inbox-row.is-unread")).to_contain_text("Are you there?")
    talent.get_by_role("link", name="Website relaunch").click()
    expect(shown(talent, "Are you there?")).to_be_in_viewport()
    expect(talent.locator("#messages-count")).to_be_empty()
    assert not ReadMark.objects.filter(unread__gt=0, user__email=FENN).exists()


def test_b31_a_wish_for_changes_offers_the_button_with_the_words(sign_in, room):
    page = sign_in(NORA, room, viewport={"width": 375, "height": 812})
    say(page, "Please change the caption.")
    page.get_by_role("button", name="Request changes").click()
    expect(page.get_by_label("What is to be changed?")).to_have_value("Please change the caption.")


def test_without_scripts_one_writes_and_edits_as_well(sign_in, room):
    page = sign_in(NORA, room, java_script_enabled=False)
    say(page, "No scripts here")
    expect(shown(page, "No scripts here")).to_have_count(1)
    page.get_by_role("link", name="Edit your message").click()
    page.get_by_label("Your message").fill("None at all")
    page.get_by_role("button", name="Save").click()
    expect(shown(page, "None at all")).to_have_count(1)
