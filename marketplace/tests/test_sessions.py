"""Sessions: a new key at sign-in, an end that nothing moves, seen and ended by whose they are (ASVS 7.2 to 7.5)."""

import time

import pytest
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from marketplace import operations, sessions
from marketplace.security_settings import DAY, HOUR
from marketplace.tests.conftest import PASSWORD
from tests.staff import code, with_codes

PAGE = "/accounts/sessions/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
pytestmark = pytest.mark.django_db


def sign_in(user, agent: str = FIREFOX) -> Client:
    browser = Client(headers={"user-agent": agent})
    browser.get("/accounts/login/")
    browser.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return browser


def is_in(browser: Client) -> bool:
    return browser.get("/settings/").status_code == 200


def change(browser: Client, **values: object) -> None:
    session = browser.session
    for name, value in values.items():
        session[name] = value
    session.save()


def confirm(browser: Client, door: str) -> None:
    browser.post(door, {"password": PASSWORD})


def test_sign_in_gives_a_new_key_and_two_weeks_that_nothing_prolongs(clara):
    browser = Client()
    browser.get("/accounts/login/?next=/settings/")
    change(browser, planted=1)
    before = browser.session.session_key
    browser.post("/accounts/login/", {"login": clara.email, "password": PASSWORD})
    assert browser.session.session_key != before
    ends = browser.session.get_expiry_date()
    assert 14 * DAY - 60 < (ends - timezone.now()).total_seconds() <= 14 * DAY
    browser.post("/settings/", {"name": "Clara", "time_zone": "UTC"})  # a message: the session or a cookie is written
    change(browser, anything=1)
    assert Session.objects.get(pk=browser.session.session_key).expire_date == ends
    change(browser, _session_expiry=(timezone.now() - timezone.timedelta(seconds=1)).isoformat())
    assert not is_in(browser)


def test_whoever_stays_away_for_three_days_signs_in_again(clara):
    browser = sign_in(clara)
    change(browser, **{sessions.SEEN: time.time() - 72 * HOUR + 60})
    assert is_in(browser)
    change(browser, **{sessions.SEEN: time.time() - 72 * HOUR - 1})
    assert not is_in(browser)
    assert not Session.objects.exists()


def test_a_session_is_written_once_an_hour_and_not_by_what_a_page_asks_by_itself(clara):
    browser = sign_in(clara)
    is_in(browser)
    seen = browser.session[sessions.SEEN]
    is_in(browser)
    assert browser.session[sessions.SEEN] == seen
    change(browser, **{sessions.SEEN: seen - HOUR - 1})
    browser.get("/settings/", headers={"HX-Request": "true"})
    browser.get(f"/live/{clara.pk}/")
    assert browser.session[sessions.SEEN] == seen - HOUR - 1
    assert is_in(browser)
    assert browser.session[sessions.SEEN] >= seen


def test_one_sees_where_one_is_signed_in_and_ends_one_after_the_password(clara, parsed):
    here, there, third = (sign_in(clara) for _each in range(3))
    page = parsed(here.get(PAGE))
    assert page.count("Firefox on Linux") == 3 + 2  # of two buttons, too
    assert page.count("This one") == 1
    other = UserSession.objects.get(session_key=there.session.session_key)
    door = here.post(PAGE, {"session": str(other.pk)})["Location"]
    assert is_in(there)
    confirm(here, door)
    assert here.post(PAGE, {"session": str(other.pk)})["Location"] == PAGE
    assert "1 session was ended" in parsed(here.get(PAGE))
    assert (is_in(here), is_in(there), is_in(third)) == (True, False, True)


@pytest.mark.parametrize("by", ["password", "code"])
def test_who_shows_again_who_they_are_gets_a_new_key_and_keeps_their_session(clara, by):
    """The key of before opens nothing, and the list still has the one session, with its end (7.2.4)."""
    browser = sign_in(clara)
    stolen, ends = browser.session.session_key, browser.session.get_expiry_date()
    page = "/accounts/reauthenticate/"
    if by == "code":
        with_codes(clara)
        page = "/accounts/2fa/reauthenticate/"
    browser.post(page, {"password": "wrong", "code": "000000"})
    assert browser.session.session_key == stolen
    browser.post(page, {"password": PASSWORD, "code": code()})
    assert browser.cookies["session"].value != stolen
    assert is_in(browser)
    assert browser.session.get_expiry_date() == ends
    assert UserSession.objects.get().session_key == browser.cookies["session"].value
    thief = Client()
    thief.cookies["session"] = stolen
    assert not is_in(thief)
    assert browser.post(PAGE).status_code == 302
    assert browser.session.session_key == browser.cookies["session"].value


def test_all_others_end_and_never_anybody_elses(clara):
    here, there = sign_in(clara), sign_in(clara)
    stranger = operations.sign_up(
        email="eve@cairn.test", password=PASSWORD, name="Eve", kind="client", email_verified=True
    )
    theirs = sign_in(stranger)
    confirm(here, here.post(PAGE)["Location"])
    foreign = UserSession.objects.get(user=stranger).pk
    assert here.post(PAGE, {"session": str(foreign)}).status_code == 404
    assert here.post(PAGE, {"session": "x" * 300}).status_code == 404
    here.post(PAGE)
    assert (is_in(here), is_in(there), is_in(theirs)) == (True, False, True)


def test_a_new_password_ends_all_other_sessions(clara):
    here, there = sign_in(clara), sign_in(clara)
    new = "a-higher-pile-of-stones"
    here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert (is_in(here), is_in(there)) == (True, False)


def test_a_suspended_user_is_out_at_once_and_their_sessions_can_be_deleted(clara):
    browser = sign_in(clara)
    clara.is_active = False
    clara.save()
    assert not is_in(browser)
    sessions.end_all(clara)
    clara.is_active = True
    clara.save()
    assert not is_in(browser)
    assert not UserSession.objects.exists()


def test_a_sign_in_with_a_second_step_has_an_end_too(clara, rf):
    """Whatever way somebody comes in by, the adapter's sign-in is the one that gives it."""
    request = rf.post("/")
    request.session = Client().session
    record_authentication(request, clara, method="mfa")
    get_adapter(request).login(request, clara)
    assert request.session.get_expiry_age() > 13 * DAY
    assert sessions.SEEN in request.session
