"""The Messages tab: what stands on it for whom, posting, what is new, earlier posts, and editing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contracts.models import EventKind
from contracts.operations.feedback import give_feedback
from contracts.states import MilestoneStatus
from contracts.tests.browsing import HTMX, read, text, with_class, with_id
from contracts.tests.editing import add, save
from contracts.tests.visiting import signed_in
from marketplace import clock
from marketplace.models import User
from notifications.messages.conversation import PAGE_SIZE
from notifications.models import Audience, Post, ReadMark
from notifications.telling import tell
from notifications.tests.writing import at, form_of, items, room_of, send, write
from tests.factories import agreed, ended, line, outsider, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return agreed(2, agency=True, current=MilestoneStatus.ACTIVE)


def told(world, kind: str | None = None) -> list[Post]:
    """The posts that tell of what happened on the contract, or of one kind of it."""
    events = world.contract.events.filter(told_at=None).order_by("pk")
    return [post for event in events if kind in (None, event.kind) and (post := tell(event.pk))]


def on_page(user, world) -> list[str]:
    return items(room_of(user, world.contract))


def test_what_people_wrote_stands_in_its_order_the_newest_last(world):
    for number, user in enumerate((world.client, world.talent, world.member)):
        write(world, user, f"Message {number}")
    shown = on_page(world.viewer, world)
    assert [name in post for name, post in zip("012", shown, strict=True)] == [True] * 3
    assert world.member.name in shown[2]


def test_outsiders_and_members_without_the_contract_get_404_everywhere(world):
    post = write(world, world.client)
    for user in (outsider(), world.idle):
        browser = signed_in(user)
        for page in ("", "new/", f"{post.pk}/", f"files/{post.key}/"):
            assert browser.get(at(world.contract, page)).status_code == 404
        assert browser.post(at(world.contract), {"text": "x", "key": post.key}).status_code == 404
    assert signed_in(world.client).get(at(agreed(1).contract)).status_code == 404


def test_a_viewer_reads_and_gets_no_form_and_no_permission(world):
    post = write(world, world.client, "Read me")
    root = room_of(world.viewer, world.contract)
    assert "Read me" in items(root)[0]
    assert not [form for form in root.iter("form") if form.get("id") == "message-form"]
    answer = signed_in(world.viewer).post(at(world.contract), {"text": "x", "key": "0" * 32})
    assert answer.status_code == 403
    assert signed_in(world.viewer).get(at(world.contract, f"{post.pk}/")).status_code == 403


def test_posting_without_scripts_leads_back_to_the_form(world):
    browser = signed_in(world.talent)
    answer = send(browser, world.contract, text="Line one\r\nLine two")
    assert (answer.status_code, answer["Location"]) == (302, f"{at(world.contract)}#message-form")
    assert Post.objects.get(event=None).text == "Line one\nLine two"
    assert form_of(browser.get(at(world.contract)))["text"] == ""


def test_posting_with_htmx_answers_what_is_new_and_a_fresh_key(world):
    browser = signed_in(world.talent)
    before = form_of(browser.get(at(world.contract)))
    write(world, world.client, "Meanwhile")
    answer = browser.post(at(world.contract), before | {"text": "Mine"}, headers=HTMX)
    root = read(answer, inside="ol")
    assert [post.partition(" ")[0] != "" for post in items(root)] == [True, True]
    assert "Meanwhile" in items(root)[0]
    assert "Mine" in items(root)[1]
    assert with_id(root, "message-key").get("value") != before["key"]
    after = [each for each in with_id(root, "newest").iter("input") if each.get("name") == "after"]
    assert after[0].get("value") == str(Post.objects.latest("pk").pk)


def test_an_open_page_gets_what_came_after_its_last_post_and_nothing_twice(world):
    first = write(world, world.client, "First")
    browser = signed_in(world.talent)
    url = f"{at(world.contract, 'new/')}?after={first.pk}&since={timezone.now().timestamp() * 1_000_000:.0f}"
    assert browser.get(url, headers=HTMX).status_code == 204
    write(world, world.client, "Second")
    root = read(browser.get(url, headers=HTMX), inside="ol")
    assert [("First" in post, "Second" in post) for post in items(root)] == [(False, True)]
    (said,) = [at for at in root.iter() if at.get("hx-swap-oob") == "innerHTML:#arrived"]
    assert text(said) == "1 new message"
    assert with_id(read(browser.get(at(world.contract))), "arrived").get("role") == "status", "It stays, and is spoken."


def test_an_open_page_gets_what_the_other_side_put_right(world):
    post = write(world, world.client, "Helo")
    browser = signed_in(world.talent)
    since = dict(form_of(browser.get(at(world.contract))))["since"]
    signed_in(world.client).post(at(world.contract, f"{post.pk}/"), {"text": "Hello"})
    answer = browser.get(f"{at(world.contract, 'new/')}?after={post.pk}&since={since}", headers=HTMX)
    root = read(answer, inside="ol")
    (item,) = with_class(root, "post")
    assert (item.get("hx-swap-oob"), "Hello" in text(item), "edited" in text(item)) == ("true", True, True)


def test_b11_what_happened_stands_between_with_its_diff_and_a_link(world):
    add(world.contract, line("Third step", "75.00"), by=world.client)
    write(world, world.client, "I added one.")
    told(world, EventKind.MILESTONE_ADDED)
    shown = on_page(world.talent, world)
    assert "I added one." in shown[0]
    assert f"{world.client.name} added the milestone Third step." in shown[1]
    assert "Added Third step" in shown[1]
    assert "$75.00" in shown[1]


def test_b11_a_long_diff_is_folded(world):
    plan = world.contract.plan()
    save(world.contract, type(plan)((*plan.lines, *(line(f"Extra {number}") for number in range(9)))), by=world.client)
    told(world, EventKind.PLAN_SAVED)
    (details,) = with_class(room_of(world.talent, world.contract), "post-changes")
    assert details.get("open") is None
    assert "9 added" in text(details)


def test_what_concerns_one_side_is_never_shown_to_the_other(world):
    for audience in (Audience.CLIENT, Audience.TALENT):
        event = world.contract.events.order_by("pk")[0 if audience == Audience.CLIENT else 1]
        Post.objects.create(contract=world.contract, event=event, audience=audience)
    assert [len(on_page(user, world)) for user in (world.client, world.viewer, world.talent, world.member)] == [1] * 4
    assert on_page(world.client, world) != on_page(world.talent, world)


def test_b43_that_the_other_side_gave_feedback_stays_hidden():
    world = ended(2)
    give_feedback(contract=world.contract, by=world.client, rating=5, text="Good.")
    told(world)
    assert any("gave feedback" in post for post in on_page(world.client, world))
    assert not any("gave feedback" in post for post in on_page(world.talent, world))


def test_the_days_are_those_of_the_reader(world):
    User.objects.filter(pk=world.talent.pk).update(time_zone="Pacific/Kiritimati")
    write(world, world.client, "Today")
    clock.advance(timedelta(days=1))
    write(world, world.client, "Tomorrow")
    days = items(room_of(world.talent, world.contract), "posts-day")
    zone = timezone.zoneinfo.ZoneInfo("Pacific/Kiritimati") if hasattr(timezone, "zoneinfo") else None
    first = Post.objects.filter(event=None).order_by("pk")[0].at
    assert len(days) == 2
    if zone:
        assert days[0] == first.astimezone(zone).strftime("%-d %b %Y")


def test_a_line_says_where_the_new_ones_begin_and_seen_is_read(world):
    write(world, world.client, "Old")
    on_page(world.talent, world)
    write(world, world.talent, "My own")
    write(world, world.client, "New")
    assert ReadMark.objects.get(user=world.talent).unread == 1
    root = room_of(world.talent, world.contract)
    order = [
        each.get("id") or each.get("class") for each in root.iter("li") if each.get("class", "").startswith("post")
    ]
    posts = list(Post.objects.filter(event=None).order_by("pk"))
    assert order[-2:] == ["new-since", f"post-{posts[2].pk}"]
    assert ReadMark.objects.get(user=world.talent).unread == 0
    assert not with_class(room_of(world.talent, world.contract), "posts-new")


def test_asking_for_the_head_of_the_page_reads_nothing(world):
    write(world, world.client)
    signed_in(world.talent).head(at(world.contract))
    assert ReadMark.objects.get(user=world.talent).unread == 1


def test_earlier_posts_come_a_page_at_a_time_each_once(world):
    posts = [Post(contract=world.contract, by=world.client, text=f"No. {number}.") for number in range(70)]
    Post.objects.bulk_create(posts)
    browser = signed_in(world.talent)
    root = read(browser.get(at(world.contract)))
    shown = items(root)
    while more := [each for each in root.iter("a") if each.get("id") == "show-earlier"]:
        root = read(browser.get(more[0].get("href"), headers=HTMX), inside="ol")
        assert len(items(root)) <= PAGE_SIZE
        shown = items(root) + shown
    assert [f"No. {number}." in post for number, post in enumerate(shown)] == [True] * 70


@pytest.mark.parametrize(
    "query", ["before=x", "before=-1", f"before={'9' * 18}", f"before={'9' * 40}", "before=1&seen=x"]
)
def test_whatever_an_address_says_there_is_a_page(world, query):
    write(world, world.client)
    assert signed_in(world.talent).get(f"{at(world.contract)}?{query}").status_code == 200
    assert signed_in(world.talent).get(f"{at(world.contract, 'new/')}?after=x&since={'9' * 18}").status_code == 200


def test_the_page_takes_as_many_queries_for_one_post_as_for_fifty(world, django_assert_num_queries):
    browser = signed_in(world.talent)
    told(world)
    write(world, world.client)
    browser.get(at(world.contract))
    with django_assert_num_queries(9):  # session, user, parties, contract, mark, posts, files, revisions: two
        browser.get(at(world.contract))
    for number in range(12):
        add(world.contract, line(f"Extra {number}"), by=world.client)
    told(world)
    Post.objects.bulk_create(Post(contract=world.contract, by=world.client, text="x") for _each in range(10))
    browser.get(at(world.contract))
    with django_assert_num_queries(9):
        browser.get(at(world.contract))


def test_b31_the_hint_stands_above_the_form_and_leads_to_the_button_with_the_words():
    world = submitted(1)
    answer = send(signed_in(world.client), world.contract, htmx=True, text="Could you change the colour?")
    root = read(answer, inside="ol")
    assert "The review clock is still running. Request changes?" in text(with_id(root, "message-hint"))
    browser = signed_in(world.client)
    (form,) = [
        each
        for each in read(browser.get(at(world.contract))).iter("form")
        if "changes-request" in each.get("action", "")
    ]
    fields = {each.get("name"): each.get("value") or (each.text or "") for each in form.iter() if each.get("name")}
    begun = browser.post(form.get("action"), fields)
    assert begun.status_code == 200
    assert "Could you change the colour?" in text(read(begun))
    assert world.contract.milestones.get().status == MilestoneStatus.SUBMITTED
    assert not with_class(with_id(room_of(world.talent, world.contract), "message-hint"), "notice")
