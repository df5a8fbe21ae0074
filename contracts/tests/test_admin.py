"""The administration: every model is there, and what the rules freeze is frozen there too, whoever asks."""

from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib import admin
from django.core.management import call_command
from django.template.loader import render_to_string
from django.test import Client

from contracts.models import (
    Contract,
    Event,
    PlanRevision,
)
from contracts.tests.editing import add
from contracts.tests.eventful import eventful
from contracts.tests.pages import parsed, words
from contracts.tests.test_jobs import signed_in
from escrow.tests.paying import charged
from escrow.tests.posting import deal
from marketplace.admin import CappedPaginator
from marketplace.models import Job, Party, User
from tests.factories import UserFactory, agreed, line

OURS = [
    model
    for app in ("marketplace", "contracts", "escrow", "notifications")
    for model in apps.get_app_config(app).get_models()
]
ROWS = [model for model in OURS if model._meta.app_label != "notifications"]  # those are looked at there
pytestmark = pytest.mark.django_db


def path(model: type, what: str = "") -> str:
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/{what}"


@pytest.fixture
def root() -> Client:
    return signed_in(User.objects.create_superuser("root@cairn.test", name="Root"))


def test_every_model_is_in_the_administration():
    assert [model for model in OURS if model not in admin.site._registry] == []


def test_every_list_can_be_searched_and_every_row_opened(root):
    eventful()
    deal().fund()
    charged()
    call_command("check_ledger", "--seal", stdout=StringIO())
    for model in ROWS:
        answer = root.get(path(model))
        assert answer.status_code == root.get(path(model, "?q=Small")).status_code == 200, model
        for row in model.objects.all()[:1]:
            assert str(row.pk) in parsed(answer), model
            opened = root.get(path(model, f"{row.pk}/change/"))
            assert opened.status_code == 200, model
            parsed(opened)


def test_a_list_takes_as_many_queries_for_many_rows_as_for_few(root, django_assert_max_num_queries):
    for _each in range(3):
        eventful()
        for model in OURS:
            with django_assert_max_num_queries(5):  # session, user, second step, count, rows
                assert root.get(path(model)).status_code == 200


@pytest.mark.parametrize("model", [Event, PlanRevision])
def test_b11_staff_read_what_changed_in_the_same_words_as_everybody(root, model):
    world = agreed(2)
    added = add(world.contract, line("Third"), by=world.client)
    page = parsed(root.get(path(model, f"{model.objects.latest('pk').pk}/change/")))
    assert render_to_string("contracts/_diff.html", {"changes": added}) in page


def test_people_and_parties_are_kept_and_only_their_names_mended(root):
    world = agreed()
    for row in (world.client, world.contract.client):
        assert root.post(path(type(row), f"{row.pk}/delete/"), {"post": "yes"}).status_code == 403
    values = {"name": "Ada", "time_zone": "UTC", "email": "thief@cairn.test", "is_active": ""}
    assert root.post(path(User, f"{world.client.pk}/change/"), values).status_code == 302
    mended = User.objects.get(pk=world.client.pk)
    assert (mended.name, mended.is_active, mended.email) == ("Ada", True, world.client.email)


def test_nobody_sets_somebody_elses_password(root):
    user = agreed().client
    values = {"password1": "stones-on-stones", "password2": "stones-on-stones", "usable_password": "true"}
    assert root.post(path(User, f"{user.pk}/password/"), values).status_code == 403
    assert User.objects.get(pk=user.pk).password == user.password


def test_a_partys_kind_stays_what_it_was_founded_as(root):
    party = agreed().contract.client
    root.post(path(Party, f"{party.pk}/change/"), {"name": "Renamed", "kind": "agency"})
    party.refresh_from_db()
    assert (party.name, party.kind) == ("Renamed", "client")


def test_a_jobs_words_can_be_mended_but_not_its_client(root):
    job, other = agreed().contract.job, agreed().contract.client
    root.post(path(Job, f"{job.pk}/change/"), {"title": "Mended", "description": "", "client": other.pk})
    mended = Job.objects.get(pk=job.pk)
    assert (mended.title, mended.client_id) == ("Mended", job.client_id)


def test_staff_add_people_with_their_email_in_lower_case(root):
    values = {"email": "New@Cairn.Test", "name": "New", "usable_password": "true"}
    password = {"password1": "stones-on-stones", "password2": "stones-on-stones"}
    assert root.post(path(User, "add/"), values | password).status_code == 302
    assert User.objects.get(name="New").email == "new@cairn.test"
    again = root.post(path(User, "add/"), values | password)
    assert "already exists" in words(parsed(again))


def test_its_sign_in_is_everybodys_own():
    answer = Client().get("/admin/", follow=True)
    assert answer.redirect_chain[-1] == ("/accounts/login/?next=%2Fadmin%2F", 302)
    assert 'name="login"' in parsed(answer)
    posted = Client().post("/admin/login/", {"username": "root@cairn.test", "password": "x"})
    assert posted["Location"].startswith("/accounts/login/?next=")


def test_those_who_are_not_staff_stay_outside():
    browser = signed_in(agreed().client)
    assert browser.get("/admin/", follow=True).status_code == 403
    assert browser.get(path(Contract), follow=True).status_code == 403


def test_a_list_counts_no_further_than_its_cap(monkeypatch):
    monkeypatch.setattr(CappedPaginator, "most", 3)
    UserFactory.create_batch(5)
    pages = CappedPaginator(User.objects.order_by("pk"), 2)
    assert (pages.count, pages.num_pages) == (3, 2)
    assert CappedPaginator(User.objects.filter(name="nobody").order_by("pk"), 2).count == 0


def test_nobody_but_its_owner_decides_which_address_or_code_opens_an_account(root):
    user = agreed().client
    address = EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    code = Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "hidden-secret"})
    for row in (address, code):
        assert root.post(path(type(row), "add/"), {"user": user.pk}).status_code == 403
        assert root.post(path(type(row), f"{row.pk}/change/"), {"user": 1}).status_code == 403
        assert root.post(path(type(row), f"{row.pk}/delete/"), {"post": "yes"}).status_code == 403
        assert "hidden-secret" not in parsed(root.get(path(type(row), f"{row.pk}/change/")))
