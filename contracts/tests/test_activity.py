"""Activity: the events with their diffs, and any two revisions compared (X1). The partial that renders a change."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string

from contracts.models import Event, EventKind
from contracts.operations.feedback import reveal_feedback
from contracts.operations.offers import withdraw_offer
from contracts.plan import ChangeSet, Plan
from contracts.reading.sentences import what_happened
from contracts.templatetags.cairn import money, said
from contracts.tests import dealing
from contracts.tests.editing import TODAY, add, edited, longer, moved, save
from contracts.tests.pages import fragment, parsed, valid, words
from contracts.tests.test_jobs import signed_in
from contracts.tests.test_room import room
from escrow.tests.paying import DECLINES
from marketplace import clock
from marketplace.models import User
from tests.books import books_hold
from tests.factories import agreed, card, line, plan

pytestmark = pytest.mark.django_db


def activity(user: User, contract, query: str = "") -> str:
    return parsed(signed_in(user).get(room(contract, f"activity/{query}")))


def added(world, count: int) -> None:
    for number in range(count):
        add(world.contract, line(f"Extra {number}"), by=world.client)


def diff(before: Plan, after: Plan, unfinished=None) -> str:
    return render_to_string("contracts/_diff.html", {"changes": ChangeSet(before, after), "unfinished": unfinished})


def test_as_many_queries_for_one_event_as_for_a_page_of_them(django_assert_num_queries):
    world = agreed()
    browser = signed_in(world.client)
    with django_assert_num_queries(7):  # session, user, parties, contract, events, revisions, what can be compared
        browser.get(room(world.contract, "activity/"))
    added(world, 24)
    with django_assert_num_queries(7):
        answer = browser.get(room(world.contract, "activity/"))
    assert len(answer.context["page"].entries) == 20


def test_comparing_takes_six_queries(django_assert_num_queries):
    world = agreed(199)
    added_to = longer(Plan(world.contract.plan().lines[:199]), line("Last"))
    save(world.contract, added_to, by=world.client)
    browser = signed_in(world.client)
    with django_assert_num_queries(6):
        browser.get(room(world.contract, "activity/comparison/?from=1&to=2"))


def test_b11_each_event_says_who_did_what_and_when_with_its_diff():
    world = agreed(2)
    User.objects.filter(pk=world.client.pk).update(name="Ada & Co", time_zone="Asia/Tokyo")
    save(world.contract, edited(world.contract.plan(), 3, amount=Decimal("300.00")), by=world.client)
    add(world.contract, line("Third"), by=world.manager)
    text = words(activity(world.client, world.contract).partition("<ol")[2])
    newest, middle, oldest = (
        text.index(each) for each in ("added the milestone Third", "saved a changed plan", "sent the offer")
    )
    assert newest < middle < oldest
    assert "Ada & Co saved a changed plan." in text
    assert f"{world.manager.name} added the milestone Third." in text
    assert "Revision 2: 1 edited" in text
    assert "Revision 1: 3 added" in text
    at = world.contract.events.latest("id").at.astimezone(ZoneInfo("Asia/Tokyo"))
    assert at.strftime("%-d %b %Y, %H:%M") in text


def test_events_go_on_page_after_page():
    world = agreed(1)
    added(world, 24)
    browser = signed_in(world.talent)
    first = browser.get(room(world.contract, "activity/"))
    assert "Show more" in parsed(first)
    rest = browser.get(
        room(world.contract, f"activity/?after={first.context['page'].after}"), headers={"HX-Request": "true"}
    )
    part = fragment(rest, "ol")
    assert part.count('<li class="event"') == 7
    assert "Revision 5: 1 added" in words(part)
    assert "sent the offer" in words(part)
    assert "Show more" not in part


@pytest.mark.parametrize("after", ["x", "-1", "1e3", "%00", "99999999999999999999", "\N{ARABIC-INDIC DIGIT FIVE}"])
def test_a_place_that_cannot_be_read_gives_the_newest_events(after):
    world = agreed()
    assert "sent the offer" in words(activity(world.client, world.contract, f"?after={after}"))


def test_x01_any_two_revisions_are_compared_with_the_same_diff():
    world = agreed(3)
    first = world.contract.plan()
    second = edited(first, 2, title="Renamed")
    third = moved(second, 4, 3)
    save(world.contract, second, by=world.client)
    save(world.contract, third, by=world.client, base=2)
    browser = signed_in(world.viewer)
    page = parsed(browser.get(room(world.contract, "activity/comparison/?from=1&to=3")))
    assert render_to_string("contracts/_diff.html", {"changes": ChangeSet(first, third)}) in page
    assert "1 edited, 1 moved" in words(page)
    back = parsed(browser.get(room(world.contract, "activity/comparison/?from=3&to=1")))
    assert render_to_string("contracts/_diff.html", {"changes": ChangeSet(third, first)}) in back
    same = parsed(browser.get(room(world.contract, "activity/comparison/?from=2&to=2")))
    assert "Nothing has changed." in words(same)


@pytest.mark.parametrize(
    "query",
    ["", "?from=1", "?from=1&to=2", "?from=0&to=1", "?from=-1&to=1", "?from=x&to=1", "?from=1&to=1.0", "?from=%00&to=1",
     "?from=1&to=2147483648", "?from=1&to=999999999999999999", "?from=1&to=9999999999999999999999"],
)  # fmt: skip
def test_revisions_that_are_not_there_cannot_be_compared(query):
    world = agreed()
    assert signed_in(world.client).get(room(world.contract, f"activity/comparison/{query}")).status_code == 404


def test_another_contracts_revision_is_not_compared():
    world, other = agreed(), agreed()
    added(other, 1)
    assert signed_in(world.client).get(room(world.contract, "activity/comparison/?from=1&to=2")).status_code == 404


def test_there_is_nothing_to_compare_with_one_revision():
    world = agreed()
    assert "Compare" not in activity(world.client, world.contract)
    added(world, 1)
    assert "Compare" in activity(world.client, world.contract)


def test_b14_a_diff_says_of_each_row_what_happened_to_it():
    gone, old = line("Gone", "50.00"), line("Old", "60.00", "Was so", TODAY)
    before = Plan((line("Kept"), gone, old, line("Last"), line("Lower"), line("End")))
    kept, _gone, old, last, lower, end = before.lines
    new = replace(old, title="New", amount=Decimal("1200.50"), description="Is so", due_date=None)
    html = diff(before, Plan((kept, end, new, last, lower, line("Fresh", "5.00", "All new", date(2027, 3, 12)))))
    valid(html)
    text = words(html)
    assert "Kept" not in text
    assert "Moved End from 6 to 2" in text
    assert "Removed Gone $50.00" in text
    assert "Added Fresh at 6 $5.00 due 12 Mar 2027 All new" in text
    assert "Edited New Title from Old to New" in text
    assert "Description from Was so to Is so Amount from $60.00 to $1,200.50 Due date from 22 Nov 2026 to none" in text
    assert "<del>$60.00</del>" in html
    assert "<ins><bdi>New</bdi></ins>" in html
    assert "Total from $590.00 → to $1,685.50 Difference +$1,095.50" in text


def test_b14_a_row_can_be_edited_and_moved_at_once():
    before = plan(3)
    first, second, third = before.lines
    text = words(diff(before, Plan((replace(third, amount=Decimal("5.00")), first, second))))
    assert "Edited Moved Step 3 from 3 to 1 Amount from $102.00 to $5.00" in text
    assert "Difference \N{MINUS SIGN}$97.00" in text


def test_an_order_alone_leaves_the_total_and_says_so():
    before = plan(2)
    text = words(diff(before, Plan(before.lines[::-1])))
    assert "Total $201.00, unchanged" in text
    assert "Difference" not in text


def test_a_change_of_nothing_says_so():
    assert words(diff(plan_of := plan(2), plan_of)) == "Nothing has changed."


def test_unfinished_rows_are_shown_with_what_is_missing_though_nothing_else_changed():
    before = plan(3)
    key = before.lines[1].key
    text = words(diff(before, before, {key: ["Amount: Enter an amount.", "Title: Enter a title."]}))
    assert "Unfinished Step 2 Amount: Enter an amount. Title: Enter a title." in text
    assert "Step 1" not in text


def test_what_people_typed_is_text_in_a_diff():
    before = Plan((line("<b>", description="<i>one</i>"),))
    html = diff(before, edited(before, 1, title="{{ 7|add:7 }}<script>", description="\u202eright\nleft"))
    assert "<script>" not in html
    assert "<i>" not in html
    assert "<bdi>{{ 7|add:7 }}&lt;script&gt;</bdi>" in html


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("1200", "$1,200.00"),
        ("0", "$0.00"),
        ("-300", "\N{MINUS SIGN}$300.00"),
        ("1000000.01", "$1,000,000.01"),
        ("5.5", "$5.50"),
    ],
)
def test_money_reads_as_dollars_and_cents(amount, text):
    assert money(Decimal(amount)) == text


@pytest.mark.parametrize("amount", [1.5, 3, "5.00"])
def test_nothing_but_a_decimal_is_money(amount):
    with pytest.raises(TypeError):
        money(amount)


# What an event says, and to whom


def test_b43_that_the_other_side_gave_feedback_is_hidden_until_it_can_be_read():
    deal = dealing.agreed("100.00")
    deal.leave()
    deal.rate(deal.payer)
    assert "gave feedback" in words(activity(deal.payer, deal.contract))
    assert "gave feedback" not in words(activity(deal.earner, deal.contract))
    deal.rate(deal.earner)
    for user in (deal.payer, deal.earner):
        text = words(activity(user, deal.contract))
        assert "Both sides gave feedback, and can read it now." in text
        assert f"{deal.payer.name} gave feedback." in text
    books_hold()


@pytest.mark.parametrize("gave", [True, False])
def test_b43_when_the_time_is_over_nobody_is_said_to_have_given_feedback(gave):
    deal = dealing.agreed("100.00")
    deal.leave()
    if gave:
        deal.rate(deal.earner)
    clock.advance(timedelta(days=14))
    reveal_feedback(deal.key)
    text = words(activity(deal.payer, deal.contract))
    assert "The time for feedback is over. Whatever was given can be read now." in text
    assert "Both sides" not in text
    books_hold()


def test_a_charge_that_failed_is_the_clients_affair():
    deal = dealing.agreed("100.00", "50.00")
    deal.release(1, "100.00")
    deal.fund(2, method=card(deal.client, DECLINES))
    told = "The charge of $50.00 for Step 2 failed or was given back, so it was not funded."
    assert told in words(activity(deal.payer, deal.contract))
    assert "$50.00 for Step 2" not in words(activity(deal.earner, deal.contract).partition('class="list events"')[2])
    save(deal.contract, Plan(deal.contract.plan().lines[:1]), by=deal.payer)
    assert "for a milestone that was deleted failed" in words(activity(deal.payer, deal.contract))
    books_hold()


def test_b40_a_withdrawn_offer_that_nobody_paid_for_returns_nothing():
    deal = dealing.nobody()
    deal.offer(dealing.plan_of("100.00"), method=card(deal.client, DECLINES))
    withdraw_offer(contract=deal.contract, by=deal.payer)
    assert f"{deal.payer.name} withdrew the offer." in (text := words(activity(deal.payer, deal.contract)))
    assert "goes back" not in text
    books_hold()


def test_b40_a_deposit_that_is_paid_again_is_no_change_of_the_offer():
    deal = dealing.offered("100.00")
    dealing.charge_back(deal.charges[0])
    deal.pay_deposit()
    text = words(activity(deal.earner, deal.contract))
    assert f"{deal.payer.name} paid the deposit of the offer again." in text
    assert "changed the offer" not in text
    books_hold()


@pytest.mark.parametrize("kind", EventKind)
def test_an_event_without_an_amount_reads_as_a_sentence(kind):
    text = words(said(what_happened(Event(kind=kind))))
    assert "None" not in text
    assert text.endswith(".")
