"""The contract room: who enters, what the Overview shows of milestones and money, and what it offers to whom."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from contracts.models import Contract, Milestone
from contracts.states import MilestoneStatus
from contracts.tests import dealing
from contracts.tests.pages import fragment, parsed, words
from contracts.tests.test_jobs import signed_in
from marketplace import clock
from marketplace.models import Job, User
from tests.books import books_hold
from tests.factories import agreed, end, ended, outsider

S = MilestoneStatus
PAGES = ["", "activity/", "activity/comparison/?from=1&to=1", "terms/"]
TOKEN = re.compile(r'(?<="X-CSRFToken": ")\w+|(?<=name="csrfmiddlewaretoken" value=")\w+')
ADD, MANAGE = "Add new milestone", "Manage Milestones"
pytestmark = pytest.mark.django_db


def room(contract: Contract, page: str = "") -> str:
    return f"/contracts/{contract.pk}/{page}"


def overview(user: User, contract: Contract, **headers) -> str:
    return parsed(signed_in(user).get(room(contract), headers=headers))


@pytest.mark.parametrize("page", PAGES)
def test_everybody_on_the_contract_enters(page):
    world = agreed(agency=True, terms="Be kind.")
    for user in (world.client, world.manager, world.viewer, world.talent, world.member):
        answer = signed_in(user).get(room(world.contract, page))
        assert answer.status_code == 200
        assert 'aria-current="page"' in parsed(answer).partition('<nav class="tabs"')[2]


@pytest.mark.parametrize("page", PAGES)
def test_to_outsiders_a_contract_is_not_there(page):
    world = agreed(agency=True)
    missing = "00000000-0000-4000-8000-000000000000"
    for user in (outsider(), world.idle, User.objects.create_superuser("root@cairn.test", name="Root")):
        browser = signed_in(user)
        answers = [browser.get(room(world.contract, page)), browser.get(f"/contracts/{missing}/{page}")]
        assert [answer.status_code for answer in answers] == [404, 404]
        there, nowhere = (TOKEN.sub("", parsed(answer)) for answer in answers)
        assert there == nowhere


@pytest.mark.parametrize("page", PAGES)
def test_strangers_are_led_to_the_sign_in_page(page):
    address = room(agreed().contract, page)
    answer = Client().get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=")
    assert Client().get(address, headers={"HX-Request": "true"}).status_code == 401


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_posted_to_a_page_for_reading(page):
    world = agreed()
    assert signed_in(world.client).post(room(world.contract, page)).status_code == 405


def test_the_overview_takes_five_queries_for_one_milestone_and_for_two_hundred(django_assert_num_queries):
    for size in (1, 200):
        world = agreed(size, current=S.ACTIVE)
        browser = signed_in(world.client)
        with django_assert_num_queries(5):  # session, user, parties, contract, milestones
            browser.get(room(world.contract))


def test_the_region_takes_four_queries(django_assert_num_queries):
    world = agreed(199)
    browser = signed_in(world.client)
    with django_assert_num_queries(4):
        browser.get(room(world.contract), headers={"HX-Request": "true"})


def test_terms_take_four_queries(django_assert_num_queries):
    world = agreed()
    browser = signed_in(world.client)
    with django_assert_num_queries(4):
        browser.get(room(world.contract, "terms/"))


def test_b06_the_client_has_both_buttons():
    world = agreed()
    for user in (world.client, world.manager):
        page = overview(user, world.contract)
        for name, address, key in (
            (ADD, "milestones/new/", "add-milestone"),
            (MANAGE, "milestones/", "manage-milestones"),
        ):
            assert re.search(rf'<button [^>]*id="{key}"[^>]*>{name}</button>', page)
            assert f'<form action="{room(world.contract, address)}">' in page
            assert f'hx-get="{room(world.contract, address)}" hx-target="#window"' in page


def test_viewers_and_members_see_the_plan_without_the_buttons():
    world = agreed(agency=True)
    for user in (world.viewer, world.member):
        page = overview(user, world.contract)
        assert "Step 5" in words(page)
        assert ADD not in page
        assert MANAGE not in page


def test_b42_an_ended_contract_is_readable_and_offers_no_change():
    world = agreed(4, paid=1)
    end(world.contract)
    page = overview(world.client, world.contract)
    assert MANAGE not in page
    text = words(page)
    assert "Agreed $100.00 Paid $100.00 Held $0.00 To fund $0.00" in text
    assert "1 of 1 paid" in text
    assert text.count("Cancelled") == 3
    assert "Nothing to do: ended on" in text


def test_the_money_line_adds_up():
    world = agreed(5, paid=2, current=S.SUBMITTED)
    text = words(overview(world.client, world.contract))
    assert "Agreed $510.00 Paid $201.00 Held $102.00 To fund $207.00" in text
    assert "2 of 5 paid" in text
    assert "Your next step 1 milestone waits for your review" in text


def test_the_timeline_shows_every_milestone_in_its_order_with_its_state():
    world = agreed(5, paid=2, current=S.CHANGES_REQUESTED)
    Milestone.objects.filter(position=4).update(due_date="2099-02-28")
    page = overview(world.talent, world.contract)
    rows = [words(row) for row in page.split('<li class="step ')[1:]]
    assert [row.split('">')[1].strip()[:8] for row in rows] == [f"{place} Step {place}" for place in range(1, 6)]
    assert [kind.split('"')[0] for kind in page.split('<li class="step step-')[1:]] == [
        "paid", "paid", "current", "future", "future",
    ]  # fmt: skip
    assert "Changes requested" in rows[2]
    assert "due 28 Feb 2099" in rows[3]
    assert "past due" not in page


def test_b05_a_missed_due_date_is_only_shown_and_only_while_it_matters():
    world = agreed(4, paid=1, current=S.ACTIVE)
    Milestone.objects.update(due_date="2026-01-03")
    rows = [words(row) for row in overview(world.client, world.contract).split('<li class="step ')[1:]]
    assert ["due 3 Jan 2026, past due" in row for row in rows] == [False, True, True, True]
    assert "due 3 Jan 2026" in rows[0]


def test_b05_past_due_goes_by_the_viewers_own_day():
    world = agreed(1, current=S.ACTIVE)
    west = datetime.now(UTC).astimezone(ZoneInfo("Etc/GMT+12")).date()
    Milestone.objects.update(due_date=west)
    User.objects.filter(pk=world.client.pk).update(time_zone="Etc/GMT+12")
    User.objects.filter(pk=world.talent.pk).update(time_zone="Pacific/Kiritimati")
    assert "past due" not in overview(world.client, world.contract)
    assert "past due" in overview(world.talent, world.contract)


def test_b03_at_two_hundred_the_button_explains_itself():
    world = agreed(199)
    page = overview(world.client, world.contract)
    button = re.search(rf"<button [^>]*>{ADD}</button>", page)[0]
    assert 'aria-disabled="true"' in button
    assert "hx-get" not in button
    assert 'aria-describedby="plan-note"' in button
    assert "This contract has all 200 milestones it can have." in words(page)
    assert "follow-on contract" in words(page)
    assert 'hx-get="' + room(world.contract, "milestones/") in page


def test_b13_the_overview_says_what_milestones_are_for():
    text = words(overview((world := agreed(3)).client, world.contract))
    for reason in ("smaller steps", "look at it together", "spread the budget"):
        assert reason in text


def test_many_paid_milestones_are_folded_and_still_there():
    world = agreed(8, paid=6, current=S.ACTIVE)
    page = overview(world.client, world.contract).partition('id="overview"')[2]
    assert "6 paid milestones, $615.00" in words(page)
    assert page.index("Step 6") < page.index("</details>") < page.index("Step 7")
    few = agreed(8, paid=5, current=S.ACTIVE)
    assert "<details" not in overview(few.client, few.contract).partition('id="overview"')[2]
    all_paid = agreed(6, paid=6)
    assert "<details" not in overview(all_paid.client, all_paid.contract).partition('id="overview"')[2]


def test_b22_folded_milestones_come_to_what_was_paid_for_them():
    deal = dealing.agreed(*["10.00"] * 7)
    deal.release(1, "6.00")
    for place in range(2, 7):
        deal.fund(place)
        deal.release(place, "10.00")
    assert "6 paid milestones, $56.00" in words(overview(deal.payer, deal.contract))
    books_hold()


def test_x06_what_lies_ahead_of_a_settled_contract_is_not_agreed():
    deal = dealing.agreed("100.00", "50.00")
    deal.end("0.00")
    assert "Agreed $100.00 Paid $0.00 Held $100.00 To fund $0.00" in words(overview(deal.payer, deal.contract))
    assert "Agreed $100.00" in words(parsed(signed_in(deal.payer).get("/jobs/")))
    books_hold()


def test_b24_no_door_leads_to_a_bonus_once_its_time_is_over():
    world = ended(2)
    assert "Pay a bonus" in overview(world.client, world.contract)
    clock.advance(timedelta(days=30))
    assert "Pay a bonus" not in overview(world.client, world.contract)


def test_a_description_is_text_behind_its_title():
    world = agreed(1, current=S.ACTIVE)
    Milestone.objects.update(description="First <b>line</b>\nsecond & last", title="<img src=x> & more")
    page = overview(world.client, world.contract)
    assert "First &lt;b&gt;line&lt;/b&gt;\nsecond &amp; last" in page
    assert "<bdi>&lt;img src=x&gt; &amp; more</bdi>" in page
    assert "<summary id=" in page


def test_the_region_follows_a_saved_plan():
    world = agreed()
    page = overview(world.client, world.contract)
    asks = re.search(r'<div hidden [^>]*hx-target="#overview"[^>]*>', page)[0]
    assert f'hx-get="{room(world.contract)}"' in asks
    assert 'hx-trigger="plan-saved from:body, live-contract from:body"' in asks
    assert 'hx-swap="outerHTML"' in asks
    answer = signed_in(world.client).get(room(world.contract), headers={"HX-Request": "true"})
    part = fragment(answer)
    assert part.strip().startswith('<section id="overview"')
    assert "<header" not in part
    assert 'id="status"' not in part
    assert "HX-Request" in answer["Vary"]


def test_what_waits_to_be_said_waits_for_the_page_and_not_for_a_region_that_follows():
    world = agreed()
    browser = signed_in(world.client)
    party = world.contract.client
    browser.post(f"/parties/{party.pk}/switch/")
    assert "You now act" not in fragment(browser.get(room(world.contract), headers={"HX-Request": "true"}))
    assert f"You now act for {party.name}." in words(fragment(browser.get("/said/")))
    assert not words(fragment(browser.get("/said/"))).strip()


def test_terms_are_text_with_its_line_breaks():
    world = agreed(terms="One.\n\n<b>Two.</b>")
    Job.objects.update(description="What it is <i>about</i>")
    page = parsed(signed_in(world.talent).get(room(world.contract, "terms/")))
    assert "One.\n\n&lt;b&gt;Two.&lt;/b&gt;" in page
    assert "What it is &lt;i&gt;about&lt;/i&gt;" in page
    text = words(page)
    assert world.contract.client.name in text
    assert world.contract.talent.name in text
    assert timezone.now().strftime("Started %-d %b %Y") in text


def test_without_terms_it_says_so():
    world = agreed()
    text = words(parsed(signed_in(world.client).get(room(world.contract, "terms/"))))
    assert "No terms beyond the milestones were written down." in text
