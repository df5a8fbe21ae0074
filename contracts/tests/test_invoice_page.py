"""An invoice as a page and as PDF: each side reads its own copy, and nobody else reads any."""

import uuid

import pytest
from django.test import Client

from contracts.models import Earning, Invoice
from contracts.reading.words import in_plain_words
from contracts.tests import billing
from contracts.tests.pages import parsed, words
from contracts.tests.test_statement_page import signed_in
from marketplace.models import TaxDetails
from tests.books import books_hold
from tests.factories import Agreed, accept, offered, outsider

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Agreed:
    world = offered(1, agency=True, title="Garden <wall>")
    accept(world.contract)
    TaxDetails.objects.create(party=world.contract.talent, legal_name="Wall & Sons", tax_number="NO 1")
    billing.release_part(world.contract, "60.00", world.contract.milestones.get())
    return world


def test_x7_every_earning_has_its_invoice_and_the_numbers_have_no_gap():
    billing.lived()
    assert Earning.objects.filter(invoice=None).count() == 0
    assert list(Invoice.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4]
    books_hold()


def test_x7_the_client_reads_what_was_paid_and_no_fee(world):
    shown = words(parsed(signed_in(world.client).get(f"/invoices/{Invoice.objects.get().pk}/")))
    assert "Milestone: Step 1" in shown
    assert "Total, paid$60.00" in shown
    assert "Garden <wall>" in shown
    assert "Wall & Sons" in shown
    assert "fee" not in shown


def test_b23_the_talents_copy_is_the_receipt_for_the_fee(world):
    shown = words(parsed(signed_in(world.talent).get(f"/invoices/{Invoice.objects.get().pk}/")))
    assert "Service fee, taken by Cairn\N{MINUS SIGN}$6.00" in shown
    assert "Received$54.00" in shown


@pytest.mark.parametrize("path", ["/invoices/{}/", "/invoices/{}.pdf"])
def test_x7_only_those_of_the_contract_find_it(world, path):
    address = path.format(Invoice.objects.get().pk)
    assert world.member
    assert world.idle
    for user in (world.client, world.manager, world.viewer, world.talent, world.member):
        assert signed_in(user).get(address).status_code == 200
    for user in (world.idle, outsider()):
        assert signed_in(user).get(address).status_code == 404
    assert signed_in(world.client).get(path.format(uuid.uuid4())).status_code == 404
    assert Client().get(address)["Location"].startswith("/accounts/login/")
    assert signed_in(world.client).post(address).status_code == 405


def test_x7_the_pdf_is_one_whatever_was_typed(world):
    TaxDetails.objects.update(
        address="<b>1</b> &amp; <img src='/etc/passwd'/>\n北京市 서울 עברית \U0001f600\n" + "x" * 400
    )
    billing.bonus(world.contract, note="<para>&nbsp;" + "很" * 900)
    for invoice in Invoice.objects.all():
        answer = signed_in(world.talent).get(f"/invoices/{invoice.pk}.pdf")
        assert answer.content.startswith(b"%PDF-")
        assert answer["Content-Disposition"] == f'attachment; filename="invoice-{invoice.number}.pdf"'


def test_x7_a_bonus_says_what_it_is():
    world = billing.lived()
    billing.bonus(world.contract, note="")
    browser = signed_in(world.client)
    pages = [browser.get(f"/invoices/{invoice.pk}/") for invoice in Invoice.objects.order_by("number")[2:]]
    assert [in_plain_words(page.context["copy"].item) for page in pages] == [
        "Bonus: For the early delivery", "Milestone: Step 3", "Bonus",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["client", "talent"])
def test_an_invoice_costs_five_statements(world, django_assert_num_queries, kind):
    browser = signed_in(getattr(world, kind))
    address = f"/invoices/{Invoice.objects.get().pk}/"
    browser.get(address)
    with django_assert_num_queries(5):  # session, user, parties, invoice, contract
        browser.get(address)
