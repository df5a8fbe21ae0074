"""A page that stays open while something is done in another tab: another party is acted for, a card is added.

Nothing is done for a party that the page was not opened for, and nothing typed is lost.
"""

import pytest
from django.http import HttpResponse
from django.test import Client

from contracts.models import Contract
from contracts.reading.jobs import PAGE_SIZE
from contracts.tests.browsing import HTMX, read, text, with_class, with_id
from contracts.tests.dealing import Deal
from contracts.tests.earning import bank, talent
from contracts.tests.offering import ana_lima, client_with_card, form_in, nothing_was_made, put, send, to, written
from contracts.tests.proposing import acquainted
from contracts.tests.visiting import at, fill, followed, said, signed_in, wrong_fields
from contracts.tests.visiting import form_in as only_form_in
from escrow import ledger
from escrow.models import Kind, Payment
from escrow.tests.paying import DECLINES, WORKS
from marketplace.models import MemberRole, Party, PartyKind
from tests.books import books_hold
from tests.factories import MembershipFactory, PartyFactory, accept, card, joined, offer, offered, plan

pytestmark = pytest.mark.django_db
OTHER = "You act for another party now than when this page was opened."
WITHDRAW = "/balance/withdrawal/"


def another(user, kind: PartyKind) -> Party:
    """One more party that they decide for."""
    party = PartyFactory.create(kind=kind, name="The other hat")
    role = MemberRole.MANAGER if kind == PartyKind.AGENCY else MemberRole.OWNER
    MembershipFactory.create(user=user, party=party, role=role)
    return party


def act_for(browser: Client, party: Party) -> None:
    """As somebody does it in another tab."""
    assert browser.post(f"/parties/{party.pk}/switch/").status_code == 302


@pytest.fixture
def deal() -> Deal:
    return acquainted()


@pytest.fixture
def agency(deal) -> Party:
    """The freelancer manages an agency as well, which has worked for the same client."""
    party = another(deal.earner, PartyKind.AGENCY)
    job = Contract.objects.get(client=deal.client).job
    accept(offer(deal.payer, job, party, plan(1)))
    return party


def proposals() -> list[Contract]:
    return list(Contract.objects.filter(status="proposed"))


def test_b41_a_freelancers_proposal_is_not_sent_in_the_name_of_an_agency(deal, agency):
    browser, address = signed_in(deal.earner), f"/proposals/new/?client={deal.client.pk}"
    fields = written(browser, address, terms="By hand.", job_title="Bridges")
    act_for(browser, agency)
    answer = send(browser, address, fields)
    assert answer.status_code == 422
    assert OTHER in said(answer)
    assert f"From {deal.talent.name}" in said(answer)
    assert set(fields) <= set(form_in(answer))
    assert not proposals()
    act_for(browser, deal.talent)
    assert send(browser, address, form_in(answer)).status_code == 302
    assert [each.talent for each in proposals()] == [deal.talent]
    books_hold()


@pytest.mark.parametrize("kind", [PartyKind.AGENCY, PartyKind.CLIENT])
def test_b41_nothing_typed_is_lost_where_the_other_party_could_not_propose_it(deal, kind):
    browser, address = signed_in(deal.earner), f"/proposals/new/?client={deal.client.pk}"
    fields = written(browser, address, terms="By hand.")
    act_for(browser, another(deal.earner, kind))
    for more in ([], [("look", "row")]):
        answer = send(browser, address, [*fields, *more])
        assert set(fields) <= set(form_in(answer))
    assert not proposals()


def test_b41_in_a_contracts_room_the_contract_says_whose_proposal_it_is(deal, agency):
    contract = Contract.objects.get(client=deal.client, talent=deal.talent)
    browser, address = signed_in(deal.earner), at(contract, "new-proposal/")
    fields = written(browser, address)
    act_for(browser, agency)
    assert send(browser, address, fields).status_code == 302
    assert [each.talent for each in proposals()] == [deal.talent]


def test_b40_an_offer_is_not_made_in_the_name_of_another_client():
    client, payee = client_with_card(), ana_lima()
    user = MembershipFactory.create(party=client).user
    browser, other = signed_in(user), another(user, PartyKind.CLIENT)
    card(other)
    fields = written(browser, to(payee), terms="By hand.")
    act_for(browser, other)
    answer = send(browser, to(payee), fields)
    assert (answer.status_code, OTHER in said(answer)) == (422, True)
    assert "From Harbour" in said(answer)
    nothing_was_made()
    assert "From The other hat" in said(browser.get(to(payee)))
    act_for(browser, client)
    assert send(browser, to(payee), form_in(answer)).status_code == 302
    assert Contract.objects.get().client == client
    books_hold()


@pytest.mark.parametrize("named", ["", "x", "00000000-0000-4000-8000-000000000000"])
def test_a_page_of_nobody_that_one_acts_for_makes_no_offer(named):
    browser, payee = signed_in(MembershipFactory.create(party=client_with_card()).user), ana_lima()
    fields = [field for field in written(browser, to(payee)) if field[0] != "party"]
    assert send(browser, to(payee), [*fields, ("party", named)]).status_code == 422
    nothing_was_made()


