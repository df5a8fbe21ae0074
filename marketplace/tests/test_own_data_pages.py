"""Your data: the password first, so many downloads and no more, and the page on which an account is closed."""

import io
from zipfile import ZipFile

import pytest
from django.test import Client

from marketplace import operations
from marketplace.models import Erasure, MemberRole, User
from marketplace.tests.conftest import PASSWORD
from tests.factories import PartyFactory, joined

DATA, CLOSING = "/settings/data/", "/settings/closing/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def inside(clara) -> Client:
    """Clara's browser, in which she typed her password a moment ago."""
    browser = Client()
    browser.post("/accounts/login/", {"login": clara.email, "password": PASSWORD})
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return browser


def test_the_settings_lead_to_it_and_it_says_what_is_in_it(inside, parsed):
    assert DATA in inside.get("/settings/").content.decode()
    page = parsed(inside.get(DATA))
    assert "Download your data" in page
    assert CLOSING in page


def test_without_the_password_nothing_is_handed_out_and_nothing_closed(signed_in, clara):
    for page in (DATA, CLOSING):
        answer = signed_in.post(page)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert User.objects.get(pk=clara.pk).is_active


def test_a_zip_comes_as_a_file_that_nobody_keeps(inside, clara):
    answer = inside.post(DATA)
    assert answer.streaming
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"].startswith('attachment; filename="cairn-')
    assert answer["Cache-Control"] == "private, no-store"
    assert clara.email in ZipFile(io.BytesIO(answer.getvalue())).read("users.json").decode()


def test_the_fourth_download_of_an_hour_is_refused_and_says_when(inside, parsed):
    for _each in range(3):
        assert inside.post(DATA).getvalue()
    answer = inside.post(DATA)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 60
    assert "That was a lot in a short time" in parsed(answer)


def test_the_page_says_what_goes_and_what_stays_and_then_it_is_done(inside, clara, postbox, parsed):
    page = parsed(inside.get(CLOSING))
    assert "What is erased" in page
    assert "What stays, and why" in page
    answer = inside.post(CLOSING)
    assert answer.status_code == 302
    assert answer["Location"] == "/"
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert "Your account is closed" in parsed(inside.get("/"))
    assert inside.get("/settings/").status_code == 302
    assert Erasure.objects.get().person_id == clara.pk
    mail = postbox.newest()
    assert (mail["To"], mail["Subject"]) == ("clara@cairn.test", "Your account is closed")
    assert "Hello Clara" in mail.get_content()


def test_the_old_password_opens_nothing_and_the_address_is_somebody_new(inside):
    inside.post(CLOSING)
    door = Client()
    sent = {"login": "clara@cairn.test", "password": PASSWORD}
    assert door.post("/accounts/login/", sent).status_code == 200
    anew = operations.sign_up(
        email="clara@cairn.test", password=PASSWORD, name="Clara", kind="client", email_verified=True
    )
    assert door.post("/accounts/login/", sent).status_code == 302
    assert int(door.session["_auth_user_id"]) == anew.pk


def test_what_is_open_is_said_with_where_to_go(inside, clara, parsed):
    party = clara.memberships.get().party
    joined(party, MemberRole.VIEWER)
    page = parsed(inside.get(CLOSING))
    assert "Your account cannot be closed yet" in page
    assert f"/parties/{party.pk}/team/" in page
    assert "What is erased" not in page
    answer = inside.post(CLOSING)
    assert answer.status_code == 409
    assert "Nobody else could decide about the team of" in answer.content.decode()
    assert User.objects.get(pk=clara.pk).is_active


def test_without_a_mail_server_it_is_done_all_the_same(inside, settings):
    options = {"host": "127.0.0.1", "port": 9, "timeout": 1}
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}
    assert inside.post(CLOSING).status_code == 302
    assert Erasure.objects.exists()


def test_a_strangers_party_is_not_in_the_way(inside):
    PartyFactory.create()
    assert "What is erased" in inside.get(CLOSING).content.decode()
