"""Balance: what a talent sees equals the ledger, everything it earned and withdrew, and the form that withdraws."""

import re
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from contracts.models import Earning
from contracts.operations.maturing import mature
from contracts.reading.balance import Maturing, balance_of, maturing
from contracts.tests.browsing import HTMX, fields_in, read, text
from contracts.tests.earning import Pair, bank, pair, talent, withdrawing
from contracts.tests.pages import fragment, parsed, words
from escrow import ledger
from escrow.models import Cause, Kind, Payment, PaymentStatus
from escrow.operations.methods import remove_method
from escrow.tests.paying import BANK_DECLINES, BANK_TIMES_OUT, earned, moved_there
from marketplace import clock
from marketplace.models import MemberRole, PartyKind, User
from tests.books import books_hold
from tests.factories import MembershipFactory, UserFactory, joined, outsider

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


@pytest.fixture
def world() -> Pair:
    return pair()


def shown(user: User, address: str = "/balance/") -> str:
    return words(parsed(signed_in(user).get(address)))


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
    assert "Back to the latest" in words(parsed(browser.get(f"/balance/?after={first.context['page'].after}")))


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
    assert "Available $11.00" in words(parsed(browser.get("/balance/")))
    browser.post(f"/parties/{parties[1].pk}/switch/")
    assert "Available $22.00" in words(parsed(browser.get("/balance/")))


def test_strangers_are_led_to_sign_in():
    assert Client().get("/balance/").status_code == 302
    assert Client().get("/balance/", headers=HTMX).status_code == 401


# The form


class Withdrawing:
    """A talent's user with the form open: what it would post, and posting it."""

    def __init__(self, available: str = "100.00") -> None:
        self.party, self.user = talent(available)
        self.bank, self.browser = bank(self.party), signed_in(self.user)
        page = read(self.browser.get("/balance/withdrawal/"))
        (form,) = [at for at in page.iter("form") if at.get("action") is None]
        (chosen,) = [at.get("value") for at in form.iter("option")]
        self.fields = dict(fields_in(form)) | {"method": chosen}

    def post(self, **typed: str):
        return self.browser.post("/balance/withdrawal/", self.fields | typed)

    def left(self) -> str:
        return str(ledger.balance(Kind.AVAILABLE, self.party.pk))


def test_the_form_begins_with_everything_that_is_available():
    person = Withdrawing("1234.50")
    assert person.fields["amount"] == "1234.50"
    answer = person.post()
    assert (answer.status_code, answer["Location"]) == (302, "/balance/?show=withdrawals")
    assert "$1,234.50 was sent to Test Bank •••• 6789." in words(parsed(person.browser.get(answer["Location"])))
    assert person.left() == "0.00"
    books_hold()


def test_the_same_form_twice_sends_once_and_says_the_same():
    person = Withdrawing()
    for _each in range(2):
        answer = person.post(amount="100")
        assert answer.status_code == 302
        assert "$100.00 was sent to" in words(parsed(person.browser.get(answer["Location"])))
    assert moved_there("payout") == ["100.00"]
    books_hold()


def test_the_same_form_with_another_amount_is_refused_and_can_be_sent_anew():
    person = Withdrawing()
    person.post(amount="10.00")
    answer = person.post(amount="20.00")
    assert answer.status_code == 422
    assert "This form was already used for another payment." in words(parsed(answer))
    assert person.left() == "90.00"
    person.fields = dict(fields_in(read(answer))) | {"method": person.fields["method"]}
    assert person.post().status_code == 302
    assert person.left() == "70.00"
    books_hold()


@pytest.mark.parametrize(
    "amount",
    ["0", "0.00", "5.001", "-5", "1e3", "5_0", "500e-2", "\N{ARABIC-INDIC DIGIT FIVE}", "\N{FULLWIDTH DIGIT FIVE}",
     "NaN", "Infinity", "0x10", "5,00", "9" * 400, "9" * 10_000, "", " ", "five", "5 0", "5.0.0", "+5", "=5", "100.01",
     "100,000", "9999999999.99"],
)  # fmt: skip
def test_what_is_no_amount_or_too_much_is_refused_beside_the_field_and_kept(amount):
    person = Withdrawing()
    answer = person.post(amount=amount)
    assert answer.status_code == 422
    page = parsed(answer)
    assert re.search(r'<input[^>]*name="amount"[^>]*aria-invalid="true"', page)
    assert person.left() == "100.00"
    assert not Payment.objects.exists()
    if amount.isascii() and amount.strip() and len(amount) < 40:
        assert f'value="{amount}"' in page


