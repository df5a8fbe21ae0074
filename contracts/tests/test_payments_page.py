"""Payments: what a client sees equals the ledger, every charge and refund, and what is held for each contract."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from contracts.models import Contract
from contracts.operations.offers import withdraw_offer
from contracts.operations.settlement import end_as_talent
from contracts.reading.payments import held_for, holding_page, payments_page
from contracts.reading.words import MINUS
from contracts.templatetags.cairn import moment
from contracts.tests.browsing import HTMX
from contracts.tests.earning import Pair, pair, talent
from contracts.tests.pages import fragment, parsed, words
from contracts.tests.visiting import said, signed_in
from escrow import ledger
from escrow.gateways.base import Declined
from escrow.models import Kind, Payment
from escrow.operations import payments
from escrow.operations.methods import add_method
from escrow.tests.paying import CONFIRMS, DECLINES, LATER, sandbox
from marketplace import clock
from marketplace.models import MemberRole, User
from tests.books import books_hold
from tests.factories import PartyFactory, UserFactory, joined

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Pair:
    return pair()


def shown(user: User, address: str = "/payments/") -> str:
    return said(signed_in(user).get(address))


def assert_equals_the_ledger(world: Pair) -> None:
    """I15: what is held, for each contract and in all."""
    listed = {contract.pk: contract for contract in holding_page(world.client).contracts}
    total = Decimal("0.00")
    for contract in Contract.objects.filter(client=world.client):
        held, fee = (ledger.balance(kind, scope=contract.pk) for kind in (Kind.ESCROW, Kind.INITIATION_FEE))
        assert (contract.pk in listed) == bool(held + fee)
        if contract.pk in listed:
            found = listed[contract.pk]
            assert (found.held, found.fee_held, found.in_all) == (held, fee, held + fee)
        total += held + fee
    assert held_for(world.client) == total


def test_a_deposit_is_listed_as_charged_and_held(world):
    contract = world.offered("100.00", "50.00", title="Tea & <b>cake</b>")
    page = shown(world.payer)
    assert "Held in escrow $104.95 Credit $0.00" in page
    assert "Deposit of an offer Tea & <b>cake</b>, " in page
    assert "Visa •••• 4242" in page
    assert f"$4.95 of it is the initiation fee. Charged {MINUS}$104.95" in page
    assert f'href="/contracts/{contract.pk}/"' in parsed(signed_in(world.payer).get("/payments/"))
    assert_equals_the_ledger(world)
    books_hold()


def test_what_is_held_is_listed_for_each_contract(world):
    one, other = world.agreed("100.00", "50.00", title="One"), world.agreed("30.00", title="Other")
    world.released(one, "60.00")
    page = shown(world.payer, "/payments/?show=held")
    assert "One" in page
    assert "For milestones $40.00 Initiation fee $0.00 Held $40.00" in page
    assert "For milestones $30.00 Initiation fee $4.95 Held $34.95" in page
    assert "Held in escrow $74.95" in page
    assert_equals_the_ledger(world)
    world.released(other, "30.00")
    assert "Other" not in shown(world.payer, "/payments/?show=held")
    assert_equals_the_ledger(world)


def test_a_charge_says_which_milestone_it_funded_and_a_bonus_that_it_is_one(world):
    contract = world.agreed("100.00", "50.00")
    world.released(contract, "100.00")
    world.funded(contract, 2)
    world.bonus(contract, "7.50")
    page = shown(world.payer)
    assert "Step 2 Small works" in page
    assert f"Charged {MINUS}$50.00" in page
    assert "Bonus Small works" in page
    assert f"Charged {MINUS}$7.50" in page
    assert page.count("initiation fee") == 1
    books_hold()


def test_what_goes_back_is_listed_as_a_refund_to_where_it_came_from(django_capture_on_commit_callbacks, world):
    contract = world.offered("100.00")
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_offer(contract=contract, by=world.payer)
    page = shown(world.payer)
    assert "Refund of a deposit Small works" in page
    assert "Refunded +$104.95" in page
    assert f"Given back {MINUS}$104.95" in page
    assert "Held in escrow $0.00 Credit $0.00" in page
    assert_equals_the_ledger(world)
    books_hold()


def test_the_refund_of_an_ended_contract_names_its_milestone(django_capture_on_commit_callbacks, world):
    contract = world.agreed("100.00", "50.00")
    world.released(contract, "100.00")
    world.funded(contract, 2)
    with django_capture_on_commit_callbacks(execute=True):
        end_as_talent(contract=contract, by=world.earner, held=Decimal("50.00"), reason="")
    page = shown(world.payer)
    assert "Refund of a charge for Step 2" in page
    assert "Refunded +$50.00" in page
    assert_equals_the_ledger(world)
    books_hold()


@pytest.mark.parametrize(("number", "standing"), [(CONFIRMS, "To be confirmed"), (LATER, "Under way")])
def test_an_open_charge_leads_to_its_own_page(world, number, standing):
    contract = world.agreed("100.00", "50.00")
    world.released(contract, "100.00")
    payment = world.funded(contract, 2, card=add_method(party=world.client, entry=number))
    answer = signed_in(world.payer).get("/payments/")
    assert f'href="/contracts/{contract.pk}/payments/{payment.pk}/"' in parsed(answer)
    assert f"{standing} $50.00" in said(answer)
    books_hold()


def test_a_charge_that_failed_says_why(world):
    contract = world.agreed("100.00", "50.00")
    world.released(contract, "100.00")
    payment = world.funded(contract, 2, card=add_method(party=world.client, entry=DECLINES))
    page = shown(world.payer)
    assert payment.failure in page
    assert "Not charged $50.00" in page
    assert_equals_the_ledger(world)


def test_a_refund_that_did_not_arrive_is_credit(world):
    contract = world.offered("100.00")
    withdraw_offer(contract=contract, by=world.payer)
    refund = Payment.objects.get(direction="refund")
    assert refund.is_open
    assert "On its way $104.95" in shown(world.payer)
    payments.ask(refund.pk)
    assert "Refunded +$104.95" in shown(world.payer)
    books_hold()


def given_up(world: Pair) -> Payment:
    """The refund of an offer's deposit, which the bank sends back as often as it arrives."""
    withdraw_offer(contract=world.offered("100.00"), by=world.payer)
    refund = Payment.objects.get(direction="refund")
    sandbox().send_back(refund.refunds.reference)
    return payments.ask(refund.pk)


