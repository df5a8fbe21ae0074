"""The statement as a page, as CSV and as PDF: the same figures, for those who may see them."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.test import Client
from django.utils import timezone

from contracts.reading import statement as reading
from contracts.tests import billing
from contracts.tests.pages import parsed, words
from marketplace import clock
from marketplace.models import MemberRole, Party, User
from tests.books import books_hold
from tests.factories import Agreed, PartyFactory, UserFactory, joined, offered

pytestmark = pytest.mark.django_db
FILES = ("/statement/", "/statement.csv", "/statement.pdf")


def signed_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def around(days: int = 40) -> str:
    """The query of a period around now."""
    today = clock.now().date()
    return f"?from={today - timedelta(days=days)}&to={today + timedelta(days=days)}"


@pytest.fixture
def world() -> Agreed:
    return billing.lived()


def test_the_page_shows_every_movement_with_its_contract_and_invoice(world):
    answer = signed_in(world.client).get(f"/statement/{around()}")
    shown = words(parsed(answer))
    assert "Released for Step 1: $60.00; initiation fee: $4.95" in shown
    assert shown.count("Invoice") == 4
    for figure in ("In $317.95", "Out $317.95", "Closing balance $0.00"):
        assert figure in shown
    books_hold()


def test_the_talents_page_shows_what_it_earned_after_the_fee(world):
    shown = words(parsed(signed_in(world.talent).get(f"/statement/{around()}")))
    assert "Release for Step 1: $60.00 less a fee of $6.00" in shown
    assert "Closing balance $196.90" in shown
    assert "Available to withdraw $34.00" in shown


def test_without_days_it_is_this_month_on_the_readers_clock(world):
    user = world.client
    user.time_zone = "Pacific/Kiritimati"
    user.save()
    period = signed_in(user).get("/statement/").context["statement"].period
    with timezone.override("Pacific/Kiritimati"):
        assert period == reading.this_month(timezone.localdate(clock.now()))


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("?from=2026-02-30&to=2026-03-01", "That is not a date."),
        ("?from=2026-03-02&to=2026-03-01", "This is before the first day."),
        ("?from=0000-01-01&to=2026-03-01", "That is not a date."),
        ("?from=1999-12-31&to=2000-01-01", "between 2000 and 2999"),
        ("?from=2999-12-31&to=9999-12-31", "between 2000 and 2999"),
        ("?from=2026-01-01&to=10000-01-01", "That is not a date."),
        ("?from=2026-01-01&to=2027-01-02", "more than a year"),
        ("?from=2026-01-01", "Choose a date."),
        ("?from=%00&to==cmd()", "That is not a date."),
        ("?from=12/03/2026&to=2026-03-12", "That is not a date."),
    ],
)
@pytest.mark.parametrize("path", FILES)
def test_days_that_make_no_period_are_422_with_the_message_and_what_was_typed(query, problem, path):
    answer = signed_in(joined(PartyFactory.create(), MemberRole.OWNER)).get(path + query)
    assert answer.status_code == 422
    assert problem in words(parsed(answer))


def test_a_leap_year_is_a_year():
    browser = signed_in(joined(PartyFactory.create(), MemberRole.OWNER))
    assert browser.get("/statement/?from=2028-01-01&to=2028-12-31").status_code == 200


def test_the_csv_says_what_the_page_says_and_ends_with_the_closing_balance(world):
    answer = signed_in(world.talent).get(f"/statement.csv{around()}")
    rows = list(csv.reader(StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert rows[0] == ["Date", "What", "Contract", "In", "Out", "Balance", "Invoice"]
    assert [tuple(row[3:5]) for row in rows[2:-1]] == [(came, went) for came, went, _moved in billing.TALENT]
    assert rows[1][1::4] == ["Opening balance", "0.00"]
    assert rows[-1][1:6] == ["Closing balance", "", "216.90", "20.00", "196.90"]


@pytest.mark.parametrize("title", ["=cmd()", "+1", "-1", "@x", "\t=1"])
def test_no_cell_of_the_csv_begins_as_a_formula(title):
    world = offered(1, title=title)
    answer = signed_in(world.client).get(f"/statement.csv{around()}")
    rows = list(csv.reader(StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert rows[2][2] == f"'{title}"
    books_hold()


def test_the_csv_has_what_the_page_no_longer_lists(world, monkeypatch):
    monkeypatch.setattr(reading, "LISTED", 2)
    browser = signed_in(world.client)
    assert "the first 2 of 9 movements" in words(parsed(browser.get(f"/statement/{around()}")))
    assert len(b"".join(browser.get(f"/statement.csv{around()}")).splitlines()) == 1 + 1 + 9 + 1


def test_the_pdf_is_one(world):
    answer = signed_in(world.client).get(f"/statement.pdf{around()}")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


def test_a_viewer_of_the_client_may_look(world):
    assert signed_in(world.viewer).get("/statement/").status_code == 200


@pytest.mark.parametrize("path", FILES)
def test_a_member_of_an_agency_may_not_see_the_agencys_money(path):
    world = offered(1, agency=True)
    assert signed_in(world.member).get(path).status_code == 403
    assert signed_in(world.talent).get(path).status_code == 200


def test_somebody_without_a_party_is_told_so_and_has_no_file():
    browser = signed_in(UserFactory.create())
    assert "You act for nobody yet" in words(parsed(browser.get("/statement/")))
    assert [browser.get(path).status_code for path in FILES[1:]] == [404, 404]


def test_others_see_nothing_of_it(world):
    other = joined(PartyFactory.create(kind=Party.objects.get(pk=world.contract.talent_id).kind), MemberRole.OWNER)
    assert "Nothing moved in these days" in words(parsed(signed_in(other).get(f"/statement/{around()}")))


@pytest.mark.parametrize("path", FILES)
def test_strangers_sign_in_first_and_nobody_posts(path, world):
    assert Client().get(path)["Location"].startswith("/accounts/login/")
    assert signed_in(world.client).post(path).status_code == 405
