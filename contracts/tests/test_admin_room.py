"""A contract's page in the administration: all that belongs to it, with links, and no longer than it must be."""

import re

import pytest
from django.contrib import admin
from django.db import transaction
from django.urls import reverse

from contracts.models import Contract, Event
from contracts.reading.words import money
from contracts.tests.eventful import eventful
from contracts.tests.pages import parsed, words
from contracts.tests.test_jobs import signed_in
from escrow.models import Account, Journal, Kind, Payment, Transfer
from marketplace.models import User
from tests.books import books_hold
from tests.factories import agreed

pytestmark = pytest.mark.django_db


@pytest.fixture
def root():
    return signed_in(User.objects.create_superuser("root@cairn.test", name="Root"))


def page_of(root, contract: Contract) -> str:
    return parsed(root.get(f"/admin/contracts/contract/{contract.pk}/change/"))


def test_i15_everything_of_a_contract_is_there_with_running_balances(root):
    eventful()
    contract = Event.objects.filter(kind="dispute_opened").get().contract
    page = page_of(root, contract)
    rows = [
        *contract.milestones.all(), *contract.revisions.all(), *contract.submissions.all(), *contract.events.all(),
        *contract.disputes.all(), *contract.refund_requests.all(), *contract.change_requests.all(),
        *Payment.objects.filter(scope=contract.pk), *Journal.objects.filter(scope=contract.pk),
    ]  # fmt: skip
    assert [row for row in rows if f'/{row._meta.model_name}/{row.pk}/change/"' not in page] == []
    escrow = Account.objects.get(kind=Kind.ESCROW, scope=contract.pk)
    assert f"Escrow: holds {money(escrow.balance)}" in words(page)
    for transfer in Transfer.objects.filter(debit=escrow):
        assert f"{money(-transfer.amount)} {money(transfer.debit_balance)}" in words(page)
    for transfer in Transfer.objects.filter(credit=escrow):
        assert f"{money(transfer.amount)} {money(transfer.credit_balance)}" in words(page)
    assert f'href="/admin/notifications/post/of/{contract.pk}/"' in page
    books_hold()


def test_a_long_contract_makes_no_longer_page(root, django_assert_max_num_queries):
    contract = agreed(150).contract
    with django_assert_max_num_queries(25):
        page = page_of(root, contract)
    assert len(re.findall(r"/milestone/[^/]+/change/", page)) == contract.milestones.count()
    Event.objects.bulk_create(Event(contract=contract, kind="plan_saved") for _each in range(50))
    assert len(re.findall(r"/event/[^/]+/change/", page_of(root, contract))) == 20
    assert f'href="/admin/contracts/event/?contract={contract.pk}"' in page
    listed = root.get(f"/admin/contracts/event/?contract={contract.pk}")
    assert listed.context["cl"].result_count > 50
    assert '<label for="searchbar">Find</label>' in parsed(listed)


def test_what_is_typed_finds_contracts_and_what_belongs_to_them(root):
    world, other = agreed(), agreed()
    contract = world.contract
    Contract.objects.filter(pk=contract.pk).update(title="Harbour gate, repainted")
    paid = Payment.objects.filter(scope=contract.pk).first()
    journal = Journal.objects.filter(scope=contract.pk).first()
    typed = {
        "contracts/contract": [
            str(contract.pk),
            "harb rep",
            contract.client.name,
            world.client.email,
            world.talent.email,
        ],
        "contracts/milestone": [str(contract.pk), "Harbour", world.client.email],
        "contracts/event": [str(contract.pk), "gate", world.talent.email],
        "escrow/payment": [str(paid.pk), paid.reference, str(contract.pk), contract.client.name, world.client.email],
        "escrow/journal": [journal.key, str(contract.pk), str(paid.pk), str(journal.pk)],
        "escrow/transfer": [journal.key, str(contract.pk)],
        "escrow/account": [str(contract.pk), world.talent.email],
        "marketplace/user": [world.client.email, world.client.email[:8], world.client.name],
        "marketplace/party": [contract.client.name, world.client.email, str(contract.client_id)],
    }
    for place, texts in typed.items():
        for text in texts:
            found = root.get(f"/admin/{place}/", {"q": text}).context["cl"].queryset
            assert found.exists(), (place, text)
            assert not found.filter(pk=other.contract.pk).exists() if place == "contracts/contract" else True


ODD = [*"'\\%_@", "&|!():*<->", "''\\'", "x" * 3000, "\N{ARABIC-INDIC DIGIT FIVE}", "-1", "9" * 30, "g'):*|'x"]


def test_whatever_is_typed_no_search_fails(root):
    agreed()
    for model, rows in admin.site._registry.items():
        for odd in ODD:
            found, _more = rows.get_search_results(None, model.objects.all(), odd)
            assert len(found[:5]) <= 5
    assert root.get("/admin/contracts/contract/", {"q": "g\0"}).status_code == 200


def test_whatever_is_in_an_address_no_filter_fails(root):
    for model, rows in admin.site._registry.items():
        place = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for name in (each for each in rows.list_filter if isinstance(each, str)):
            for odd in ("x\0", "x", str(2**63), ""):
                with transaction.atomic():
                    answer = root.get(place, {f"{name}__exact": odd})
                    transaction.set_rollback(True)  # what one request spoils is not the next one's
                assert answer.status_code == 200 or answer["Location"] == f"{place}?e=1", (place, name, odd)
