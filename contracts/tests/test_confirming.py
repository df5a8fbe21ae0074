"""Money out, and where it goes: asked once more who it is, then back, with what was typed still there (ASVS 7.5.3)."""

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY as TYPED
from django.test import Client

from contracts.tests.browsing import HTMX, fields_in, read
from contracts.tests.earning import bank, talent
from contracts.tests.visiting import form_in, said
from escrow import ledger
from escrow.models import Kind, Payment, PaymentMethod
from marketplace.models import Party, PartyKind, User
from tests.factories import BANK, PartyFactory, joined

PASSWORD = "stones-on-stones"
WITHDRAW, METHODS = "/balance/withdrawal/", "/payment-methods/"
ASKED = "/accounts/reauthenticate/?next="
pytestmark = pytest.mark.django_db


class Person:
    """Somebody with a password, signed in a while ago."""

    def __init__(self, party: Party, user: User) -> None:
        user.set_password(PASSWORD)
        user.save()
        self.party, self.user, self.browser = party, user, Client()
        self.browser.force_login(user)

    def confirm(self, door: str, password: str = PASSWORD):
        """Type the password at the page that asks."""
        hidden = {name: value for name, value in fields_in(read(self.browser.get(door))) if name == "next"}
        return self.browser.post(door, hidden | {"password": password})

    def minutes_later(self, minutes: int) -> None:
        """So long ago this session typed its password."""
        session = self.browser.session
        session[TYPED] = [record | {"at": record["at"] - 60 * minutes} for record in session[TYPED]]
        session.save()


@pytest.fixture
def earner() -> Person:
    party, user = talent("100.00")
    bank(party)
    return Person(party, user)


def test_a_withdrawal_asks_first_and_goes_on_after_the_password(earner):
    door = earner.browser.get(WITHDRAW)["Location"]
    assert door == f"{ASKED}%2Fbalance%2Fwithdrawal%2F"
    assert earner.confirm(door, "wrong").status_code == 200
    assert earner.browser.get(WITHDRAW).status_code == 302
    assert earner.confirm(door)["Location"] == WITHDRAW
    assert earner.browser.get(WITHDRAW).status_code == 200


def test_after_a_quarter_of_an_hour_it_asks_again_and_what_was_typed_is_kept(earner):
    earner.confirm(earner.browser.get(WITHDRAW)["Location"])
    method = str(earner.party.payment_methods.get().pk)
    fields = form_in(earner.browser.get(WITHDRAW)) | {"amount": "12.34", "method": method}
    earner.minutes_later(16)
    door = earner.browser.post(WITHDRAW, fields)["Location"]
    assert not Payment.objects.filter(purpose="withdrawal").exists()
    assert earner.confirm(door)["Location"] == WITHDRAW
    again = form_in(earner.browser.get(WITHDRAW))
    assert (again["amount"], again["key"]) == ("12.34", fields["key"])
    assert form_in(earner.browser.get(WITHDRAW))["amount"] == "100.00"  # kept for one look only
    assert earner.browser.post(WITHDRAW, again | {"method": method}).status_code == 302
    assert str(ledger.balance(Kind.AVAILABLE, earner.party.pk)) == "87.66"


def test_a_fragment_leads_the_whole_page_there(earner):
    page = HTMX | {"HX-Current-URL": "http://testserver/balance/"}
    answer = earner.browser.post(WITHDRAW, {}, headers=page)
    assert (answer.status_code, answer["HX-Redirect"]) == (401, f"{ASKED}%2Fbalance%2F")


@pytest.mark.parametrize("page", ["", "{}/default/", "{}/removal/"])
def test_where_money_goes_is_changed_after_the_password_only(earner, page):
    method = earner.party.payment_methods.get()
    answer = earner.browser.post(METHODS + page.format(method.pk), {"entry": "000111111116"})
    assert answer["Location"] == f"{ASKED}%2Fpayment-methods%2F"
    assert list(PaymentMethod.objects.usable().filter(party=earner.party)) == [method]
    assert BANK not in str(dict(earner.browser.session))
    assert "000111111116" not in str(dict(earner.browser.session))


def test_a_card_to_pay_with_needs_no_password():
    party = PartyFactory.create(kind=PartyKind.CLIENT)
    payer = Person(party, joined(party, "owner"))
    assert "Payment methods" in said(payer.browser.get(METHODS))


def test_those_who_may_not_are_refused_before_they_are_asked(earner):
    party = PartyFactory.create(kind=PartyKind.AGENCY)
    member = Person(party, joined(party, "member"))
    assert member.browser.get(WITHDRAW).status_code == 403
    client = PartyFactory.create(kind=PartyKind.CLIENT)
    assert Person(client, joined(client, "owner")).browser.get(WITHDRAW).status_code == 404


def test_the_way_back_leads_nowhere_else(earner):
    door = f"{ASKED}https%3A%2F%2Felsewhere.test%2F"
    assert "elsewhere" not in earner.confirm(door)["Location"]