def test_a_card_added_in_another_tab_comes_into_the_offer_as_it_was_typed():
    client, payee = PartyFactory.create(), ana_lima()
    browser = signed_in(joined(client, "owner"))
    without = browser.get(to(payee))
    assert links_to_methods(without) == [("_blank", "Add a payment method (opens in a new tab)")]
    fields = written(browser, to(payee), terms="By hand.", **{"amount-first": "2"})
    added = browser.post("/payment-methods/", {"party": str(client.pk), "entry": WORKS})
    assert "was added." in followed(browser, added)
    answer = send(browser, to(payee), [*fields, ("look", "methods")])
    assert (answer.status_code, wrong_fields(answer)) == (200, [])
    assert set(fields) < set(form_in(answer))
    assert dict(form_in(answer))["method"] == str(client.payment_methods.get().pk)
    assert len(with_class(read(answer), "plan-row")) == 1
    assert "no card to charge yet" not in said(answer)
    nothing_was_made()


def test_a_card_added_in_another_tab_comes_into_the_offer_that_is_changed():
    world = offered(2)
    browser, address = signed_in(world.client), at(world.contract, "offer/")
    page = browser.get(address)
    assert links_to_methods(page) == [("_blank", "Add another payment method (opens in a new tab)")]
    fields, new = form_in(page), card(world.contract.client, DECLINES)
    answer = send(browser, address, [*fields, ("look", "methods")])
    assert set(fields) <= set(form_in(answer))
    assert str(new) in said(answer)
    chosen = put(form_in(answer), method=str(new.pk), title="")
    assert dict(form_in(send(browser, address, [*chosen, ("look", "methods")])))["method"] == str(new.pk)
    world.contract.refresh_from_db()
    assert world.contract.plan_version == 1
    books_hold()


def links_to_methods(answer: HttpResponse) -> list[tuple[str, str]]:
    """Where they open and what they say; none leads away from what was typed."""
    links = with_id(read(answer), "main").iter("a")
    return [(at.get("target"), text(at)) for at in links if at.get("href", "").startswith("/payment-methods/")]


@pytest.mark.parametrize("page", ["/jobs/", "/balance/", "/payments/", "/messages/"])
def test_a_list_does_not_go_on_with_another_partys_rows(page):
    one, other = offered(1), offered(1)
    first, second = one.contract.client, other.contract.client
    MembershipFactory.create(user=one.client, party=second, role=MemberRole.MANAGER)
    browser = signed_in(one.client)
    act_for(browser, first)
    asked = [{"party": str(party.pk)} for party in (first, second)]
    answers = [browser.get(page, query, headers=HTMX) for query in asked]
    assert [answer.get("HX-Refresh") for answer in answers] == [None, "true"]
    assert answers[1].content == b""
    act_for(browser, second)
    answers = [browser.get(page, query, headers=HTMX) for query in [*asked, {}]]
    assert [answer.get("HX-Refresh") for answer in answers] == ["true", None, None]
    assert browser.get(page, asked[0]).content  # a link that somebody kept


def test_my_jobs_asks_for_the_rows_of_the_party_that_it_shows(deal):
    browser, listed = signed_in(deal.payer), f'{{"party": "{deal.client.pk}"}}'
    assert with_id(read(browser.get("/jobs/")), "jobs-asks").get("hx-vals") == listed
    job = Contract.objects.get(client=deal.client).job
    for _each in range(PAGE_SIZE):
        offer(deal.payer, job, deal.talent, plan(1))
    for headers in ({}, HTMX):
        answer = browser.get("/jobs/", {"party": str(deal.client.pk)}, headers=headers)
        more = with_id(read(answer.content.decode(), inside="ol"), "show-more")
        assert more.get("hx-vals") == listed
        assert "party" not in more.get("href")


def test_a_withdrawal_is_not_made_from_the_balance_of_another_party():
    party, user = talent("100.00")
    second, _manager = talent("500.00", PartyKind.AGENCY)
    MembershipFactory.create(user=user, party=second, role=MemberRole.MANAGER)
    method = bank(party)
    bank(second)
    browser = signed_in(user)
    form = fill(browser, WITHDRAW, amount="12.34", method=method.pk)
    act_for(browser, second)
    answer = browser.post(WITHDRAW, form)
    assert (answer.status_code, OTHER in said(answer)) == (422, True)
    assert f"{party.name} has $100.00 available." in said(answer)
    assert only_form_in(answer)["amount"] == "12.34"
    assert not Payment.objects.filter(purpose="withdrawal").exists()
    act_for(browser, party)
    assert "$12.34 was sent to" in followed(browser, browser.post(WITHDRAW, form))
    assert str(ledger.balance(Kind.AVAILABLE, second.pk)) == "500.00"
    books_hold()
