"""Who is told of what: every kind of event, by every side that can do it, to exactly whom (the roles table)."""

import pytest

from contracts.models import ChangeRequest, Event, EventKind
from contracts.states import RequestStatus
from marketplace import clock
from notifications.kinds import TELLING, Who
from notifications.models import Audience, Channel, Delivery, Post, Topic
from notifications.telling import tell
from tests.factories import Agreed, UserFactory, agreed, joined, outsider

pytestmark = pytest.mark.django_db

CLIENT, TALENT, MEMBER = {"client", "manager"}, {"talent", "colleague", "member"}, {"member"}
BY_CLIENT, BY_TALENT, BY_CLOCK = "client", "talent", ""


@pytest.fixture
def world() -> Agreed:
    return agreed(2, agency=True)


def people(world: Agreed) -> dict[int, str]:
    """The names by which the tests call everybody, with a second manager of the agency and an outsider."""
    colleague = joined(world.contract.talent, "manager")
    named = {name: getattr(world, name) for name in ("client", "manager", "viewer", "talent", "member", "idle")}
    return {user.pk: name for name, user in {**named, "colleague": colleague, "outsider": outsider()}.items()}


def told(world: Agreed, kind: EventKind, by: str, **about) -> tuple[set[str], Post]:
    """Who hears of such an event, by each channel alike."""
    names = people(world)
    actor = getattr(world, by) if by else None
    event = Event.objects.create(contract=world.contract, kind=kind, by=actor, **about)
    post = tell(event.pk)
    assert post
    channels = {channel: set() for channel in Channel}
    for row in Delivery.objects.filter(post=post):
        channels[row.channel].add(names[row.recipient_id])
    assert channels[Channel.BELL] == channels[Channel.EMAIL]
    return channels[Channel.BELL], post


OTHERS = sorted(kind for kind, telling in TELLING.items() if telling.who is Who.OTHER)
ALL = sorted(kind for kind, telling in TELLING.items() if telling.who is Who.BOTH)


def test_every_kind_of_event_says_whom_it_concerns():
    assert set(TELLING) == set(EventKind)


@pytest.mark.parametrize("kind", OTHERS)
def test_what_the_client_does_is_told_to_the_talents_managers_and_its_member_on_the_contract(world, kind):
    heard, post = told(world, EventKind(kind), BY_CLIENT)
    assert (heard, post.audience) == (TALENT, Audience.BOTH)


@pytest.mark.parametrize("kind", OTHERS)
def test_what_the_talent_does_is_told_to_the_clients_owner_and_managers(world, kind):
    assert told(world, EventKind(kind), BY_TALENT)[0] == CLIENT


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("by", [BY_CLIENT, BY_TALENT, BY_CLOCK])
def test_what_concerns_both_is_told_to_all_but_whoever_did_it(world, kind, by):
    assert told(world, EventKind(kind), by)[0] == (CLIENT | TALENT) - {by}


def test_b44_what_staff_decide_is_told_to_both_sides(world):
    names, staff = people(world), UserFactory.create(is_staff=True)
    event = Event.objects.create(contract=world.contract, kind=EventKind.DISPUTE_DECIDED, by=staff, note="Half.")
    post = tell(event.pk)
    assert {names[each] for each in post.deliveries.values_list("recipient", flat=True)} == CLIENT | TALENT
    assert post.audience == Audience.BOTH


def test_b31_a_release_by_the_clock_is_told_to_both(world):
    assert told(world, EventKind.RELEASED, BY_CLOCK)[0] == CLIENT | TALENT


def test_an_accepted_offer_is_told_to_the_member_who_will_work_on_it(world):
    assert told(world, EventKind.OFFER_ACCEPTED, BY_TALENT)[0] == CLIENT | MEMBER


def test_a_failed_funding_is_told_to_the_clients_side_alone_and_to_whoever_paid(world):
    heard, post = told(world, EventKind.FUNDING_FAILED, BY_CLIENT)
    assert (heard, post.audience) == (CLIENT, Audience.CLIENT)


def test_b32_a_reminder_of_a_review_goes_to_the_client(world):
    heard, post = told(world, EventKind.REVIEW_REMINDER, BY_CLOCK)
    assert (heard, post.audience) == (CLIENT, Audience.CLIENT)


@pytest.mark.parametrize(("from_client", "expected"), [(False, CLIENT), (True, TALENT)])
def test_b9_a_reminder_of_a_request_goes_to_the_side_that_has_to_answer(world, from_client, expected):
    request = asked(world, from_client=from_client)
    heard, post = told(world, EventKind.REQUEST_REMINDER, BY_CLOCK, request=request)
    assert (heard, post.audience) == (expected, Audience.CLIENT if expected == CLIENT else Audience.TALENT)


@pytest.mark.parametrize("by", [BY_CLIENT, BY_TALENT])
def test_b43_that_feedback_was_given_is_told_to_nobody_and_stands_on_its_own_side(world, by):
    heard, post = told(world, EventKind.FEEDBACK_GIVEN, by)
    assert (heard, post.audience) == (set(), Audience(by))


def test_who_works_on_a_contract_is_told_to_those_who_do(world):
    heard, post = told(world, EventKind.MEMBERS_ASSIGNED, BY_TALENT)
    assert (heard, post.audience) == (MEMBER, Audience.TALENT)


def test_nobody_who_is_suspended_is_told(world):
    world.manager.is_active = False
    world.manager.save()
    assert told(world, EventKind.WORK_SUBMITTED, BY_TALENT)[0] == {"client"}


def test_who_has_left_the_party_is_not_told_and_was_still_on_its_side(world):
    world.contract.talent.memberships.filter(user=world.talent).delete()
    assert told(world, EventKind.WORK_SUBMITTED, BY_TALENT)[0] == CLIENT | {"colleague", "member"}


def test_b40_of_an_offer_that_was_never_sent_its_talent_hears_nothing(world):
    world.contract.__class__.objects.filter(pk=world.contract.pk).update(
        sent_at=None, started_at=None, answer_by=None, expires_at=None, status="withdrawn"
    )
    assert told(world, EventKind.OFFER_WITHDRAWN, BY_CLIENT)[0] == set()


def test_the_talents_member_who_is_not_on_the_contract_hears_nothing(world):
    world.contract.members.all().delete()
    assert told(world, EventKind.PLAN_SAVED, BY_CLIENT)[0] == {"talent", "colleague"}


def test_what_can_be_put_off_are_reminders_and_feedback():
    optional = {kind: telling.topic for kind, telling in TELLING.items() if telling.topic}
    assert optional == {
        EventKind.REVIEW_REMINDER: Topic.REMINDERS, EventKind.REQUEST_REMINDER: Topic.REMINDERS,
        EventKind.FEEDBACK_REVEALED: Topic.FEEDBACK,
    }  # fmt: skip


def asked(world: Agreed, *, from_client: bool) -> ChangeRequest:
    base = world.contract.revisions.latest("number")
    first = ChangeRequest.objects.create(
        contract=world.contract, base=base, lines=[], by=world.talent, status=RequestStatus.COUNTERED,
        closed_by=world.client, closed_at=clock.now(),
    )  # fmt: skip
    return ChangeRequest.objects.create(
        contract=world.contract, base=base, lines=[], by=world.talent, from_client=from_client, replaces=first
    )
