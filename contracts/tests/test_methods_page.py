"""Payment methods: added by a number that is kept nowhere, chosen, removed unless in use, by those who may."""

import re
import uuid

import pytest
from django.test import Client, override_settings

from contracts.operations import methods as operations
from contracts.refusals import NotAllowed
from contracts.tests.browsing import fields_in, read
from contracts.tests.earning import bank, pair, talent, withdrawing
from contracts.tests.pages import parsed
from contracts.tests.visiting import said, signed_in
from escrow.gateways.sandbox_numbers import NUMBERS
from escrow.models import PaymentMethod
from escrow.operations.methods import add_method
from escrow.tests.paying import BANK, BANK_DECLINES, BANK_TIMES_OUT, DECLINES, WORKS
from marketplace.models import MemberRole, Party, PartyKind
from tests.factories import MembershipFactory, PartyFactory, UserFactory, joined, outsider

PAGE = "/payment-methods/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def party() -> Party:
    return PartyFactory.create()


@pytest.fixture
def browser(party) -> Client:
    return signed_in(joined(party, MemberRole.OWNER))


def add(browser: Client, party: Party, entry: str, query: str = ""):
    return browser.post(PAGE + query, {"party": str(party.pk), "entry": entry})


def kept(party: Party) -> list[str]:
    """The last digits of what a party can use, the default first."""
    return list(PaymentMethod.objects.usable().filter(party=party).values_list("last4", flat=True))


def test_a_card_is_added_and_its_number_kept_nowhere(browser, party):
    answer = add(browser, party, "4242 4242 4242 4242")
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    page = said(browser.get(PAGE))
    assert "Visa •••• 4242 was added." in page
    assert "Visa •••• 4242 Default" in page
    assert not any(WORKS in str(value) for row in PaymentMethod.objects.values() for value in row.values())


def test_the_form_says_for_which_party_it_is(browser, party):
    (form,) = [at for at in read(browser.get(PAGE)).iter("form") if at.get("action") == PAGE]
    assert dict(fields_in(form))["party"] == str(party.pk)


def test_nothing_is_added_for_another_party_than_the_page_was_opened_for(browser, party):
    other = PartyFactory.create()
    for named in (other.pk, uuid.uuid4()):
        answer = browser.post(PAGE, {"party": str(named), "entry": WORKS})
        assert answer.status_code == 422
        assert "You act for another party now" in said(answer)
    assert browser.post(PAGE, {"entry": WORKS}).status_code == 422
    assert (kept(party), kept(other)) == ([], [])


def test_what_was_typed_while_acting_for_another_party_is_not_added_to_this_one(party):
    user, other = joined(party, MemberRole.OWNER), PartyFactory.create()
    MembershipFactory.create(user=user, party=other)
    browser = signed_in(user)
    browser.post(f"/parties/{other.pk}/switch/")
    assert add(browser, party, WORKS).status_code == 422
    assert (kept(party), kept(other)) == ([], [])


@pytest.mark.parametrize(
    "entry", ["", " ", "4111111111111111", "x", "\N{ARABIC-INDIC DIGIT FOUR}" * 16, "\u200b", "9" * 10_000,
              "<script>alert(1)</script>", "pm_card_visa", BANK],
)  # fmt: skip
def test_what_is_no_test_number_of_a_card_is_refused_beside_the_field_and_kept(browser, party, entry):
    answer = add(browser, party, entry)
    assert answer.status_code == 422
    page = parsed(answer)
    assert re.search(r'<input[^>]*name="entry"[^>]*aria-invalid="true"', page)
    assert "<script>alert" not in page
    assert kept(party) == []


def test_a_client_adds_cards_and_a_talent_bank_accounts():
    freelancer, owner = talent("0.00")
    browser = signed_in(owner)
    answer = add(browser, freelancer, WORKS)
    assert "another kind of payment method" in said(answer)
    assert add(browser, freelancer, BANK).status_code == 302
    assert kept(freelancer) == ["6789"]
    assert "Bank accounts" in said(browser.get(PAGE))


def test_the_page_shows_which_test_numbers_there_are(browser):
    page = said(browser.get(PAGE))
    for number in NUMBERS:
        assert (number.spaced in page) == (number.kind == "card")
    assert "4000 0000 0000 0002Visa, is declined" in page.replace(" Visa", "Visa")


def test_another_is_made_the_default(browser, party):
    first, second = (add_method(party=party, entry=number) for number in (WORKS, DECLINES))
    assert kept(party) == [first.last4, second.last4]
    answer = browser.post(f"{PAGE}{second.pk}/default/")
    assert answer["Location"] == PAGE
    assert "Visa •••• 0002 is the default from now on." in said(browser.get(PAGE))
    assert kept(party) == [second.last4, first.last4]


