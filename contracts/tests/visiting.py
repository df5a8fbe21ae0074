"""Pages with ordinary forms as a browser without a screen meets them: opened, filled in, posted. Knows no page."""

from decimal import Decimal

from django.http import HttpResponse
from django.test import Client

from contracts.models import Contract
from contracts.tests.browsing import Fields, fields_in, post, read
from contracts.tests.pages import parsed, words
from escrow import ledger
from escrow.models import Kind
from marketplace.models import User

# What no field for an amount takes (reliability.md, inputs).
NO_AMOUNTS = [
    "5.001", "-5", "1e3", "5_0", "500e-2", "\N{ARABIC-INDIC DIGIT FIVE}", "\N{FULLWIDTH DIGIT FIVE}", "NaN", "Infinity",
    "0x10", "5,00", "9" * 400, "9" * 10_000, "five", "5 5",
]  # fmt: skip
# How five dollars can be typed.
FIVES = ["5", "5.0", "5.00", " 5 ", "$5", "$5.00"]
NOWHERE = "00000000-0000-4000-8000-000000000000"


def signed_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def at(contract: Contract, page: str) -> str:
    return f"/contracts/{contract.pk}/{page}"


def forms_in(answer: HttpResponse) -> list[dict[str, str]]:
    """What each form of the page itself would post, in their order."""
    forms = [form for form in read(answer).iter("form") if form.get("method") == "post" and not form.get("action")]
    return [dict(fields_in(form)) for form in forms]


def form_in(answer: HttpResponse) -> dict[str, str]:
    (form,) = forms_in(answer)
    return form


def fill(browser: Client, address: str, **typed: object) -> dict[str, str]:
    """The page's one form, opened and filled in."""
    return form_in(browser.get(address)) | {name: str(value) for name, value in typed.items()}


def send(browser: Client, address: str, form: dict[str, str], **headers: str) -> HttpResponse:
    fields: Fields = list(form.items())
    return post(browser, address, fields, **headers)


def said(answer: HttpResponse) -> str:
    """What can be read on the page, which is valid HTML."""
    return words(parsed(answer))


def followed(browser: Client, answer: HttpResponse) -> str:
    """What can be read on the page that an answer leads to."""
    assert answer.status_code == 302, said(answer)
    return said(browser.get(answer["Location"]))


def wrong_fields(answer: HttpResponse) -> list[str | None]:
    """The names of the fields that have a message beside them."""
    return [control.get("name") for control in read(answer).iter() if control.get("aria-invalid") == "true"]


def held(contract: Contract) -> Decimal:
    return ledger.balance(Kind.ESCROW, scope=contract.pk)


def pending(contract: Contract) -> Decimal:
    """What the talent earned and cannot withdraw yet."""
    return ledger.balance(Kind.PENDING, contract.talent_id)


def status_of(contract: Contract) -> str:
    contract.refresh_from_db(fields=["status"])
    return contract.status
