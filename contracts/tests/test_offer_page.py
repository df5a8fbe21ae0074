"""An offer that is changed, withdrawn or paid for again: what its page says, and what of its deposit moves (B40)."""

import uuid
from decimal import Decimal

import pytest
from django.test import Client

from contracts.models import Contract
from contracts.operations.offers import accept_offer, change_offer, withdraw_offer
from contracts.tests.browsing import HTMX, ids, read, text, with_class, with_id
from contracts.tests.editing import edited
from contracts.tests.offering import form_in, put, send, sums, with_row
from contracts.tests.visiting import at, followed, held, said, signed_in, wrong_fields
from escrow.models import Payment
from escrow.tests.paying import DECLINES, LATER
from marketplace import clock
from tests.books import books_hold
from tests.factories import Agreed, card, offered, outsider

pytestmark = pytest.mark.django_db
BACK = "goes back to you"


@pytest.fixture
def world() -> Agreed:
    """An offer of 100, 101 and 102 dollars."""
    return offered(3, terms="Of stone")


@pytest.fixture
def contract(world) -> Contract:
    return world.contract


@pytest.fixture
def browser(world) -> Client:
    return signed_in(world.client)


def changed(browser, contract: Contract, place: int = 1, **typed: str) -> list[tuple[str, str]]:
    """The form, with the milestone at this place opened and typed over."""
    fields = form_in(browser.get(at(contract, "offer/")))
    line = contract.plan().lines[place - 1]
    values = {"title": line.title, "amount": str(line.amount), **typed}
    return put(fields, **{f"{name}-{line.key}": value for name, value in values.items()})


def save(browser, contract: Contract, fields):
    return send(browser, at(contract, "offer/"), fields)


def untouched(contract: Contract) -> None:
    contract.refresh_from_db()
    assert (contract.plan_version, held(contract)) == (1, Decimal("100.00"))
    assert contract.answer_by
    books_hold()


def test_b40_the_page_shows_the_offer_as_it_stands_with_the_rows_of_the_editor(browser, contract):
    answer = browser.get(at(contract, "offer/"))
    root = read(answer)
    stands = dict(form_in(answer))
    assert (stands["title"], stands["terms"], stands["revision"]) == ("Small works", "Of stone", "1")
    assert [text(row) for row in with_class(root, "plan-title")] == ["Step 1", "Step 2", "Step 3"]
    assert with_id(root, "editor").get("data-rows") == at(contract, "milestones/")
    row = browser.get(at(contract, "milestones/1/?revision=1"), headers=HTMX)
    assert "Step 1" in text(read(row, inside="ol", known=ids(root)))
    opened = browser.get(at(contract, "offer/?open=1"))
    assert len(with_class(read(opened), "is-open")) == 3
    expected = (
        "Deposit: the first milestone $100.00 Held for it already $100.00 Contract Initiation Fee, paid before $0.00"
    )
    assert sums(answer) == f"{expected} You are charged now $0.00"


def test_the_page_costs_as_many_queries_for_one_milestone_as_for_many(django_assert_num_queries):
    for size in (1, 40):
        world = offered(size)
        browser = signed_in(world.client)
        with django_assert_num_queries(10):
            browser.get(at(world.contract, "offer/"))


def test_b40_a_new_version_can_be_answered_and_the_days_begin_anew(world, browser, contract):
    before = contract.answer_by
    fields = with_row(changed(browser, contract, 2, title="Walls"), "Roof", "40.00")
    page = followed(browser, save(browser, contract, put(fields, title="A house", terms="Of wood")))
    assert "The offer was changed. Nothing was charged." in page
    contract.refresh_from_db()
    assert (contract.title, contract.terms, contract.plan_version) == ("A house", "Of wood", 2)
    assert [line.title for line in contract.plan()] == ["Step 1", "Walls", "Step 3", "Roof"]
    assert contract.answer_by > before
    assert held(contract) == Decimal("100.00")
    books_hold()


def test_b40_a_larger_first_milestone_is_charged_by_the_difference(browser, contract):
    fields = changed(browser, contract, 1, amount="175.50")
    assert "$75.50 was charged to Visa •••• 4242" in followed(browser, save(browser, contract, fields))
    assert held(contract) == Decimal("175.50")
    assert Payment.objects.filter(direction="charge").latest("created_at").amount == Decimal("75.50")
    books_hold()


def test_b40_of_a_smaller_first_milestone_the_difference_goes_back(browser, contract):
    fields = changed(browser, contract, 1, amount="60")
    assert f"$40.00 of its deposit {BACK}." in followed(browser, save(browser, contract, fields))
    assert held(contract) == Decimal("60.00")
    books_hold()