@pytest.mark.parametrize(
    ("typed", "sent"),
    [("5", "5.00"), ("5.0", "5.00"), ("5.00", "5.00"), (" 5 ", "5.00"), ("$5", "5.00"), ("0.01", "0.01"),
     ("4.99", "4.99"), ("100.00", "100.00")],
)  # fmt: skip
def test_an_amount_is_taken_as_people_write_it(typed, sent):
    person = Withdrawing()
    assert person.post(amount=typed).status_code == 302
    assert moved_there("payout") == [sent]


def test_thousands_commas_are_taken():
    assert Withdrawing("2000.00").post(amount="1,250.50").status_code == 302
    assert moved_there("payout") == ["1250.50"]


@pytest.mark.parametrize("key", ["", "x", "0", "' or 1=1", str(uuid.uuid4()) * 2])
def test_a_damaged_form_says_so(key):
    person = Withdrawing()
    answer = person.post(key=key)
    assert answer.status_code == 422
    assert "Open it again" in words(parsed(answer))
    assert person.left() == "100.00"


@pytest.mark.parametrize("method", ["", "0", "-1", "x", str(2**63), "9" * 400, "\x00"])
def test_what_is_no_bank_account_is_refused(method):
    person = Withdrawing()
    answer = person.post(method=method)
    assert answer.status_code == 422
    assert 'id="id_method_error"' in parsed(answer)
    assert person.left() == "100.00"


def test_somebody_elses_or_a_removed_bank_account_is_refused():
    person, other = Withdrawing(), bank(talent()[0])
    assert person.post(method=str(other.pk)).status_code == 422
    bank(person.party, BANK_DECLINES)
    remove_method(method=person.bank)
    answer = person.post()
    assert answer.status_code == 422
    assert "cannot be used here" in words(parsed(answer))
    assert person.left() == "100.00"


def test_a_payout_that_is_declined_says_what_to_do_and_keeps_what_was_typed():
    person = Withdrawing()
    declined = bank(person.party, BANK_DECLINES)
    answer = person.post(amount="40", method=str(declined.pk))
    assert answer.status_code == 422
    page = words(parsed(answer))
    assert "The bank knows no such account. Nothing was withdrawn. Choose another bank account" in page
    assert 'value="40"' in parsed(answer)
    assert person.left() == "100.00"
    again = dict(fields_in(read(answer)))
    assert again["key"] != person.fields["key"]
    assert person.browser.post("/balance/withdrawal/", again | {"method": str(person.bank.pk)}).status_code == 302
    assert person.left() == "60.00"
    books_hold()


def test_a_payout_without_an_answer_is_said_to_be_on_its_way():
    person = Withdrawing()
    silent = bank(person.party, BANK_TIMES_OUT)
    answer = person.post(amount="40", method=str(silent.pk))
    assert "$40.00 is on its way to Test Bank •••• 1113." in words(parsed(person.browser.get(answer["Location"])))


def test_without_a_bank_account_one_is_asked_for_and_without_money_nothing_is():
    _party, owner = talent("5.00")
    page = parsed(signed_in(owner).get("/balance/withdrawal/"))
    assert 'href="/payment-methods/?next=/balance/withdrawal/"' in page
    broke, poor = talent("0.00")
    bank(broke)
    assert "Nothing to withdraw now" in text(read(signed_in(poor).get("/balance/withdrawal/")))


def test_nobody_names_the_party_or_the_status():
    person, (other, _owner) = Withdrawing(), talent("500.00")
    person.post(amount="10", party=str(other.pk), status="failed", purpose="payback")
    (payment,) = Payment.objects.all()
    assert (payment.party, payment.status, payment.purpose) == (person.party, "confirmed", "withdrawal")
    assert ledger.balance(Kind.AVAILABLE, other.pk) == Decimal("500.00")
