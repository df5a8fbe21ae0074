"""Writing an offer as a browser without a screen does: the form as it stands in a page, typed into, posted.

And the two sides of it, who have nothing to do with each other yet.
"""

from uuid import uuid4

from django.http import HttpResponse
from django.test import Client

from contracts.models import Contract
from contracts.tests.browsing import Fields, fields_in, post, read, text, with_id
from escrow.models import Payment
from marketplace.models import Job, Party, PartyKind
from tests.books import books_hold
from tests.factories import PartyFactory, card, joined

NEW = "/offers/new/"


def client_with_card() -> Party:
    party = PartyFactory.create(name="Harbour")
    card(party)
    return party


def ana_lima() -> Party:
    """A freelancer with an owner."""
    party = PartyFactory.create(kind=PartyKind.FREELANCER, name="Ana Lima")
    joined(party, "owner")
    return party


def nothing_was_made() -> None:
    assert not Contract.objects.exists()
    assert not Payment.objects.exists()
    assert not Job.objects.exists()
    books_hold()


def to(talent: Party) -> str:
    return f"{NEW}?talent={talent.pk}"


def written(browser: Client, address: str, **typed: str) -> Fields:
    """The offer in the page, with a first milestone of 120.00, typed over."""
    fields = form_in(browser.get(address))
    key = dict(fields)["key"]
    first = {"title": "A bridge", f"title-{key}": "Piers", f"amount-{key}": "120.00"}
    return put(fields, **first | {name.replace("first", key): value for name, value in typed.items()})


def form_in(answer: HttpResponse) -> Fields:
    """What the form of an offer would post, with the payment method that it shows."""
    (form,) = [at for at in read(answer).iter("form") if at.get("id") == "editor"]
    fields = [field for field in fields_in(form) if field[0] != "csrfmiddlewaretoken"]
    chosen = {
        at.get("name"): next(
            (each.get("value") for each in at.iter("option") if each.get("selected") is not None), None
        )
        or at.find("option").get("value")
        for at in form.iter("select")
    }
    return [*fields, *chosen.items()]


def put(fields: Fields, **typed: str) -> Fields:
    """The fields with these values in the place of theirs."""
    return [(name, value) for name, value in fields if name not in typed] + list(typed.items())


def with_row(fields: Fields, title: str, amount: str, key: str = "") -> Fields:
    """One more milestone at the end."""
    key = key or str(uuid4())
    return [*fields, ("key", key), (f"title-{key}", title), (f"amount-{key}", amount)]


def sums(answer: HttpResponse) -> str:
    """What the page says is paid now."""
    lines = [line for line in with_id(read(answer), "deposit") if line.get("hidden") is None]
    return " ".join(text(part) for line in lines for part in line)


def send(browser: Client, address: str, fields: Fields, **headers: str) -> HttpResponse:
    return post(browser, address, fields, **headers)