def test_b40_another_first_milestone_needs_its_own_deposit(browser, contract):
    fields = form_in(browser.get(at(contract, "offer/")))
    fields = [*fields, (f"delete-{contract.plan().keys[0]}", "1")]
    assert "$1.00 was charged" in followed(browser, save(browser, contract, fields))
    assert [line.title for line in contract.plan()] == ["Step 2", "Step 3"]
    assert held(contract) == Decimal("101.00")
    books_hold()


def test_what_was_typed_is_answered_with_the_sums_of_it(browser, contract):
    answer = save(browser, contract, put(changed(browser, contract, 1, amount="130"), title=""))
    assert answer.status_code == 422
    assert "You are charged now $30.00" in sums(answer)
    answer = save(browser, contract, put(changed(browser, contract, 1, amount="30"), title=""))
    assert "You are charged now $0.00 Goes back to you $70.00" in sums(answer)
    untouched(contract)


@pytest.mark.parametrize("amount", ["4.99", "1e3", "", "NaN", "5,00"])
def test_b02_a_wrong_amount_is_said_beside_it(browser, contract, amount):
    answer = save(browser, contract, put(changed(browser, contract, 2, amount=amount), title="Other"))
    assert answer.status_code == 422
    assert wrong_fields(answer) == [f"amount-{contract.plan().keys[1]}"]
    assert dict(form_in(answer))["title"] == "Other"
    untouched(contract)


def test_b40_an_offer_keeps_a_milestone(browser, contract):
    fields = form_in(browser.get(at(contract, "offer/")))
    answer = save(browser, contract, [*fields, *((f"delete-{key}", "1") for key in contract.plan().keys)])
    assert answer.status_code == 422
    assert "At least one milestone is needed" in said(answer)
    untouched(contract)


def test_x02_a_change_that_somebody_else_saved_meanwhile_loses_nothing_typed(world, browser, contract):
    fields = put(changed(browser, contract, 2, title="Mine"), title="My title")
    change_offer(
        contract=contract, by=world.manager, key=uuid.uuid4(), base=1, title="Theirs", terms="",
        plan=edited(contract.plan(), 3, title="Their third"), method=None, today=clock.now().date(),
    )  # fmt: skip
    answer = save(browser, contract, fields)
    assert answer.status_code == 409
    page = said(answer)
    assert f"{world.manager.name} saved this plan while you were editing" in page
    stands = form_in(answer)
    assert dict(stands)["title"] == "My title"
    assert save(browser, contract, stands).status_code == 302
    contract.refresh_from_db()
    assert [line.title for line in contract.plan()] == ["Step 1", "Mine", "Their third"]
    assert (contract.title, contract.plan_version) == ("My title", 3)
    books_hold()


@pytest.mark.parametrize("revision", ["", "0", "9", "x", "9" * 400])
def test_a_version_that_the_offer_never_had_is_out_of_date(browser, contract, revision):
    answer = save(browser, contract, put(changed(browser, contract, title="New"), revision=revision))
    assert answer.status_code == 409
    untouched(contract)


def test_the_same_post_twice_changes_it_once_and_says_so_twice(browser, contract):
    fields = changed(browser, contract, 1, amount="150")
    pages = [followed(browser, save(browser, contract, fields)) for _each in range(2)]
    assert all("The offer was changed." in page for page in pages)
    assert Contract.objects.get().plan_version == 2
    assert held(contract) == Decimal("150.00")
    books_hold()


def test_b40_with_a_declined_card_the_new_version_waits_for_its_deposit(world, browser, contract):
    bad = card(contract.client, DECLINES)
    answer = save(browser, contract, put(changed(browser, contract, 1, amount="150"), method=str(bad.pk)))
    assert answer.status_code == 422
    assert "Nothing was charged" in said(answer)
    assert "You are charged now $50.00" in sums(answer)
    page = said(signed_in(world.talent).get(at(contract, "answer/")))
    assert "This offer cannot be accepted right now" in page
    assert "Accept the offer" not in page
    good = contract.client.payment_methods.get(last4="4242")
    form = {"key": str(uuid.uuid4()), "method": good.pk}
    assert "$50.00 was charged" in followed(browser, browser.post(at(contract, "deposit/"), form))
    assert "Accept the offer" in said(signed_in(world.talent).get(at(contract, "answer/")))
    assert held(contract) == Decimal("150.00")
    books_hold()


