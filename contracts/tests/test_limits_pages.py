"""Too often, at every door that has a limit: 429 with a sentence and a time to wait, what was typed still there."""

import uuid
from datetime import timedelta

import pytest
from django.http import HttpResponse

from contracts.models import ChangeRequest, Contract
from contracts.tests import offering
from contracts.tests.browsing import HTMX, Editor, read, text
from contracts.tests.earning import talent
from contracts.tests.handing_in import current, filled, page, upload
from contracts.tests.proposing import acquainted
from contracts.tests.test_withdrawal_page import Withdrawing
from contracts.tests.visiting import signed_in
from escrow.models import PaymentMethod
from marketplace import clock
from marketplace.limits import spend
from marketplace.models import User
from tests.books import books_hold
from tests.factories import WORKS, agreed, joined

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def few(settings):
    settings.LIMITS = {name: [(2, 600)] for name in settings.LIMITS}


def spent(name: str, user: User) -> None:
    """They did it as often as they may."""
    for _each in range(2):
        spend(name, user.pk)


def refused(answer: HttpResponse, *typed: str) -> bool:
    """With a sentence, and what was typed."""
    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 300
    assert "That was a lot in a short time, so nothing was done. Wait 5 minutes, then try again." in text(read(answer))
    return all(word in answer.content.decode() for word in typed)


def test_offers():
    client, ana = offering.client_with_card(), offering.ana_lima()
    user = joined(client, "owner")
    browser = signed_in(user)
    fields = offering.written(browser, offering.to(ana))
    spent("offers", user)
    assert refused(offering.send(browser, offering.to(ana), fields), "A bridge", "Piers", "120.00")
    offering.nothing_was_made()
    clock.advance(timedelta(minutes=5))
    assert offering.send(browser, offering.to(ana), fields).status_code == 302


def test_proposals():
    deal = acquainted()
    address, browser = f"/proposals/new/?client={deal.client.pk}", signed_in(deal.earner)
    fields = offering.written(browser, address)
    spent("proposals", deal.earner)
    before = Contract.objects.count()
    assert refused(offering.send(browser, address, fields), "A bridge", "Piers")
    assert Contract.objects.count() == before


@pytest.mark.parametrize("htmx", [False, True])
def test_change_requests(htmx):
    world = agreed(3)
    editor = Editor(world.talent, world.contract, htmx=htmx)
    editor.type(editor.add(), title="Railing", amount="80.50")
    spent("change_requests", world.talent)
    assert refused(editor.post(), "Railing", "80.50")
    assert not ChangeRequest.objects.exists()


def test_withdrawals():
    person = Withdrawing()
    spent("withdrawals", person.user)
    assert refused(person.post(amount="12.34"), "12.34")
    assert person.left() == "100.00"
    books_hold()


def test_b22_cards_are_not_tried_out_here_and_a_declined_one_counts():
    party = offering.client_with_card()
    browser = signed_in(joined(party, "owner"))
    before = PaymentMethod.objects.count()
    tries = [{"party": party.pk, "entry": number} for number in ("1", "2", WORKS)]
    answers = [browser.post("/payment-methods/", each) for each in tries]
    assert [answer.status_code for answer in answers] == [422, 422, 429]
    assert refused(answers[2])
    assert PaymentMethod.objects.count() == before


def test_uploads_are_counted_by_the_file():
    world = agreed(3, current="active")
    address, browser = page(current(world), "submission"), signed_in(world.talent)
    form = filled(browser.get(address)) | {"message": "Here it is."}
    files = {"files": [upload("a.pdf"), upload("b.pdf"), upload("c.pdf")]}
    answer = browser.post(address, form | files)
    assert answer.status_code == 429
    assert "Here it is." in answer.content.decode()
    assert not current(world).submissions.exists()
    assert browser.post(address, form).status_code == 302


@pytest.mark.parametrize("address", ["/statement.csv", "/statement.pdf", f"/invoices/{uuid.UUID(int=1)}.pdf"])
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_exports(address, headers):
    party, user = talent("0")
    spent("exports", user)
    assert refused(signed_in(user).get(address, headers=headers))
    assert signed_in(joined(party, "owner")).get(address).status_code in {200, 404}
