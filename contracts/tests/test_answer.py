"""The talent's answer to an offer: what it reads first, accepting, declining, and coming too late (B40)."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from contracts.models import Contract
from contracts.operations.offers import accept_offer, change_offer, withdraw_offer
from contracts.plan import Plan
from contracts.tests.browsing import fields_in, read
from contracts.tests.editing import edited
from contracts.tests.visiting import at, followed, held, said, signed_in, wrong_fields
from escrow.models import Payment
from marketplace import clock
from tests.books import books_hold
from tests.factories import Agreed, joined, line, offered, outsider

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Agreed:
    return offered(3, terms="Of <b>stone</b>")


@pytest.fixture
def contract(world) -> Contract:
    return world.contract


@pytest.fixture
def browser(world) -> Client:
    return signed_in(world.talent)


def accepted(browser, contract: Contract, **form: object):
    return browser.post(at(contract, "answer/"), {"accept": "1", "version": "1", **form})


def change(world, **values: object) -> None:
    """The client changes the offer meanwhile."""
    plan = edited(world.contract.plan(), 3, **values)
    change_offer(
        contract=world.contract, by=world.client, key=uuid.uuid4(), base=1, title="Small works", terms="New terms",
        plan=plan, method=None, today=clock.now().date(),
    )  # fmt: skip


def still_open(contract: Contract) -> None:
    contract.refresh_from_db()
    assert (contract.status, held(contract)) == ("offered", Decimal("100.00"))
    books_hold()


def test_b40_the_talent_reads_all_of_it_and_what_is_left_after_the_fee(browser, contract):
    page = said(browser.get(at(contract, "answer/")))
    assert "Agreed in all $303.00 Yours after the 10 % fee $272.70" in page
    assert "The client has paid $100.00 for the first milestone into escrow." in page
    assert "Step 2 $101.00 yours $90.90" in page
    assert "Of <b>stone</b>" in page
    assert "The client has 14 days after each submission" in page
    assert contract.answer_by.strftime("Answer until %-d %b %Y") in page


def test_b23_the_net_is_rounded_for_each_milestone_as_its_release_will_be():
    world = offered(lines=Plan(tuple(line(f"Step {place}", "5.05") for place in range(1, 4))))
    page = said(signed_in(world.talent).get(at(world.contract, "answer/")))
    assert "Agreed in all $15.15 Yours after the 10 % fee $13.62" in page
    assert "yours $4.54" in page


def test_the_page_costs_as_many_queries_for_one_milestone_as_for_many(django_assert_num_queries):
    for size in (1, 40):
        world = offered(size)
        browser = signed_in(world.talent)
        with django_assert_num_queries(5):  # session, user, contract, milestones, parties
            browser.get(at(world.contract, "answer/"))


def test_b40_accepting_makes_it_active_with_its_first_milestone(browser, contract):
    (form,) = [
        dict(fields_in(form))
        for form in read(browser.get(at(contract, "answer/"))).iter("form")
        if "version" in dict(fields_in(form))
    ]
    page = followed(browser, browser.post(at(contract, "answer/"), {**form, "accept": "1"}))
    assert "You accepted the offer." in page
    contract.refresh_from_db()
    assert contract.status == "active"
    assert [each.status for each in contract.milestones.all()] == ["active", "future", "future"]
    assert held(contract) == Decimal("100.00")
    books_hold()


def test_accepting_twice_is_accepting_once(browser, contract):
    pages = [followed(browser, accepted(browser, contract)) for _each in range(2)]
    assert all("You accepted the offer." in page for page in pages)
    assert contract.events.filter(kind="offer_accepted").count() == 1
    books_hold()


def test_b40_declining_gives_all_of_it_back_and_keeps_the_reason(browser, contract):
    form = {"decline": "1", "reason": "Too soon.\r\nAsk in May."}
    assert "You declined the offer." in followed(browser, browser.post(at(contract, "answer/"), form))
    contract.refresh_from_db()
    assert contract.status == "declined"
    assert contract.events.latest("id").note == "Too soon.\nAsk in May."
    assert Payment.objects.get(direction="refund").amount == Decimal("104.95")
    assert held(contract) == 0
    books_hold()


def test_b40_no_reason_is_needed(browser, contract):
    assert browser.post(at(contract, "answer/"), {"decline": "1"}).status_code == 302
    contract.refresh_from_db()
    assert contract.status == "declined"
    books_hold()


def test_a_reason_that_is_too_long_stays_in_its_field(browser, contract):
    reason = "x" * 10_000
    answer = browser.post(at(contract, "answer/"), {"decline": "1", "reason": reason})
    assert answer.status_code == 422
    assert wrong_fields(answer) == ["reason"]
    assert reason in answer.content.decode()
    still_open(contract)


def test_b40_an_offer_that_changed_meanwhile_is_shown_anew_and_not_accepted(world, browser, contract):
    change(world, title="Another third")
    answer = accepted(browser, contract)
    assert answer.status_code == 409
    page = said(answer)
    assert "changed the offer while you were reading it" in page
    assert "Another third" in page
    assert "New terms" in page
    still_open(contract)
    assert accepted(browser, contract, version="2").status_code == 302
    books_hold()


@pytest.mark.parametrize("version", ["", "x", "-1", "0", "1.5", str(2**63), "9" * 5_000])
def test_a_version_that_is_none_accepts_nothing(browser, contract, version):
    assert accepted(browser, contract, version=version).status_code in {409, 422}
    still_open(contract)


def test_b40_a_withdrawn_offer_cannot_be_answered(world, browser, contract):
    withdraw_offer(contract=contract, by=world.client)
    for answer in (
        browser.get(at(contract, "answer/")),
        accepted(browser, contract),
        browser.post(at(contract, "answer/"), {"decline": "1"}),
    ):
        assert answer.status_code == 409
        assert "The offer was withdrawn." in said(answer)
    assert held(contract) == 0
    books_hold()


def test_b40_after_seven_days_it_is_over_even_before_it_is_swept(browser, contract):
    clock.advance(timedelta(days=7, seconds=1))
    answer = accepted(browser, contract)
    assert answer.status_code == 409
    assert "The time to answer this offer is over." in said(answer)
    still_open(contract)


def test_only_those_who_decide_for_the_talent_may_answer():
    world = offered(1, agency=True)
    contract = world.contract
    for user, status in (
        (world.client, 403), (world.viewer, 403), (world.member, 403), (world.idle, 404), (outsider(), 404),
    ):  # fmt: skip
        browser = signed_in(user)
        assert browser.get(at(contract, "answer/")).status_code == status
        assert accepted(browser, contract).status_code == status
        assert browser.post(at(contract, "answer/"), {"decline": "1"}).status_code == status
    still_open(contract)


def test_my_jobs_leads_the_talent_to_its_answer(world, browser, contract):
    assert f'href="{at(contract, "answer/")}"' in browser.get("/jobs/").content.decode()
    assert at(contract, "answer/") not in signed_in(world.client).get("/jobs/").content.decode()


# An agency's members


def test_an_agencys_manager_chooses_who_works_on_it_when_accepting():
    world = offered(1, agency=True)
    browser, contract = signed_in(world.talent), world.contract
    page = browser.get(at(contract, "answer/"))
    assert world.idle.name in said(page)
    idle = world.idle.memberships.get()
    assert accepted(browser, contract, members=[idle.pk]).status_code == 302
    assert [each.membership for each in contract.members.all()] == [idle]
    assert signed_in(world.idle).get(at(contract, "")).status_code == 200
    assert signed_in(world.member).get(at(contract, "")).status_code == 404
    books_hold()


def test_somebody_of_another_agency_cannot_be_chosen():
    world, other = offered(1, agency=True), offered(1, agency=True)
    foreign = [other.member.memberships.get().pk, world.client.memberships.get().pk, world.talent.memberships.get().pk]
    for key in [*foreign, "x", 2**63, -1]:
        assert accepted(signed_in(world.talent), world.contract, members=[key]).status_code == 422
    still_open(world.contract)


def test_a_freelancer_has_nobody_to_choose(browser, contract):
    assert "Members who work on it" not in said(browser.get(at(contract, "answer/")))
    joined(contract.talent, "owner")
    accept_offer(contract=contract, by=contract.talent.memberships.first().user, version=1)
    assert browser.get(at(contract, "answer/")).status_code == 409
