"""What nobody changes in the administration: every model in it but four, whoever asks and however.

Knows the list of the four. Whatever is registered from now on is read-only, or this test says so.
"""

from io import StringIO

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client, RequestFactory

from contracts.tests.eventful import eventful
from escrow.tests.paying import charged
from escrow.tests.posting import deal
from marketplace.models import Job, Party, User
from tests.books import books_hold
from tests.staff import at_work, staff

WRITTEN = {User, Party, Job, Group}  # and even of these nobody deletes a user or a party
ACTIONS = {"send_again"}  # of deliveries; it changes no more than when one goes out
FROZEN = {model: rows for model, rows in admin.site._registry.items() if model not in WRITTEN}
pytestmark = pytest.mark.django_db


def address(model: type, what: str = "") -> str:
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/{what}"


@pytest.fixture
def world() -> None:
    """Something of almost everything: a contract with its life, the ledger, payments, a seal."""
    eventful()
    deal().fund()
    charged()
    call_command("check_ledger", "--seal", stdout=StringIO())


def rows_of(model: type) -> list[dict]:
    return list(model.objects.order_by("pk").values())


def tries(browser: Client, model: type, rows: list[dict]) -> set[int]:
    """What adding, changing, deleting and deleting as a bulk action answer."""
    key = rows[0][model._meta.pk.attname] if rows else 1
    values = {field.name: "1" for field in model._meta.fields}
    bulk = {"action": "delete_selected", "_selected_action": [key], "post": "yes"}
    browser.post(address(model), bulk)
    browser.post(address(model), {"_save": "Save", "form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": key})
    places = (("add/", values), (f"{key}/change/", values), (f"{key}/delete/", {"post": "yes"}))
    return {browser.post(address(model, place), posted).status_code for place, posted in places[: 3 if rows else 1]}


@pytest.mark.parametrize("who", ["superuser", "finance"])
def test_s02_nobody_adds_changes_or_deletes_what_the_rules_freeze(world, who):
    browser = at_work(staff(superuser=True) if who == "superuser" else staff(who))
    empty = set()
    for model in FROZEN:
        before = rows_of(model)
        assert tries(browser, model, before) == {403}, model
        assert rows_of(model) == before
        empty |= set() if before else {model.__name__}
    assert len(empty) < len(FROZEN) / 2, empty
    books_hold()


def test_staff_who_may_only_look_change_nothing_at_all_and_see_everything(world):
    browser = at_work(staff("support"))
    for model in set(admin.site._registry) - {Group}:
        before = rows_of(model)
        assert tries(browser, model, before) == {403}, model
        assert rows_of(model) == before
        assert browser.get(address(model)).status_code == 200, model
    assert browser.get("/admin/").status_code == 200


def test_no_list_of_frozen_rows_offers_an_action_or_a_field_to_type_in():
    request = RequestFactory().get("/")
    request.user = staff(superuser=True)
    for model, rows in FROZEN.items():
        assert set(rows.get_actions(request)) <= ACTIONS, model
        assert not rows.list_editable
        assert not rows.get_inline_instances(request) or not rows.has_change_permission(request)


def test_a_superuser_deletes_no_person_and_no_party(world):
    browser = at_work(staff(superuser=True))
    for model in (User, Party):
        before = rows_of(model)
        assert tries(browser, model, before) >= {403}
        assert len(rows_of(model)) == len(before)


def test_what_staff_changed_stays_on_record():
    browser = at_work(staff(superuser=True))
    browser.post(address(Group, "add/"), {"name": "night shift"})
    assert LogEntry.objects.get().object_repr == "night shift"
    for statement in ("UPDATE django_admin_log SET change_message = ''", "DELETE FROM django_admin_log"):
        with pytest.raises(DatabaseError, match="denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