def test_one_is_removed_and_once_more_is_the_same(browser, party):
    method = add_method(party=party, entry=WORKS)
    for _each in range(2):
        assert browser.post(f"{PAGE}{method.pk}/removal/")["Location"] == PAGE
        assert "Visa •••• 4242 was removed." in said(browser.get(PAGE))
    assert kept(party) == []
    assert browser.post(f"{PAGE}{method.pk}/default/").status_code == 409


def test_one_that_an_open_payment_uses_is_not_removed():
    party, owner = talent("50.00")
    method = bank(party, BANK_TIMES_OUT)
    withdrawing(party, owner, "10.00", method=method)
    answer = signed_in(owner).post(f"{PAGE}{method.pk}/removal/")
    assert answer.status_code == 409
    assert "A payment with this payment method is under way." in said(answer)
    assert kept(party) == ["1113"]


@pytest.mark.parametrize("act", ["default", "removal"])
def test_somebody_elses_method_is_not_there(browser, act):
    method = add_method(party=PartyFactory.create(), entry=WORKS)
    for key in (method.pk, 0, 2**31, 2**63, "9" * 30):
        assert browser.post(f"{PAGE}{key}/{act}/").status_code == 404
    assert browser.get(f"{PAGE}{method.pk}/{act}/").status_code == 405
    assert PaymentMethod.objects.get().removed_at is None


@pytest.mark.parametrize(
    ("back", "to"),
    [("/contracts/x/deposit/", "/contracts/x/deposit/"), ("https://elsewhere.test/", PAGE), ("//elsewhere.test", PAGE),
     ("jobs", PAGE), ("javascript:alert(1)", PAGE), ("/\\elsewhere.test", PAGE), ("", PAGE)],
)  # fmt: skip
def test_it_leads_back_to_the_page_that_asked_for_a_method_and_nowhere_else(browser, party, back, to):
    browser.get(PAGE, query_params={"next": back})
    answer = browser.post(PAGE, {"party": str(party.pk), "entry": WORKS}, query_params={"next": back})
    assert answer["Location"] == to


# Who


@pytest.mark.parametrize(
    ("kind", "role", "may"),
    [("client", "owner", True), ("client", "manager", True), ("client", "viewer", False), ("freelancer", "owner", True),
     ("agency", "manager", True), ("agency", "member", False)],
)  # fmt: skip
def test_who_may_look_at_and_change_payment_methods(kind, role, may):
    party = PartyFactory.create(kind=PartyKind(kind))
    entry = WORKS if party.is_client else BANK
    user = joined(party, role)
    browser, method = signed_in(user), add_method(party=party, entry=DECLINES if party.is_client else BANK_DECLINES)
    assert browser.get(PAGE).status_code == (200 if may else 403)
    assert add(browser, party, entry).status_code == (302 if may else 403)
    for act in ("default", "removal"):
        assert browser.post(f"{PAGE}{method.pk}/{act}/").status_code == (302 if may else 403)
    assert bool(PaymentMethod.objects.get(pk=method.pk).removed_at) == may


def test_the_operations_hold_it_too(party):
    method = add_method(party=party, entry=WORKS)
    for user in (outsider(), joined(party, MemberRole.VIEWER)):
        with pytest.raises(NotAllowed):
            operations.add_method(by=user, party=party, entry=DECLINES)
        for change in (operations.make_default, operations.remove_method):
            with pytest.raises(NotAllowed):
                change(by=user, method=method)
    assert kept(party) == ["4242"]


def test_those_without_a_party_are_told_so():
    browser = signed_in(UserFactory.create())
    assert "You act for nobody yet" in said(browser.get(PAGE))
    assert browser.post(PAGE, {"entry": WORKS}).status_code == 404
    assert browser.post(f"{PAGE}1/removal/").status_code == 404
    assert Client().get(PAGE).status_code == 302


# With the real provider


def test_with_stripe_a_card_comes_as_a_token_and_no_bank_account_can_be_added():
    world = pair()
    with override_settings(GATEWAY="stripe"):
        page = said(signed_in(world.payer).get(PAGE))
        assert "Token of the card" in page
        assert "never sees a card's number" in page
        assert "4242" not in page
        page = said(signed_in(world.earner).get(PAGE))
        assert "Bank accounts cannot be added with this payment provider yet" in page
        assert not [at for at in read(signed_in(world.earner).get(PAGE)).iter("input") if at.get("name") == "entry"]
