"""What is typed and uploaded into a message: attacks, limits, links, and what reads like a wish for changes."""

import uuid

import pytest

from contracts.demo.acts import send_back
from contracts.states import MilestoneStatus
from contracts.tests.browsing import HTMX, read, text, with_id
from contracts.tests.visiting import signed_in
from notifications.messages.posting import A_MINUTE
from notifications.messages.wishes import hint_for, sounds_like_changes
from notifications.models import Post
from notifications.templatetags.posts import linked
from notifications.tests.writing import at, form_of, items, room_of, send, write
from tests.factories import agreed, bring, submitted

pytestmark = pytest.mark.django_db
LINK = '<a href="{0}" dir="ltr" rel="nofollow noopener noreferrer" target="_blank">{0}</a>'


@pytest.fixture
def world():
    return agreed(1, current=MilestoneStatus.ACTIVE)


@pytest.fixture
def browser(world):
    return signed_in(world.client)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("https://example.org/a?b=1&c=2.", LINK.format("https://example.org/a?b=1&amp;c=2") + "."),
        ("(see HTTP://example.org/a_(b))", "(see " + LINK.format("HTTP://example.org/a_(b)") + ")"),
        ("https://a.org, https://b.org!", LINK.format("https://a.org") + ", " + LINK.format("https://b.org") + "!"),
        ("<https://a.org>", "&lt;" + LINK.format("https://a.org") + "&gt;"),
        ("https://a.org/\u200d@b.org", LINK.format("https://a.org/") + "\u200d@b.org"),
        ("https://a.org\"onclick='x'", LINK.format("https://a.org") + "&quot;onclick=&#x27;x&#x27;"),
        ("https://", "https://"), ("http://...", "http://..."), ("javascript:alert(1)", "javascript:alert(1)"),
        ("data:text/html,x ftp://a.org //a.org", "data:text/html,x ftp://a.org //a.org"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("<a href=x>y</a> & <b>", "&lt;a href=x&gt;y&lt;/a&gt; &amp; &lt;b&gt;"), ("", ""), ("a\nb", "a\nb"),
    ],
)  # fmt: skip
def test_addresses_become_links_and_nothing_else_comes_alive(typed, shown):
    assert linked(typed) == shown


def test_a_message_of_brackets_alone_is_shown_as_it_is():
    assert linked("https://" + ")" * 4992) == "https://" + ")" * 4992


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"), ("\u202eevil\u2066", "evil"),
        ("a\u200bb\ufeff", "ab"), ("x\x00y\ud800", "xy"), ("  spaces  ", "spaces"), ("{{ 7|add:7 }}", "{{ 7|add:7 }}"),
        ("one\u2028two", "one\ntwo"), ("e\u0301", "\u00e9"), ("👩\u200d👧", "👩\u200d👧"), ("x" * 5000, "x" * 5000),
    ],
)  # fmt: skip
def test_text_is_kept_as_it_was_typed_without_what_cannot_be_seen(world, browser, typed, kept):
    typed = typed.encode("utf-8", "ignore").decode()
    assert send(browser, world.contract, text=typed).status_code == 302
    assert Post.objects.get(event=None).text == kept
    root = room_of(world.talent, world.contract)
    assert text(root).count(" ".join(kept.split())) == 1
    assert not [script for script in root.iter("script") if not script.get("src")]


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize(
    ("typed", "says"),
    [("x" * 5001, "at most 5000 characters"), ("", "Write something"), ("\u2800\u3164", "nothing in it that can be")],
    ids=["long", "empty", "invisible"],
)
def test_what_is_refused_is_said_and_stays_typed(world, browser, typed, says, htmx):
    answer = send(browser, world.contract, htmx=htmx, text=typed)
    assert answer.status_code == 422
    assert says in text(read(answer))
    assert not Post.objects.filter(event=None).exists()
    if htmx:
        assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#message-problems", "outerHTML")
        assert "textarea" not in answer.content.decode()
    else:
        assert form_of(answer)["text"] == typed


