"""Staff reach the administration with a one-time code only, and are signed out of it after a pause."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from marketplace import codes, demo_codes
from marketplace.models import User
from marketplace.staff import SEEN_KEY
from marketplace.tests.conftest import PASSWORD
from tests.factories import UserFactory
from tests.staff import at_work, code, staff, typed

PAGES = ["/admin/", "/admin/marketplace/user/", "/admin/nowhere/", "/staff/mails/"]
ACTIVATE = "/accounts/2fa/totp/activate/"
PAUSE = settings.STAFF_IDLE_MINUTES * 60


@pytest.fixture
def guard(clara) -> User:
    """Somebody who was made staff, and has no codes yet."""
    clara.is_staff = clara.is_superuser = True
    clara.save()
    return clara


@pytest.mark.parametrize("path", PAGES)
def test_staff_without_codes_are_led_to_set_them_up_before_any_page(guard, path):
    browser = Client()
    browser.force_login(guard)
    for answer in (browser.get(path), browser.post(path)):
        assert (answer.status_code, answer["Location"]) == (302, ACTIVATE)


def test_setting_up_codes_and_typing_one_opens_the_administration(guard, parsed):
    browser = Client()
    browser.post("/accounts/login/", {"login": guard.email, "password": PASSWORD})
    answer = browser.get("/admin/", follow=True)
    assert "Staff sign in with a one-time code" in parsed(answer)
    browser.post(answer.redirect_chain[-1][0], {"password": PASSWORD})
    browser.get(ACTIVATE)
    now = code(browser.session[SECRET_SESSION_KEY])
    browser.post(ACTIVATE, {"code": now})
    door = browser.get("/admin/")["Location"]
    assert door == "/accounts/2fa/reauthenticate/?next=%2Fadmin%2F"
    assert browser.post(door, {"code": now})["Location"] == "/admin/"
    assert browser.get("/admin/").status_code == 200


def test_signing_in_asks_for_the_code_and_then_opens_the_administration(guard):
    typed_before = staff()
    Authenticator.objects.filter(user=typed_before).update(user=guard)
    browser = Client()
    door = browser.post("/accounts/login/?next=/admin/", {"login": guard.email, "password": PASSWORD})["Location"]
    assert browser.get("/admin/").status_code == 302  # the password alone is not enough
    assert browser.post(door, {"code": "000000"}).status_code == 200
    browser.post(door, {"code": code()})
    assert browser.get("/admin/").status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_a_session_in_which_no_code_was_typed_is_asked_for_one(db, path):
    browser = Client()
    browser.force_login(staff(superuser=True))
    for answer in (browser.get(path), browser.post(path)):
        assert answer["Location"].startswith("/accounts/2fa/reauthenticate/?next=%2F")


def test_a_code_that_somebody_else_typed_in_this_session_does_not_count(db):
    browser = Client()
    browser.force_login(staff(superuser=True))
    session = browser.session
    typed(session, staff())
    session.save()
    assert browser.get("/admin/")["Location"].startswith("/accounts/2fa/reauthenticate/")


def test_whoever_switches_codes_off_is_outside_at_once(db):
    user = staff(superuser=True)
    browser = at_work(user)
    assert browser.get("/admin/").status_code == 200
    Authenticator.objects.filter(user=user).delete()
    assert browser.get("/admin/")["Location"] == ACTIVATE


def back_after(seconds: float) -> Client:
    """A browser whose person was last seen in the administration so long ago."""
    user = staff(superuser=True)
    browser = at_work(user)
    session = browser.session
    typed(session, user, ago=seconds)
    session.save()
    return browser


def test_staff_who_were_away_for_half_an_hour_are_signed_out(db, parsed):
    browser = back_after(PAUSE + 5)
    answer = browser.get("/admin/marketplace/user/")
    assert answer["Location"] == "/accounts/login/?next=/admin/marketplace/user/"
    assert "You were away for a while" in parsed(browser.get(answer["Location"]))
    assert not Session.objects.filter(session_key=browser.cookies["session"].value).exists()
    assert browser.get("/settings/").status_code == 302


def test_staff_who_keep_working_stay_signed_in_and_their_session_is_seldom_written(db):
    browser = back_after(PAUSE - 60)
    assert browser.get("/admin/").status_code == 200
    seen = browser.session[SEEN_KEY]
    assert browser.get("/admin/").status_code == 200
    assert browser.session[SEEN_KEY] == seen


def test_everybody_elses_pages_ask_for_no_code(guard):
    browser = Client()
    browser.force_login(guard)
    assert browser.get("/settings/").status_code == 200


def test_the_demo_tells_its_staff_a_code_that_is_good_now_and_no_other_person_any(db, settings):
    """Also to somebody who signed in with the present one a moment ago."""
    user = UserFactory.create(is_staff=True)
    demo_codes.enrol(user)
    app = Authenticator.objects.get(user=user)
    for _time in range(2):
        told = re.search(r"\d{6}", str(demo_codes.CodeForm(user=user).fields["code"].help_text))[0]
        assert app.wrap().validate_code(told)
        codes.use_up(user, app, told)
    assert not demo_codes.CodeForm(user=UserFactory.create()).fields["code"].help_text
    settings.MODE, settings.DEMO = "production", False
    with pytest.raises(RuntimeError):
        demo_codes.enrol(UserFactory.create(is_staff=True))
