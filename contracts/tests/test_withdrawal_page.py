"""The page that withdraws: what it begins with, what each way to type an amount comes to, what is refused and kept."""

from decimal import Decimal

import pytest
from django.http import HttpResponse

from contracts.tests.browsing import read
from contracts.tests.earning import bank, talent
from contracts.tests.pages import parsed
from contracts.tests.visiting import FIVES, NO_AMOUNTS, followed, form_in, said, signed_in, wrong_fields
from escrow import ledger
from escrow.models import Kind, Payment
from escrow.operations.methods import remove_method
from escrow.tests.paying import BANK_DECLINES, BANK_TIMES_OUT, moved_there
from tests.books import books_hold

PAGE = "/balance/withdrawal/"
pytestmark = pytest.mark.django_db


class Withdrawing:
    """A talent's user with the form open: what it would post, and posting it."""

    def __init__(self, available: str = "100.00") -> None:
        self.party, self.user = talent(available)
        self.bank, self.browser = bank(self.party), signed_in(self.user)
        self.take(self.browser.get(PAGE))

    def take(self, answer: HttpResponse) -> None:
        """Let the form in the answer be the one that is open."""
        self.fields = form_in(answer) | {"method": next(at.get("value") for at in read(answer).iter("option"))}

    def post(self, **typed: object) -> HttpResponse:
        return self.browser.post(PAGE, self.fields | {name: str(value) for name, value in typed.items()})

    def said(self, answer: HttpResponse) -> str:
        """What the page says that a successful answer leads to."""
        return followed(self.browser, answer)

    def left(self) -> str:
        return str(ledger.balance(Kind.AVAILABLE, self.party.pk))


def test_the_form_begins_with_everything_that_is_available():
    person = Withdrawing("1234.50")
    assert person.fields["amount"] == "1234.50"
    answer = person.post()
    assert answer["Location"] == "/balance/?show=withdrawals"
    assert "$1,234.50 was sent to Test Bank •••• 6789." in person.said(answer)
    assert person.left() == "0.00"
    books_hold()


def test_the_same_form_twice_sends_once_and_says_the_same():
    person = Withdrawing()
    for _each in range(2):
        assert "$100.00 was sent to" in person.said(person.post(amount="100"))
    assert moved_there("payout") == ["100.00"]
    books_hold()


def test_the_same_form_with_another_amount_is_refused_and_can_be_sent_anew():
    person = Withdrawing()
    person.post(amount="10.00")
    answer = person.post(amount="20.00")
    assert answer.status_code == 422
    assert "This form was already used for another payment." in said(answer)
    assert person.left() == "90.00"
    person.take(answer)
    assert "$20.00 was sent to" in person.said(person.post())
    assert person.left() == "70.00"
    books_hold()


@pytest.mark.parametrize("amount", [*NO_AMOUNTS, "0", "0.00", "", " ", "+5", "=5", "100.01", "9999999999.99"])
def test_what_is_no_amount_or_too_much_is_refused_beside_the_field_and_kept(amount):
    person = Withdrawing()
    answer = person.post(amount=amount)
    assert answer.status_code == 422
    assert wrong_fields(answer) == ["amount"]
    assert form_in(answer)["amount"] == amount
    assert (person.left(), Payment.objects.count()) == ("100.00", 0)


@pytest.mark.parametrize(
    ("typed", "sent"), [*((five, "5.00") for five in FIVES), ("0.01", "0.01"), ("4.99", "4.99"), ("100.00", "100.00")]
)
def test_an_amount_is_taken_as_people_write_it(typed, sent):
    assert Withdrawing().post(amount=typed).status_code == 302
    assert moved_there("payout") == [sent]
    books_hold()


def test_thousands_commas_are_taken():
    assert Withdrawing("2000.00").post(amount="1,250.50").status_code == 302
    assert moved_there("payout") == ["1250.50"]
    books_hold()


@pytest.mark.parametrize("key", ["", "x", "0", "' or 1=1", "0" * 72])
def test_a_damaged_form_says_so(key):
    person = Withdrawing()
    answer = person.post(key=key)
    assert answer.status_code == 422
    assert "Open it again" in said(answer)
    assert person.left() == "100.00"


@pytest.mark.parametrize("method", ["", "0", "-1", "x", 2**63, "9" * 400, "\x00"])
def test_what_is_no_bank_account_is_refused(method):
    person = Withdrawing()
    answer = person.post(method=method)
    assert answer.status_code == 422
    assert 'id="id_method_error"' in parsed(answer)
    assert person.left() == "100.00"


def test_somebody_elses_or_a_removed_bank_account_is_refused():
    person, other = Withdrawing(), bank(talent()[0])
    assert person.post(method=other.pk).status_code == 422
    bank(person.party, BANK_DECLINES)
    remove_method(method=person.bank)
    answer = person.post()
    assert answer.status_code == 422
    assert "cannot be used here" in said(answer)
    assert person.left() == "100.00"


def test_a_payout_that_is_declined_says_what_to_do_and_keeps_what_was_typed():
    person = Withdrawing()
    declined = bank(person.party, BANK_DECLINES)
    answer = person.post(amount="40", method=declined.pk)
    assert answer.status_code == 422
    assert "The bank knows no such account. Nothing was withdrawn. Choose another bank account" in said(answer)
    assert form_in(answer)["amount"] == "40"
    assert person.left() == "100.00"
    person.take(answer)
    assert "$40.00 was sent to" in person.said(person.post(method=person.bank.pk))
    assert person.left() == "60.00"
    books_hold()


def test_a_payout_without_an_answer_is_said_to_be_on_its_way():
    person = Withdrawing()
    silent = bank(person.party, BANK_TIMES_OUT)
    answer = person.post(amount="40", method=silent.pk)
    assert "$40.00 is on its way to Test Bank •••• 1113." in person.said(answer)
    books_hold()


def test_without_a_bank_account_one_is_asked_for_and_without_money_nothing_is():
    _party, owner = talent("5.00")
    assert 'href="/payment-methods/?next=/balance/withdrawal/"' in parsed(signed_in(owner).get(PAGE))
    broke, poor = talent("0.00")
    bank(broke)
    assert "Nothing to withdraw now" in said(signed_in(poor).get(PAGE))


def test_nobody_names_the_party_or_the_status():
    person, (other, _owner) = Withdrawing(), talent("500.00")
    assert person.post(amount="10", party=other.pk).status_code == 422
    person.post(amount="10", status="failed", purpose="payback")
    (payment,) = Payment.objects.all()
    assert (payment.party, payment.status, payment.purpose) == (person.party, "confirmed", "withdrawal")
    assert ledger.balance(Kind.AVAILABLE, other.pk) == Decimal("500.00")