@pytest.mark.parametrize("htmx", [False, True])
def test_too_many_are_refused_with_429_and_the_words_stay(world, browser, htmx):
    for number in range(A_MINUTE):
        write(world, world.client, f"Message {number}")
    answer = send(browser, world.contract, htmx=htmx, text="One more")
    assert answer.status_code == 429
    assert "many messages in a short time" in text(read(answer))
    if not htmx:
        assert form_of(answer)["text"] == "One more"


def test_a_key_that_was_used_is_answered_with_a_fresh_one(world, browser):
    post = write(world, world.talent, "Theirs")
    answer = send(browser, world.contract, htmx=True, text="Mine", key=post.key)
    assert answer.status_code == 409
    assert uuid.UUID(with_id(read(answer), "message-key").get("value")) != post.key
    assert send(browser, world.contract, text="Mine", key="nonsense").status_code == 422


def test_editing_keeps_what_was_typed_when_it_is_refused_and_shows_what_was_saved(world, browser):
    post = write(world, world.client, "Helo https://a.org")
    page = at(world.contract, f"{post.pk}/")
    for headers in ({}, HTMX):
        answer = browser.post(page, {"text": "x" * 5001}, headers=headers)
        assert answer.status_code == 422
        assert "x" * 5001 in answer.content.decode()
    assert browser.post(page, {"text": "Hello"})["Location"] == f"{at(world.contract)}#post-{post.pk}"
    shown = items(read(browser.post(page, {"text": "Hello <b>"}, headers=HTMX), inside="ol"))
    assert "Hello <b>" in shown[0]
    assert "edited" in shown[0]
    assert "Hello <b>" in items(read(browser.get(f"{page}?shown=1", headers=HTMX), inside="ol"))[0]
    assert signed_in(world.talent).get(page).status_code == 404
    assert browser.get(at(agreed(1, current=MilestoneStatus.ACTIVE).contract, f"{post.pk}/")).status_code == 404


@pytest.mark.parametrize(
    "words",
    [
        "Could you change the colour?", "please fix the header", "Can you redo page 2", "Use blue instead.",
        "This is not what we agreed on.", "THE LOGO IS TOO BIG", "There is a typo on page 3", "The footer is missing",
        "I don\u2019t like the green", "Some corrections below", "It's broken on my phone",
    ],
)  # fmt: skip
def test_b31_what_reads_like_a_wish_for_changes(words):
    assert sounds_like_changes(words)


@pytest.mark.parametrize(
    "words",
    [
        "", "Looks great, thank you!", "I will look at it tomorrow.", "No changes needed from my side.",
        "Perfect, I would not change anything.", "What is your exchange rate?", "The prefix is fine",
        "Without a bug, well done",        "Nothing to fix here", "Invoice received", "修改一下",
    ],
)  # fmt: skip
def test_b31_what_does_not(words):
    assert not sounds_like_changes(words)


def seen_by(user, world):
    return hint_for(type(world.contract).objects.visible_to(user).get())


def test_b31_only_the_latest_of_the_clients_since_the_submission_counts_and_only_the_client_sees_it():
    world = agreed(1, current=MilestoneStatus.ACTIVE)
    write(world, world.client, "Please change the font.")
    assert seen_by(world.client, world) is None
    bring(world.contract.milestones.get(), MilestoneStatus.SUBMITTED)
    assert seen_by(world.client, world) is None
    write(world, world.talent, "Shall I change something?")
    assert seen_by(world.client, world) is None
    write(world, world.manager, "Yes, fix the font please.")
    assert (seen_by(world.client, world).text, seen_by(world.manager, world).submission) == (
        "Yes, fix the font please.",
        1,
    )
    assert [seen_by(user, world) for user in (world.viewer, world.talent)] == [None, None]
    write(world, world.client, "Forget it, all is well.")
    assert seen_by(world.client, world) is None


def test_b31_once_changes_were_requested_the_hint_is_gone():
    world = submitted(1)
    write(world, world.client, "Please change the font.")
    send_back(world.contract.milestones.get())
    assert seen_by(world.client, world) is None
