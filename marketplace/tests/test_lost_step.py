"""Who lost phone and recovery codes: who has the server takes their second step away (ASVS 6.4.4)."""

import io
import json
import logging

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.management import CommandError, call_command
from django.test import Client

from marketplace.logs import JsonLines
from marketplace.tests.conftest import PASSWORD
from tests.staff import with_codes

WHY = "Request 4711, recognised on a call"
pytestmark = pytest.mark.django_db


@pytest.fixture
def written() -> io.StringIO:
    """What the log of security events says, as production writes it."""
    text, logger = io.StringIO(), logging.getLogger("cairn.security")
    handler = logging.StreamHandler(text)
    handler.setFormatter(JsonLines())
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield text
    logger.removeHandler(handler)
    logger.setLevel(before)


@pytest.fixture
def guard(clara):
    clara.is_staff = clara.is_superuser = True
    clara.save()
    return clara


def sign_in(user) -> Client:
    browser = Client(headers={"user-agent": "Firefox/140.0"})
    browser.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return browser


def test_their_second_step_and_sessions_are_gone_and_they_are_told(
    guard, postbox, written, django_capture_on_commit_callbacks
):
    inside = sign_in(guard)
    with_codes(guard)
    RecoveryCodes.activate(guard)
    assert inside.get("/settings/").status_code == 200
    said = io.StringIO()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("reset_second_step", guard.email.upper(), reason=f" {WHY} ", stdout=said)
    assert "Done" in said.getvalue()
    assert not Authenticator.objects.filter(user=guard).exists()
    assert (postbox.newest()["To"], postbox.newest()["Subject"]) == (
        guard.email, "One-time codes were switched off for your account",
    )  # fmt: skip
    assert "Was it not you who asked?" in postbox.newest().get_content()
    line = json.loads(written.getvalue().splitlines()[-1])
    assert (line["event"], line["user"], line["reason"]) == ("second_step_taken_away", guard.pk, WHY)
    assert guard.email not in written.getvalue()
    assert inside.get("/settings/").status_code == 302


def test_staff_set_up_a_new_app_before_they_see_any_page(guard, postbox):
    with_codes(guard)
    call_command("reset_second_step", guard.email, reason=WHY, stdout=io.StringIO())
    browser = sign_in(guard)
    assert browser.get("/admin/")["Location"] == "/accounts/2fa/totp/activate/"


def test_whoever_is_not_known_or_has_none_or_without_a_reason_nothing_happens(clara):
    for email, reason, says in (
        ("nobody@cairn.test", WHY, "Nobody signs in"), (clara.email, WHY, "no second step"),
        (clara.email, " ", "Say why"), (clara.email, "x" * 201, "Say why"), (clara.email, "nora@cairn.test", "Say why"),
    ):  # fmt: skip
        with pytest.raises(CommandError, match=says):
            call_command("reset_second_step", email, reason=reason)


def test_without_a_mail_server_it_is_done_and_said(clara, settings):
    with_codes(clara)
    options = {"host": "127.0.0.1", "port": 9, "timeout": 1}
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}
    with pytest.raises(CommandError, match="tell them in another way"):
        call_command("reset_second_step", clara.email, reason=WHY)
    assert not Authenticator.objects.filter(user=clara).exists()