def test_credit_says_when_the_last_try_failed_and_when_the_next_one_follows(world):
    refund = given_up(world)
    page = shown(world.payer)
    assert "Credit $104.95" in page
    failed, follows = (words(moment(refund.settled_at + timedelta(days=days))) for days in (0, 1))
    assert (
        "$104.95 is on its way back to Visa •••• 4242."
        f" The last try failed on {failed}; the next one follows on {follows}."
    ) in page
    assert "Write to us" not in page
    books_hold()


def test_credit_that_could_not_be_sent_back_says_to_write_to_us(world):
    given_up(world)
    for days in (1, 3, 7, 14):
        clock.advance(timedelta(days=days, minutes=1))
        payments.sweep_payments()
    page = shown(world.payer)
    assert "$104.95 could not be sent back to Visa •••• 4242; the last try failed on " in page
    assert "Write to us, and we send it back another way." in page
    assert "on its way back" not in page
    books_hold()


def test_credit_that_arrived_at_last_is_gone(world):
    withdraw_offer(contract=world.offered("100.00"), by=world.payer)
    refund = Payment.objects.get(direction="refund")
    payments.settle(refund.pk, Declined("The account was closed."))
    assert "is on its way back to Visa" in shown(world.payer)
    clock.advance(timedelta(days=1, minutes=1))
    payments.sweep_payments()
    page = shown(world.payer)
    assert "Credit $0.00" in page
    assert "Refunded +$104.95" in page
    assert "is on its way back" not in page
    books_hold()


