"""Pay a bonus: what the page says before, what it charges, every bad amount, every card, and until when (B22, B24)."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest

from contracts.models import Contract, Earning
from contracts.operations.disputes import open_dispute
from contracts.states import MilestoneStatus
from contracts.tests.browsing import read, text, with_id
from contracts.tests.handing_in import filled, of_contract, signed_in
from escrow.models import Payment, PaymentStatus
from escrow.operations.methods import remove_method
from marketplace import clock
from tests.books import books_hold
from tests.factories import LATER, agreed, card, ended, offered, outsider, submitted

S = MilestoneStatus
DECLINES = "4000000000000002"
pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return agreed(2, current=S.ACTIVE)


@pytest.fixture
def at(world) -> str:
    return of_contract(world.contract.pk, "bonus")


@pytest.fixture
def browser(world):
    return signed_in(world.client)


def pay(browser, at, **typed):
    form = filled(browser.get(at)) | {"amount": "25.50"} | typed
    return browser.post(at, {"method": usable(browser, at)} | form)


def usable(browser, at) -> str:
    """The card that the page offers first."""
    options = [each.get("value") for each in read(browser.get(at)).iter("option")]
    return options[0] if options else ""


def bonuses() -> list[Earning]:
    return list(Earning.objects.filter(kind="bonus"))


def test_b22_a_bonus_is_charged_and_goes_to_the_talent_after_the_fee(world, browser, at):
    held = Contract.objects.with_money().get(pk=world.contract.pk).held
    answer = pay(browser, at, note="Well done,\r\n<b>thanks</b>")
    assert answer["Location"] == f"/contracts/{world.contract.pk}/"
    (bonus,) = bonuses()
    assert (bonus.gross, bonus.fee, bonus.net) == tuple(map(Decimal, ("25.50", "2.55", "22.95")))
    assert bonus.note == "Well done,\n<b>thanks</b>"
    assert Contract.objects.with_money().get(pk=world.contract.pk).held == held
    seen = text(read(browser.get(answer["Location"])))
    assert "$25.50 was charged to" in seen
    assert f"a bonus of which $22.95 goes to {world.contract.talent}" in seen
    books_hold()


def test_b22_before_the_click_the_page_says_charge_fee_and_net(browser, at):
    answer = pay(browser, at, amount="0.15", preview="1")
    assert answer.status_code == 200
    for name, sum_ in (("paid", "$0.15"), ("fee", "$0.02"), ("net", "$0.13")):
        (shown,) = [each for each in read(answer).iter("dd") if each.get("data-sum") == name]
        assert text(shown) == sum_
    assert not bonuses()


def test_the_amount_beyond_a_release_is_filled_in(browser, at):
    assert filled(browser.get(f"{at}?amount=20.50"))["amount"] == "20.50"
    assert filled(browser.get(f'{at}?amount="><script>'))["amount"] == '"><script>'


def test_the_same_form_twice_pays_once_and_is_success_both_times(browser, at):
    form = filled(browser.get(at)) | {"amount": "10", "method": usable(browser, at)}
    first, second = (browser.post(at, form) for _twice in range(2))
    assert first["Location"] == second["Location"]
    assert len(bonuses()) == 1
    books_hold()


def test_i17_a_form_that_paid_before_pays_no_other_amount_but_can_be_sent_anew(browser, at):
    form = filled(browser.get(at)) | {"amount": "10", "method": usable(browser, at)}
    browser.post(at, form)
    answer = browser.post(at, form | {"amount": "12"})
    assert answer.status_code == 409
    assert "already used" in text(read(answer))
    again = filled(answer)
    assert again["amount"] == "12"
    assert [bonus.gross for bonus in bonuses()] == [Decimal("10.00")]
    assert browser.post(at, again | {"method": form["method"]}).status_code == 302
    assert len(bonuses()) == 2
    books_hold()


@pytest.mark.parametrize(
    ("typed", "cents"), [("5", 500), ("5.0", 500), (" 5 ", 500), ("1,250.50", 125050), ("0.01", 1)]
)
def test_amounts_as_people_type_them(browser, at, typed, cents):
    assert pay(browser, at, amount=typed).status_code == 302
    assert bonuses()[0].gross * 100 == cents
    books_hold()


@pytest.mark.parametrize(
    "typed",
    [
        "", "0", "0.00", "-5", "5.001", "1e3", "5_0", "500e-2", "\u0665", "\uff15", "NaN", "Infinity", "0x10", "5,00",
        "9" * 400, "9" * 10_000, "1000000.01", "5 5",
    ],
)  # fmt: skip
def test_bad_amounts_are_said_beside_the_field_and_what_was_typed_stays(browser, at, typed):
    answer = pay(browser, at, amount=typed, note="Kept")
    assert answer.status_code == 422
    (wrong,) = [each for each in read(answer).iter() if each.get("aria-invalid")]
    assert wrong.get("name") == "amount"
    assert text(with_id(read(answer), wrong.get("aria-describedby").split()[-1]))
    assert (filled(answer)["amount"], filled(answer)["note"]) == (typed, "Kept")
    assert not Payment.objects.filter(purpose="bonus").exists()


def test_a_note_has_at_most_a_thousand_characters(browser, at):
    answer = pay(browser, at, note="x" * 1001)
    assert answer.status_code == 422
    assert "1000 characters at most (this has 1001)" in text(read(answer))


@pytest.mark.parametrize("key", ["", "7", str(2**63)])
def test_a_damaged_key_is_said(browser, at, key):
    answer = pay(browser, at, key=key)
    assert answer.status_code == 422
    assert "did not arrive" in text(read(answer))


def test_a_declined_card_charges_nothing_and_another_try_can_be_made_at_once(world, browser, at):
    declining = card(world.contract.client, DECLINES)
    answer = pay(browser, at, method=str(declining.pk), note="Kept")
    assert answer.status_code == 422
    (wrong,) = [each for each in read(answer).iter() if each.get("aria-invalid")]
    assert wrong.get("name") == "method"
    assert "Nothing was charged." in text(read(answer))
    again = filled(answer) | {"method": usable(browser, at)}
    assert (again["amount"], again["note"]) == ("25.50", "Kept")
    assert browser.post(at, again).status_code == 302
    assert len(bonuses()) == 1
    books_hold()


def test_a_charge_that_takes_its_time_leads_to_its_own_page(world, browser, at):
    answer = pay(browser, at, method=str(card(world.contract.client, LATER).pk))
    payment = Payment.objects.get(purpose="bonus")
    assert answer["Location"] == f"/contracts/{world.contract.pk}/payments/{payment.pk}/"
    assert payment.status != PaymentStatus.CONFIRMED
    assert not bonuses()
    books_hold()


@pytest.mark.parametrize("method", ["", "0", "-1", str(2**63), "x", "foreign"])
def test_only_an_own_card_pays(browser, at, method):
    foreign = card(agreed(1).contract.client)
    answer = pay(browser, at, method=str(foreign.pk) if method == "foreign" else method)
    assert answer.status_code == 422
    assert not Payment.objects.filter(purpose="bonus").exists()


def test_without_any_card_the_page_says_where_to_add_one(world, browser, at):
    for method in world.contract.client.payment_methods.all():
        remove_method(method=method)
    seen = text(read(browser.get(at)))
    assert "There is no card to pay with yet." in seen
    answer = browser.post(at, {"key": uuid.uuid4(), "amount": "5"})
    assert answer.status_code == 422


def test_a_card_added_in_another_tab_comes_into_the_form_as_it_was_typed(world, browser, at):
    for method in world.contract.client.payment_methods.all():
        remove_method(method=method)
    form = filled(browser.get(at)) | {"amount": "1.5", "note": "Well done"}
    new = card(world.contract.client)
    answer = browser.post(at, form | {"look": "methods"})
    assert answer.status_code == 200
    assert form.items() <= filled(answer).items()
    assert str(new) in text(read(answer))
    assert not bonuses()
    assert browser.post(at, filled(answer) | {"method": new.pk}).status_code == 302
    assert [bonus.gross for bonus in bonuses()] == [Decimal("1.50")]


@pytest.mark.parametrize(("role", "status"), [("manager", 200), ("viewer", 403), ("talent", 403)])
def test_b24_only_the_client_pays_a_bonus(world, at, role, status):
    browser = signed_in(getattr(world, role))
    assert browser.get(at).status_code == status
    if status == 403:
        assert browser.post(at, {"key": uuid.uuid4(), "amount": "5"}).status_code == 403
    assert signed_in(outsider()).get(at).status_code == 404


def test_b24_a_bonus_is_possible_for_thirty_days_after_the_end():
    world = ended(2)
    browser, at = signed_in(world.client), of_contract(world.contract.pk, "bonus")
    assert "A bonus is possible until" in text(read(browser.get(at)))
    form = filled(browser.get(at)) | {"amount": "5", "method": usable(browser, at)}
    clock.advance(timedelta(days=29))
    browser = signed_in(world.client)
    assert browser.post(at, form).status_code == 302
    clock.advance(timedelta(days=1))
    browser = signed_in(world.client)
    assert browser.get(at).status_code == 409
    answer = browser.post(at, form | {"key": uuid.uuid4()})
    assert answer.status_code == 409
    assert "is over" in text(read(answer))
    assert len(bonuses()) == 1
    books_hold()


def test_b40_an_offer_takes_no_bonus_yet():
    world = offered()
    browser, at = signed_in(world.client), of_contract(world.contract.pk, "bonus")
    assert browser.get(at).status_code == 409
    key = {"key": uuid.uuid4(), "amount": "5", "method": card(world.contract.client).pk}
    assert browser.post(at, key).status_code == 409


def test_b44_a_dispute_freezes_held_money_and_no_bonus():
    world = submitted(1)
    open_dispute(contract=world.contract, by=world.client, reason="Not what we agreed.")
    assert pay(signed_in(world.client), of_contract(world.contract.pk, "bonus")).status_code == 302
    books_hold()


def test_the_form_takes_few_queries(django_assert_num_queries, browser, at):
    with django_assert_num_queries(7):  # session, user, parties, contract, cards: if any, the default, the choice
        assert browser.get(at).status_code == 200
