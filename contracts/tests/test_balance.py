"""Balance: what a talent sees equals the ledger, with everything that it earned and withdrew."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from contracts.models import Earning
from contracts.operations.maturing import mature
from contracts.reading.balance import Maturing, balance_of, maturing
from contracts.tests.browsing import HTMX
from contracts.tests.earning import Pair, bank, pair, talent, withdrawing
from contracts.tests.pages import fragment, parsed, words
from contracts.tests.visiting import said, signed_in
from escrow import ledger
from escrow.models import Cause, Kind, PaymentStatus
from escrow.tests.paying import BANK_DECLINES, BANK_TIMES_OUT, earned
from marketplace import clock
from marketplace.models import MemberRole, PartyKind, User
from tests.books import books_hold
from tests.factories import MembershipFactory, UserFactory, joined, outsider

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Pair:
    return pair()


def shown(user: User, address: str = "/balance/") -> str:
    return said(signed_in(user).get(address))


def assert_equals_the_ledger(world: Pair) -> None:
    """I15: every figure of the balance, and the days of what is pending."""
    balance = balance_of(world.talent)
    for kind in (Kind.PENDING, Kind.AVAILABLE, Kind.CREDIT):
        assert getattr(balance, kind.value) == ledger.balance(kind, world.talent.pk)
    assert balance.owed == -ledger.balance(Kind.RECEIVABLE, world.talent.pk)
    assert sum(each.amount for each in maturing(world.talent, balance.pending)) == balance.pending


def test_b23_what_was_released_is_pending_until_its_day_then_available(world):
    contract = world.agreed("100.00", "50.00")
    earning = world.released(contract, "60.00")
    until = timezone.localtime(earning.matures_at).strftime("%-d %b %Y")
    page = shown(world.earner)
    assert "Available $0.00 Pending $54.00" in page
    assert f"Pending, and when it becomes available {until} $54.00" in page
    assert f"pending until {until}" in page
    assert "Paid $60.00 Service fee $6.00 Earned $54.00" in page
    assert_equals_the_ledger(world)
    clock.advance(timedelta(days=5))
    assert mature(earning.pk)
    page = shown(world.earner)
    assert "Available $54.00 Pending $0.00" in page
    assert "available since" in page
    assert "when it becomes available" not in page
    assert_equals_the_ledger(world)
    books_hold()


def test_pending_is_listed_by_day_and_adds_up(world):
    contract = world.agreed("100.00", "50.00", "70.00")
    first = world.released(contract, "100.00")
    second = world.released(contract, "50.00")
    clock.advance(timedelta(days=1))
    third = world.bonus(contract, "10.00")
    days = [timezone.localdate(each) for each in (first.matures_at, Earning.objects.get(kind="bonus").matures_at)]
    assert third.status == PaymentStatus.CONFIRMED
    assert maturing(world.talent, balance_of(world.talent).pending) == [
        Maturing(days[0], Decimal("135.00")), Maturing(days[1], Decimal("9.00")),
    ]  # fmt: skip
    assert second.net == Decimal("45.00")
    assert_equals_the_ledger(world)


def test_what_a_debt_took_is_not_promised_for_any_day(world):
    world.released(world.agreed("100.00"), "100.00")
    clock.advance(timedelta(days=1))
    world.released(world.agreed("20.00"), "20.00")
    ids = ledger.accounts(
        ledger.Owned(Kind.PENDING, world.talent.pk), ledger.Owned(Kind.RECEIVABLE, world.talent.pk),
    )  # fmt: skip
    ledger.post(key="test:debt", cause=Cause.SETTLEMENT, transfers=[ledger.Move(*ids, Decimal("30.00"))])
    assert [each.amount for each in maturing(world.talent, balance_of(world.talent).pending)] == [Decimal("78.00")]
    assert_equals_the_ledger(world)


def test_what_is_owed_is_said(world):
    ids = ledger.accounts(ledger.Owned(Kind.RECEIVABLE, world.talent.pk), ledger.Owned(Kind.OUTSIDE))
    ledger.post(key="test:owed", cause=Cause.CHARGEBACK, transfers=[ledger.Move(*ids, Decimal("12.34"))])
    assert "Owed to Cairn $12.34" in shown(world.earner)
    assert_equals_the_ledger(world)


def test_an_earning_leads_to_its_contract_and_says_for_what_and_whom(world):
    contract = world.agreed("100.00", title="Tea & <b>cake</b>")
    world.released(contract, "100.00")
    world.bonus(contract, "5.00")
    page = parsed(signed_in(world.earner).get("/balance/"))
    assert f'href="/contracts/{contract.pk}/"' in page
    assert "Tea & <b>cake</b> Release: Step 1, Harbour Books" in words(page)
    assert "Bonus, Harbour Books" in words(page)


@pytest.mark.parametrize("show", ["earnings", "withdrawals"])
def test_everything_is_listed_once_page_after_page_though_all_are_of_one_moment(world, show):
    if show == "earnings":
        contract = world.agreed("5.00")
        for _each in range(45):
            world.bonus(contract, "1.00")
        Earning.objects.update(at=clock.now())
    else:
        earned(Decimal("45.00"), world.talent)
        method = bank(world.talent)
        for _each in range(45):
            withdrawing(world.talent, world.earner, "1.00", method=method)
    browser, seen, sizes, query = signed_in(world.earner), [], [], ""
    while query is not None:
        page = browser.get(f"/balance/?show={show}{query}").context["page"]
        rows = page.earnings or [each.payment for each in page.withdrawals]
        seen += [row.pk for row in rows]
        sizes.append(len(rows))
        query = f"&after={page.after}" if page.after else None
    assert sizes == [20, 20, 5]
    assert len(set(seen)) == 45


def test_show_more_answers_htmx_with_the_rows_that_follow(world):
    contract = world.agreed("5.00")
    for _each in range(21):
        world.bonus(contract, "1.00")
    browser = signed_in(world.earner)
    first = browser.get("/balance/")
    rest = browser.get(f"/balance/?after={first.context['page'].after}", headers=HTMX)
    assert fragment(rest, "ol").count('class="list-row entry"') == 1
    assert "HX-Request" in rest["Vary"]
    assert "Back to the latest" in said(browser.get(f"/balance/?after={first.context['page'].after}"))


def test_as_many_queries_for_one_earning_as_for_twenty(world, django_assert_num_queries):
    contract = world.agreed("5.00")
    world.bonus(contract, "1.00")
    browser = signed_in(world.earner)
    with django_assert_num_queries(6):  # session, user, parties, earnings, accounts, pending by day
        browser.get("/balance/")
    for _each in range(19):
        world.bonus(contract, "1.00")
    with django_assert_num_queries(6):
        browser.get("/balance/")


def test_withdrawals_are_listed_with_how_they_stand():
    party, owner = talent("100.00")
    for number, amount in (("000123456789", "10.00"), (BANK_DECLINES, "20.00"), (BANK_TIMES_OUT, "30.00")):
        withdrawing(party, owner, amount, method=bank(party, number))
    page = shown(owner, "/balance/?show=withdrawals")
    assert "Test Bank •••• 6789" in page
    assert "Sent $10.00" in page
    assert "The bank knows no such account. The amount is in the balance again. Not sent $20.00" in page
    assert "On its way $30.00" in page
    books_hold()


# Who


@pytest.mark.parametrize(
    ("kind", "role", "status"),
    [("freelancer", "owner", 200), ("agency", "manager", 200), ("agency", "member", 403)],
)
@pytest.mark.parametrize("address", ["/balance/", "/balance/withdrawal/"])
def test_who_may_look_at_a_balance(kind, role, status, address):
    party, _decider = talent("5.00", PartyKind(kind))
    assert signed_in(joined(party, role)).get(address).status_code == status


def test_a_member_of_an_agency_is_not_led_to_its_balance():
    party, manager = talent("5.00", PartyKind.AGENCY)
    member = joined(party, MemberRole.MEMBER)
    assert 'href="/balance/"' in parsed(signed_in(manager).get("/jobs/"))
    assert 'href="/balance/"' not in parsed(signed_in(member).get("/jobs/"))


def test_whoever_acts_for_a_client_or_nobody_is_told_where_to_look():
    assert "is a client and pays" in shown(outsider())
    assert "You act for nobody yet" in shown(UserFactory.create())
    for user in (outsider(), UserFactory.create()):
        assert signed_in(user).get("/balance/withdrawal/").status_code == 404
        assert signed_in(user).post("/balance/withdrawal/").status_code == 404


def test_the_balance_is_that_of_the_party_acted_for():
    user = UserFactory.create()
    parties = [talent(amount)[0] for amount in ("11.00", "22.00")]
    for party in parties:
        MembershipFactory.create(user=user, party=party)
    browser = signed_in(user)
    assert "Available $11.00" in said(browser.get("/balance/"))
    browser.post(f"/parties/{parties[1].pk}/switch/")
    assert "Available $22.00" in said(browser.get("/balance/"))


def test_strangers_are_led_to_sign_in():
    assert Client().get("/balance/").status_code == 302
    assert Client().get("/balance/", headers=HTMX).status_code == 401
