"""A follow-on contract: a new offer to the same talent, with the unpaid plan copied (B3, B42)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from contracts.models import Contract, Milestone
from contracts.reading.offers import unpaid_lines
from contracts.states import MilestoneStatus
from contracts.tests.browsing import read, text, with_class
from contracts.tests.offering import form_in, put, send
from contracts.tests.visiting import at, followed, said, signed_in
from marketplace import clock
from tests.books import books_hold
from tests.factories import Agreed, agreed, ended, offered, outsider

S = MilestoneStatus
pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Agreed:
    """Ended: one milestone was paid, two never were."""
    return ended(3, paid=1)


def follow(user, contract: Contract, **typed: str):
    return follow_in(signed_in(user), contract, **typed)


def follow_in(browser, contract: Contract, **typed: str):
    return send(browser, at(contract, "follow-on/"), put(form_in(browser.get(at(contract, "follow-on/"))), **typed))


def test_b42_what_was_not_paid_is_copied_with_new_keys(world):
    answer = signed_in(world.client).get(at(world.contract, "follow-on/"))
    assert [text(title) for title in with_class(read(answer), "plan-title")] == ["Step 2", "Step 3"]
    stands = form_in(answer)
    assert dict(stands)["title"] == "Small works"
    assert dict(stands)["job"] == str(world.contract.job_id)
    keys = {value for name, value in stands if name == "key"}
    assert not keys & {str(key) for key in world.contract.plan().keys}
    page = said(answer)
    assert "A contract that has ended is not opened again" in page
    assert "You are charged now $105.95" in page


def test_b42_the_follow_on_is_an_offer_to_the_same_talent_and_the_old_one_stays_as_it_is(world):
    before = list(world.contract.milestones.values_list("pk", "status"))
    browser = signed_in(world.client)
    page = followed(browser, follow_in(browser, world.contract, title="More works"))
    assert "$105.95 was charged" in page
    new = Contract.objects.exclude(pk=world.contract.pk).get()
    assert (new.follows, new.talent, new.job) == (world.contract, world.contract.talent, world.contract.job)
    assert [(each.title, each.amount) for each in new.plan()] == [("Step 2", Decimal(101)), ("Step 3", Decimal(102))]
    assert list(world.contract.milestones.values_list("pk", "status")) == before
    books_hold()


def test_b03_an_active_contract_can_be_followed_too_and_stays_active():
    world = agreed(3, paid=1, current=S.ACTIVE)
    answer = signed_in(world.client).get(at(world.contract, "follow-on/"))
    assert [text(title) for title in with_class(read(answer), "plan-title")] == ["Step 3"]
    assert "The contract so far stays open" in said(answer)
    assert follow(world.client, world.contract).status_code == 302
    world.contract.refresh_from_db()
    assert world.contract.status == "active"
    assert Contract.objects.filter(talent=world.contract.talent).count() == 2
    books_hold()


def test_b42_a_due_date_that_has_passed_is_not_copied(world):
    today = clock.now().date()
    Milestone.objects.filter(title="Step 2").update(due_date=today - timedelta(days=1))
    Milestone.objects.filter(title="Step 3").update(due_date=today)
    assert [each.due_date for each in unpaid_lines(world.contract, today)] == [None, today]


def test_where_everything_was_paid_the_new_plan_begins_blank():
    world = ended(1, paid=1)
    answer = signed_in(world.client).get(at(world.contract, "follow-on/"))
    assert [text(title) for title in with_class(read(answer), "plan-title")] == ["New milestone"]


def test_b03_a_long_plan_is_copied_and_sent_whole():
    world = offered(200)
    answer = follow(world.client, world.contract)
    assert answer.status_code == 302
    assert Contract.objects.exclude(pk=world.contract.pk).get().milestones.count() == 200
    books_hold()


def test_only_those_who_manage_the_client_may(world):
    for user, status in ((world.manager, 200), (world.viewer, 403), (world.talent, 403), (outsider(), 404)):
        browser = signed_in(user)
        assert browser.get(at(world.contract, "follow-on/")).status_code == status
        if status != 200:
            assert browser.post(at(world.contract, "follow-on/")).status_code == status
    assert Contract.objects.count() == 1


def test_bad_input_stays_where_it_was_typed(world):
    answer = follow(world.client, world.contract, title="")
    assert answer.status_code == 422
    assert [text(title) for title in with_class(read(answer), "plan-title")] == ["Step 2", "Step 3"]
    assert Contract.objects.count() == 1
