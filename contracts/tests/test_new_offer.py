"""A new offer: what the page says before, what is made of it, and what its card may do (B40)."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from contracts.models import Contract
from contracts.reading.offers import Conditions, Deposit
from contracts.tests.browsing import HTMX, ids, read, with_class, with_id
from contracts.tests.offering import (
    ana_lima,
    client_with_card,
    form_in,
    nothing_was_made,
    put,
    send,
    sums,
    to,
    with_row,
    written,
)
from contracts.tests.visiting import followed, said, signed_in, wrong_fields
from escrow.models import Payment
from escrow.tests.paying import CONFIRMS, DECLINES
from marketplace.models import Job, Party
from tests.books import books_hold
from tests.factories import JobFactory, PartyFactory, card, joined

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Party:
    return client_with_card()


@pytest.fixture
def browser(client) -> Client:
    return signed_in(joined(client, "owner"))


@pytest.fixture
def talent() -> Party:
    return ana_lima()


# What the page says before


def test_b40_the_page_begins_with_one_milestone_and_says_the_conditions_and_the_fee(browser, talent):
    answer = browser.get(to(talent))
    page = said(answer)
    assert "To Ana Lima, freelancer" in page
    assert "10 % of whatever is released" in page
    assert "The client has 14 days after each submission" in page
    assert "Within 7 days; without an answer the offer expires" in page
    dash = "\N{EN DASH}"
    nothing = f"Deposit: the first milestone {dash} Contract Initiation Fee $4.95 You are charged now {dash}"
    assert sums(answer) == nothing
    assert len(with_class(read(answer), "plan-row")) == 1


def test_b21_before_the_click_the_page_says_to_the_cent_what_will_be_charged(browser, talent):
    fields = with_row(written(browser, to(talent), **{"amount-first": "1,200.5"}), "Deck", "80")
    answer = send(browser, to(talent), [*fields, ("look", "sums")])
    assert answer.status_code == 200
    expected = "Deposit: the first milestone $1,200.50 Contract Initiation Fee $4.95 You are charged now $1,205.45"
    assert sums(answer) == expected
    assert "Total $1,280.50" in said(answer)
    nothing_was_made()


def test_without_a_script_a_row_is_added_and_what_was_typed_stays(browser, talent):
    fields = written(browser, to(talent), terms="Stone", **{"description-first": "Two of them"})
    answer = send(browser, to(talent), [*fields, ("look", "row")])
    stands = dict(form_in(answer))
    assert len([name for name, _value in form_in(answer) if name == "key"]) == 2
    assert (stands["title"], stands["terms"]) == ("A bridge", "Stone")
    assert "Two of them" in stands.values()
    assert not wrong_fields(answer)
    nothing_was_made()


def test_a_row_for_it_comes_with_a_key_of_its_own(browser, talent):
    known = ids(read(browser.get(to(talent))))
    rows = [read(browser.get("/offers/new/row/", headers=HTMX), inside="ol", known=known) for _each in range(2)]
    keys = [next(at.get("value") for at in row.iter("input") if at.get("name") == "key") for row in rows]
    assert len({*map(uuid.UUID, keys)}) == 2
    assert 'hx-get="/offers/new/row/"' in browser.get(to(talent)).content.decode()


def test_a_client_without_a_card_is_told_so_and_sends_nothing(talent):
    browser = signed_in(joined(PartyFactory.create(), "owner"))
    assert "there is no card to charge yet. Add one below" in said(browser.get(to(talent)))
    fields = [(name, value) for name, value in written(browser, to(talent)) if name != "method"]
    answer = send(browser, to(talent), fields)
    assert answer.status_code == 422
    nothing_was_made()


# What is made of it


def test_b40_an_offer_is_made_its_deposit_charged_and_the_talent_can_answer(browser, client, talent):
    fields = written(browser, to(talent), job_title="Crossings", terms="Of stone.\r\nBy hand.")
    fields = with_row(fields, "Deck", "80.00")
    page = followed(browser, send(browser, to(talent), fields))
    assert "The offer was sent to Ana Lima. $124.95 was charged to Visa •••• 4242" in page
    contract = Contract.objects.with_money().get()
    assert (contract.pk, contract.status) == (uuid.UUID(dict(fields)["offer_key"]), "offered")
    assert (contract.client, contract.talent, contract.job.title) == (client, talent, "Crossings")
    assert (contract.title, contract.terms) == ("A bridge", "Of stone.\nBy hand.")
    assert [(line.title, line.amount) for line in contract.plan()] == [("Piers", Decimal(120)), ("Deck", Decimal(80))]
    assert (contract.held, contract.fee_held) == (Decimal("120.00"), Decimal("4.95"))
    assert contract.answer_by - contract.sent_at == timedelta(days=7)
    earner = talent.memberships.get().user
    assert signed_in(earner).get(f"/contracts/{contract.pk}/answer/").status_code == 200
    books_hold()


def test_b40_what_the_page_says_is_what_is_charged(browser, talent):
    fields = written(browser, to(talent), **{"amount-first": "77.77"})
    send(browser, to(talent), fields)
    contract = Contract.objects.get()
    deposit = Deposit.for_new(contract.plan(), Conditions.of(contract).initiation_fee)
    assert Payment.objects.get().amount == deposit.charge == Decimal("82.72")
    books_hold()


def test_an_offer_belongs_to_one_of_the_clients_jobs_or_to_a_new_one_called_like_it(browser, client, talent):
    job = JobFactory.create(client=client, title="Crossings")
    send(browser, to(talent), put(written(browser, to(talent)), job=str(job.pk)))
    send(browser, to(talent), written(browser, to(talent), title="A dam"))
    assert list(Contract.objects.order_by("created_at").values_list("job__title", flat=True)) == ["Crossings", "A dam"]
    books_hold()


def test_the_same_form_twice_makes_one_offer_and_says_so_twice(browser, talent):
    fields = written(browser, to(talent))
    pages = [followed(browser, send(browser, to(talent), fields)) for _each in range(2)]
    assert all("The offer was sent to Ana Lima" in page for page in pages)
    assert (Contract.objects.count(), Payment.objects.count(), Job.objects.count()) == (1, 1, 1)
    books_hold()


@pytest.mark.parametrize("typed", [{"title": "Another bridge"}, {"job_title": "Dams"}], ids=["title", "job"])
def test_i17_a_form_that_made_an_offer_makes_another_one_only_with_a_key_of_its_own(browser, talent, typed):
    fields = written(browser, to(talent))
    send(browser, to(talent), fields)
    answer = send(browser, to(talent), put(fields, **typed))
    assert answer.status_code == 409
    assert Contract.objects.get().title == "A bridge"
    stands = form_in(answer)
    assert dict(stands)["offer_key"] != dict(fields)["offer_key"]
    assert send(browser, to(talent), stands).status_code == 302
    assert Contract.objects.count() == 2
    books_hold()


# The card


def test_b40_with_a_declined_card_the_offer_is_kept_unsent_and_can_be_paid_with_another(browser, client, talent):
    bad = card(client, DECLINES)
    answer = send(browser, to(talent), put(written(browser, to(talent)), method=str(bad.pk)))
    assert answer.status_code == 422
    assert "Nothing was charged. The offer is kept as you wrote it" in said(answer)
    contract = Contract.objects.get()
    earner = signed_in(talent.memberships.get().user)
    assert contract.sent_at is None
    assert earner.get(f"/contracts/{contract.pk}/answer/").status_code == 404
    deposit = f"/contracts/{contract.pk}/deposit/"
    page = browser.get(deposit)
    assert "You are charged now $124.95" in said(page)
    key = next(at.get("value") for at in read(page).iter("input") if at.get("name") == "key")
    good = client.payment_methods.get(last4="4242")
    paid = followed(browser, browser.post(deposit, {"key": key, "method": good.pk}))
    assert "The offer is open for an answer. $124.95 was charged" in paid
    assert earner.get(f"/contracts/{contract.pk}/answer/").status_code == 200
    books_hold()


def test_a_charge_that_has_to_be_confirmed_leads_to_its_page(browser, client, talent):
    confirms = card(client, CONFIRMS)
    answer = send(browser, to(talent), put(written(browser, to(talent)), method=str(confirms.pk)))
    payment = Payment.objects.get()
    assert answer["Location"] == f"/contracts/{payment.subject}/payments/{payment.pk}/"
    for page in ("deposit", "offer"):
        assert browser.get(f"/contracts/{payment.subject}/{page}/")["Location"] == answer["Location"]
    books_hold()


def test_the_page_is_read_with_a_screen_reader_too(browser, talent):
    root = read(browser.get(to(talent)))
    fields = [at for at in with_id(root, "editor").iter() if at.tag in {"input", "select", "textarea"}]
    labels = {at.get("for") for at in root.iter("label")}
    assert {at.get("id") for at in fields if at.get("type") != "hidden"} <= labels