def test_a_client_without_a_card_can_change_what_charges_nothing(browser, contract):
    contract.client.payment_methods.update(removed_at=clock.now(), is_default=False)
    fields = [each for each in changed(browser, contract, 2, amount="90") if each[0] != "method"]
    assert save(browser, contract, fields).status_code == 302
    fields = [each for each in changed(browser, contract, 1, amount="190") if each[0] != "method"]
    answer = save(browser, contract, fields)
    assert answer.status_code == 422
    assert "Add a payment method (opens in a new tab)" in said(answer)
    assert held(contract) == Decimal("100.00")
    books_hold()


# The deposit by itself


@pytest.mark.parametrize("form", [{}, {"key": "x"}, {"key": str(uuid.uuid4()), "method": "0"}, {"method": "x"}])
def test_a_deposit_is_paid_with_a_card_of_the_client(form):
    world = offered(1)
    browser, contract = signed_in(world.client), world.contract
    bad = card(contract.client, DECLINES)
    save(browser, contract, put(changed(browser, contract, 1, amount="150"), method=str(bad.pk)))
    assert browser.post(at(contract, "deposit/"), form).status_code == 422
    assert held(contract) == Decimal("100.00")
    books_hold()


def test_a_deposit_that_is_paid_is_not_paid_again(browser, contract):
    assert "The deposit is paid" in said(browser.get(at(contract, "deposit/")))
    method = contract.client.payment_methods.get()
    browser.post(at(contract, "deposit/"), {"key": str(uuid.uuid4()), "method": method.pk})
    untouched(contract)


def test_while_a_charge_is_under_way_the_offer_waits(browser, contract):
    later = card(contract.client, LATER)
    answer = save(browser, contract, put(changed(browser, contract, 1, amount="150"), method=str(later.pk)))
    payment = Payment.objects.get(status="asked")
    assert answer["Location"] == at(contract, f"payments/{payment.pk}/")
    for page in ("offer/", "deposit/"):
        assert browser.get(at(contract, page))["Location"] == answer["Location"]
    fields = put(changed_without_opening(contract), offer_key=str(uuid.uuid4()))
    assert save(browser, contract, fields).status_code == 409
    books_hold()


def changed_without_opening(contract: Contract) -> list[tuple[str, str]]:
    contract.refresh_from_db()
    method = contract.client.payment_methods.filter(last4="4242").get()
    keys = [("key", str(key)) for key in contract.plan().keys]
    words = {"title": "Other", "terms": "", "revision": str(contract.plan_version), "method": str(method.pk)}
    return [*keys, *words.items()]


# Withdrawing it


def test_b40_withdrawing_says_what_comes_back_and_gives_back_all_of_it(browser, contract):
    assert "$104.95 goes back to what you paid with" in said(browser.get(at(contract, "withdrawal/")))
    for _each in range(2):
        page = followed(browser, browser.post(at(contract, "withdrawal/")))
    assert "The offer was withdrawn." in page
    assert Contract.objects.get().status == "withdrawn"
    assert held(contract) == 0
    assert Payment.objects.get(direction="refund").amount == Decimal("104.95")
    books_hold()


@pytest.mark.parametrize("page", ["offer/", "deposit/", "withdrawal/"])
def test_once_it_is_over_its_pages_say_so(world, browser, contract, page):
    withdraw_offer(contract=contract, by=world.client)
    answer = browser.get(at(contract, page))
    assert answer.status_code == 409
    assert "The offer was withdrawn." in said(answer)
    again = browser.post(at(contract, page), {"key": str(uuid.uuid4())})
    assert again.status_code in {302, 409, 422}
    assert held(contract) == 0
    books_hold()


def test_b40_an_accepted_offer_is_neither_changed_nor_withdrawn(world, browser, contract):
    fields = changed(browser, contract, 1, amount="150")
    accept_offer(contract=contract, by=world.talent, version=1)
    assert save(browser, contract, fields).status_code == 409
    late = [browser.post(at(contract, page), {"key": uuid.uuid4()}) for page in ("withdrawal/", "deposit/")]
    assert [(answer.status_code, "Pay $" in said(answer)) for answer in late] == [(409, False)] * 2
    contract.refresh_from_db()
    assert (contract.status, contract.plan_version, held(contract)) == ("active", 1, Decimal("100.00"))
    books_hold()


@pytest.mark.parametrize("page", ["offer/", "deposit/", "withdrawal/"])
def test_only_those_who_manage_the_client_may(world, contract, page):
    for user, status in ((world.manager, 200), (world.viewer, 403), (world.talent, 403), (outsider(), 404)):
        browser = signed_in(user)
        assert browser.get(at(contract, page)).status_code == status
        if status != 200:
            assert browser.post(at(contract, page)).status_code == status
    untouched(contract)
