"""The bell: what somebody was told, how much of it is unread, and that each reads only their own."""

import pytest
from django.http import HttpResponse

from contracts.models import Contract, Event, EventKind
from contracts.operations.plan import add_milestone
from contracts.tests.pages import parsed, words
from contracts.tests.test_jobs import signed_in
from marketplace import clock
from marketplace.models import Membership
from notifications.bell import PAGE_SIZE, notices_page, unread
from notifications.models import Channel, Delivery, Post
from notifications.telling import tell, tell_post
from tests.factories import Agreed, agreed, line, outsider, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(pass_on) -> Agreed:
    world = submitted(1)
    pass_on()
    Delivery.objects.filter(channel=Channel.BELL).exclude(post__event__kind=EventKind.WORK_SUBMITTED).delete()
    return world


def seen(response: HttpResponse) -> str:
    """What can be read on it."""
    return words(response.content.decode())


def post_of(world: Agreed) -> Post:
    return Post.objects.get(contract=world.contract, event__kind=EventKind.WORK_SUBMITTED)


def happen(world: Agreed, times: int) -> None:
    for _time in range(times):
        tell(Event.objects.create(contract=world.contract, kind=EventKind.BONUS_PAID, by=world.talent).pk)


def test_the_header_counts_what_is_unread(world):
    client = signed_in(world.client)
    assert seen(client.get("/notifications/ringing/")).startswith("1 unread")
    happen(world, 3)
    assert seen(client.get("/notifications/ringing/")).startswith("4 unread")
    assert unread(world.talent) == 0


def test_what_nobody_can_open_any_more_is_not_counted(world):
    Membership.objects.filter(user=world.client).delete()
    assert notices_page(world.client).notices == ()
    assert unread(world.client) == 0


def test_the_count_stops_at_99(world):
    happen(world, 1)
    post = Post.objects.latest("pk")
    row = Delivery.objects.get(post=post, recipient=world.client, channel=Channel.BELL)
    assert unread(world.client) == 2
    posts = Post.objects.bulk_create(
        Post(contract=world.contract, by=world.talent, text="Hello") for _each in range(120)
    )
    Delivery.objects.bulk_create(
        Delivery(post=each, recipient=world.client, channel=Channel.BELL, status="sent", sent_at=row.sent_at, mail=None)
        for each in posts
    )
    assert seen(signed_in(world.client).get("/notifications/ringing/")).startswith("99+ unread")


def test_the_page_lists_it_and_opening_one_marks_it_as_read(world):
    client, post = signed_in(world.client), post_of(world)
    page = client.get("/notifications/")
    assert f"{world.talent.name} submitted work for Step 1" in seen(page)
    parsed(page)
    answer = client.get(f"/notifications/{post.pk}/")
    milestone = world.contract.milestones.get(position=1)
    assert answer["Location"] == f"/contracts/{world.contract.pk}/milestones/{milestone.pk}/review/"
    assert unread(world.client) == 0
    assert unread(world.manager) == 1, "Each reads for themselves."


def test_all_that_was_shown_can_be_marked_as_read_at_once(world):
    client = signed_in(world.client)
    upto = notices_page(world.client).notices[0].delivery.pk
    happen(world, 1)
    assert client.post("/notifications/reading/", {"upto": upto}).status_code == 302
    assert unread(world.client) == 1, "What came meanwhile was not shown."
    assert client.post("/notifications/reading/", {"upto": "x"}).status_code == 302
    assert client.get("/notifications/reading/").status_code == 405


def asks(world: Agreed, path: str) -> HttpResponse:
    """What the header of a page of the contract asks."""
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{path}"}
    return signed_in(world.client).get(f"/notifications/ringing/?bell=&contract={world.contract.pk}", headers=headers)


def test_whoever_is_on_the_page_that_an_entry_leads_to_has_read_it(world):
    happen(world, 1)
    milestone = world.contract.milestones.get(position=1)
    room = f"/contracts/{world.contract.pk}/"
    for elsewhere in (room, f"{room}activity/", f"{room}messages/", "/jobs/", ""):
        assert seen(asks(world, elsewhere)).startswith("2 unread"), elsewhere
    assert seen(asks(world, f"{room}milestones/{milestone.pk}/review/")).startswith("1 unread")
    assert [each.delivery.post for each in notices_page(world.client).notices if each.delivery.read_at] == [
        post_of(world)
    ]
    assert unread(world.manager) == 2, "Each reads for themselves."


@pytest.mark.parametrize("forged", ["http://[::1", "https://elsewhere.test/", "javascript:alert(1)"])
def test_a_forged_address_of_the_page_reads_nothing(world, forged):
    headers, query = {"HX-Request": "true", "HX-Current-URL": forged}, f"?contract={world.contract.pk}"
    answer = signed_in(world.client).get(f"/notifications/ringing/{query}", headers=headers)
    assert (answer.status_code, unread(world.client)) == (200, 1)


def test_what_others_were_told_is_404(world):
    path = f"/notifications/{post_of(world).pk}/"
    for user in (world.talent, world.viewer, outsider()):
        assert signed_in(user).get(path).status_code == 404
    assert signed_in(world.client).get("/notifications/999999/").status_code == 404


def test_of_a_contract_that_somebody_left_nothing_is_shown(world):
    world.contract.client.memberships.filter(user=world.client).delete()
    client = signed_in(world.client)
    assert "Nothing yet" in seen(client.get("/notifications/"))
    assert client.get(f"/notifications/{post_of(world).pk}/").status_code == 404


def test_a_message_leads_to_messages(world):
    post = Post.objects.create(contract=world.contract, by=world.talent, text="Hello")
    tell_post(post, world.talent)
    client = signed_in(world.client)
    assert f"{world.talent.name} wrote a message" in seen(client.get("/notifications/"))
    assert client.get(f"/notifications/{post.pk}/")["Location"] == f"/contracts/{world.contract.pk}/messages/"


def test_a_page_costs_the_same_with_one_notice_and_with_many(world, django_assert_num_queries):
    queries = 2
    with django_assert_num_queries(queries):
        assert len(notices_page(world.client).notices) == 1
    happen(world, PAGE_SIZE)
    with django_assert_num_queries(queries):
        page = notices_page(world.client)
    assert len(page.notices) == PAGE_SIZE
    older = notices_page(world.client, page.after)
    assert [notice.delivery.post for notice in older.notices] == [post_of(world)]


def test_a_notice_of_an_offer_asks_for_its_version_with_all_the_others(pass_on, django_assert_num_queries):
    world = agreed(1)
    pass_on()
    assert Delivery.objects.filter(recipient=world.talent, post__event__kind=EventKind.OFFER_SENT).exists()
    with django_assert_num_queries(3):  # what was told, the contracts, the plans
        assert notices_page(world.talent).notices


def test_a_saved_plan_is_named_by_what_changed(pass_on):
    world = agreed(1)
    pass_on()
    contract = Contract.objects.get(pk=world.contract.pk)
    add_milestone(contract=contract, by=world.client, line=line("Prints", "75.00"), today=clock.now().date())
    pass_on()
    text = seen(signed_in(world.talent).get("/notifications/"))
    assert f"{world.client.name} added “Prints” at $75.00" in text