@pytest.mark.parametrize("show", ["all", "held"])
def test_everything_is_listed_once_page_after_page(world, show):
    first = world.agreed("5.00")
    for number in range(22):
        if show == "held":
            world.agreed("5.00", title=f"Contract {number}")
        else:
            world.bonus(first, "1.00")
    Contract.objects.update(updated_at=clock.now())
    browser, seen, sizes, query = signed_in(world.payer), [], [], ""
    while query is not None:
        page = browser.get(f"/payments/?show={show}{query}").context["page"]
        rows = page.contracts or [each.payment for each in page.payments]
        seen += [row.pk for row in rows]
        sizes.append(len(rows))
        query = f"&after={page.after}" if page.after else None
    assert sizes == [20, 3]
    assert len(set(seen)) == 23


def test_show_more_answers_htmx_with_the_rows_that_follow(world):
    contract = world.agreed("5.00")
    for _each in range(20):
        world.bonus(contract, "1.00")
    browser = signed_in(world.payer)
    after = browser.get("/payments/").context["page"].after
    rest = browser.get(f"/payments/?after={after}", headers=HTMX)
    assert fragment(rest, "ol").count('class="list-row entry"') == 1
    assert "autofocus" in rest.content.decode()


@pytest.mark.parametrize("after", ["x", "0-0", "%00", "f" * 14 + "-" + "0" * 32, "9" * 10_000])
def test_a_place_that_cannot_be_read_gives_the_first_page(world, after):
    world.agreed("5.00")
    assert len(signed_in(world.payer).get(f"/payments/?after={after}").context["page"].payments) == 1


@pytest.mark.parametrize(("show", "count"), [("all", 8), ("held", 6)])
def test_as_many_queries_for_one_row_as_for_twenty(world, show, count, django_assert_num_queries):
    """Session, user, parties, held, accounts; and payments, contracts, fundings, or contracts with what they hold."""
    first = world.agreed("5.00")
    browser = signed_in(world.payer)
    with django_assert_num_queries(count):
        browser.get(f"/payments/?show={show}")
    for number in range(19):
        world.agreed("5.00", title=f"Contract {number}") if show == "held" else world.bonus(first, "1.00")
    with django_assert_num_queries(count):
        browser.get(f"/payments/?show={show}")


# Who


@pytest.mark.parametrize("role", [MemberRole.OWNER, MemberRole.MANAGER, MemberRole.VIEWER])
def test_everybody_of_a_client_may_look_and_those_who_decide_are_led_to_the_methods(world, role):
    world.agreed("5.00")
    page = parsed(signed_in(joined(world.client, role)).get("/payments/"))
    assert "Held in escrow $9.95" in words(page)
    assert ('href="/payment-methods/"' in page) == (role != MemberRole.VIEWER)


def test_nobody_else_sees_them(world):
    world.agreed("5.00", title="Secret works")
    stranger = joined(PartyFactory.create(), MemberRole.OWNER)
    assert payments_page(PartyFactory.create()).payments == []
    assert "No payments yet" in shown(stranger)
    assert "Nothing is held" in shown(stranger, "/payments/?show=held")
    assert "is paid by clients" in shown(talent()[1])
    assert "You act for nobody yet" in shown(UserFactory.create())
    assert Client().get("/payments/").status_code == 302


def test_the_page_is_only_looked_at(world):
    assert signed_in(world.payer).post("/payments/").status_code == 405


def test_a_payment_of_long_ago_is_still_listed(world):
    world.agreed("5.00")
    clock.advance(timedelta(days=300))
    world.agreed("6.00", title=str(uuid.uuid4()))
    assert [each.payment.amount for each in payments_page(world.client).payments] == [Decimal("10.95"), Decimal("9.95")]
