"""The ledger in the administration: everything can be found and read. That nothing is written is tested for all."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from escrow.models import Account, Journal, Kind, Seal, Transfer
from escrow.tests.posting import Deal, deal
from marketplace.models import User
from tests.staff import at_work

MODELS = [Account, Journal, Transfer, Seal]
pytestmark = pytest.mark.django_db


def path(model: type, what: str = "") -> str:
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/{what}"


@pytest.fixture
def world() -> Deal:
    made = deal()
    made.fund()
    made.release()
    call_command("check_ledger", "--seal", stdout=StringIO())
    return made


@pytest.fixture
def root() -> Client:
    return at_work(User.objects.create_superuser("root@cairn.test", name="Root"))


@pytest.mark.parametrize("model", MODELS)
def test_every_row_can_be_found_and_opened(world, root, model):
    assert root.get(path(model)).status_code == 200
    assert root.get(path(model, f"?q={world.scope}")).status_code == 200
    for row in model.objects.all():
        assert root.get(path(model, f"{row.pk}/change/")).status_code == 200


def test_b26_running_balances_are_shown(world, root):
    listed = root.get(path(Transfer)).content.decode()
    assert all(f">{figure}<" in listed for figure in ("100.00", "90.00", "10.00"))
    escrow = Account.objects.get(kind=Kind.ESCROW)
    opened = root.get(path(Account, f"{escrow.pk}/change/")).content.decode()
    assert [opened.count(f">${figure}</td>") for figure in ("100.00", "90.00", "10.00", "0.00")] == [2, 2, 2, 1]
    fees = Account.objects.get(kind=Kind.FEES)
    opened = root.get(path(Account, f"{fees.pk}/change/")).content.decode()
    assert '<div class="readonly">10.00</div>' in opened


@pytest.mark.parametrize("model", MODELS)
def test_a_list_takes_as_many_queries_for_many_rows_as_for_few(world, root, model, django_assert_num_queries):
    for more in range(4):
        with django_assert_num_queries(5):  # session, user, second step, count, rows
            root.get(path(model))
        deal().fund(key=f"fund:more-{more}")
