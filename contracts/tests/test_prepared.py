"""A prepared query reads what the ordinary one does, for everybody; what is written straight is as `save` writes it."""

import uuid
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.db.models import QuerySet
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from contracts.models import Contract, Event, EventKind, Milestone
from contracts.operations._contract import FOR_CLOCK, FOR_USER, KEY
from contracts.states import MilestoneStatus
from contracts.views.room import OVERVIEWED, VISIBLE
from marketplace import rows
from marketplace.clock import Now
from marketplace.models import User
from marketplace.prepared import Given, Prepared
from marketplace.suspension import suspend
from tests.factories import Agreed, agreed, offered, outsider, submitted

MOMENT = {"now"}


def everybody(world: Agreed) -> list[User]:
    people = (world.client, world.manager, world.viewer, world.talent, world.member, world.idle, outsider())
    return [each for each in people if each]


def content(row: Contract | None) -> dict | None:
    """All that a row says, its parties and job too."""
    if row is None:
        return None
    said = {name: value for name, value in vars(row).items() if name not in {"_state", *MOMENT}}
    near = {name: content(each) for name, each in row._state.fields_cache.items()}
    return {**said, **near, "of": row._state.db}


def ordinary(prepared: Prepared, user: User) -> QuerySet:
    """The same without anything prepared."""
    found = Contract.objects.visible_to(user) if prepared is not FOR_CLOCK else Contract.objects.with_settlement()
    if prepared not in (VISIBLE, OVERVIEWED):
        return found.with_held().select_related("talent", "client")
    return found.with_money().select_related("client", "talent", "job")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "prepared", [FOR_USER, FOR_CLOCK, VISIBLE, OVERVIEWED], ids=["user", "clock", "room", "overview"]
)
@pytest.mark.parametrize("live", [lambda: submitted(2, agency=True), lambda: offered(2), lambda: agreed(1, paid=1)])
def test_a_prepared_query_finds_what_the_ordinary_one_does(prepared, live):
    world, other = live(), agreed(1)
    for person in everybody(world):
        for contract in (world.contract, other.contract):
            named = {"contract": contract.pk, **({} if prepared is FOR_CLOCK else {"user": person.pk})}
            found = content(prepared.first(**named))
            expected = content(ordinary(prepared, person).filter(pk=contract.pk).first())
            assert (found is None) == (expected is None)
            assert expected is None or found | expected == found


@pytest.mark.django_db
def test_it_is_read_anew_each_time():
    world = agreed(1)
    wish = {"contract": world.contract.pk, "user": world.client.pk}
    before = FOR_USER.get(**wish)
    Contract.objects.filter(pk=world.contract.pk).update(title="Another title")
    after = FOR_USER.get(**wish)
    assert (before.title, after.title) == ("Small works", "Another title")
    assert after.now > before.now
    suspend(world.client)
    assert FOR_USER.first(**wish) is None
    with pytest.raises(Contract.DoesNotExist):
        FOR_USER.get(**wish)


@pytest.mark.django_db
def test_a_value_that_is_not_named_is_an_error_and_an_odd_one_stays_a_value():
    titled = Prepared(lambda: Contract.objects.filter(title=Given("title")))
    with pytest.raises(KeyError):
        titled.all()
    assert titled.all(title="' OR true --") == []


def test_a_lock_is_one_and_needs_a_transaction(own_database):
    key = agreed(1).contract.pk
    locking = KEY.select_for_update(no_key=True)
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        assert locking.get(contract=key).pk == key
    assert any(each["sql"].endswith("FOR NO KEY UPDATE") for each in asked.captured_queries)
    with pytest.raises(TransactionManagementError):
        locking.get(contract=key)


def test_each_database_is_asked_by_itself(own_database):
    key = agreed(1).contract.pk
    of_owner = Prepared(lambda: Contract.objects.using("owner").filter(pk=Given("contract")))
    with CaptureQueriesContext(connections["owner"]) as asked:
        assert of_owner.get(contract=key)._state.db == "owner"
        assert FOR_CLOCK.get(contract=key)._state.db == "default"
    assert len([each for each in asked.captured_queries if "contracts_contract" in each["sql"]]) == 1


@pytest.mark.django_db
def test_rows_are_written_as_save_writes_them():
    world = agreed(1)
    events = [
        Event(contract=world.contract, kind=EventKind.RELEASED, by=world.client, paid=Decimal("5.00"), note=note)
        for note in ("saved", "straight", "and another")
    ]
    events[0].save()
    rows.insert(*events[1:])
    for event in events:
        assert (event._state.adding, event._state.db) == (False, "default")
        assert content(Event.objects.get(pk=event.pk)) == content_of_row(event)
    assert events[1].pk < events[2].pk


def content_of_row(event: Event) -> dict:
    return {name: value for name, value in vars(event).items() if name != "_state"} | {"of": "default"}


@pytest.mark.django_db
def test_a_row_is_changed_in_what_is_named_alone_and_has_to_be_there():
    milestone = agreed(1).contract.milestones.get(status=MilestoneStatus.FUTURE)
    milestone.title, milestone.description, milestone.review_by = "Named", "Not named", None
    rows.update(milestone, "title", "review_by")
    stored = Milestone.objects.get(pk=milestone.pk)
    assert (stored.title, stored.description, stored.review_by) == ("Named", "", None)
    milestone.pk = uuid.uuid4()
    with pytest.raises(DatabaseError, match="not there"):
        rows.update(milestone, "title")


@pytest.mark.django_db
def test_what_the_database_refuses_or_says_is_heard():
    world = agreed(1)
    event = Event(contract=world.contract, kind=EventKind.RELEASED, told_at=Now())
    rows.insert(event)
    assert event.told_at >= event.at
    again = Event(pk=event.pk, contract=world.contract, kind=EventKind.RELEASED)
    assert not rows.insert_if_free(again)
    with pytest.raises(IntegrityError):
        rows.insert(again)
