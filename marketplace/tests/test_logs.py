"""What is written down: each request as one line, security events, and nothing that anybody typed, sent or followed."""

import json
import logging
from collections.abc import Callable, Iterator

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from marketplace.logs import JsonLines, ReadableLines
from marketplace.tests.conftest import PASSWORD
from tests.staff import code, with_codes

SECRET = "s3cr3t-that-nobody-may-read"
LOGGERS = ("cairn", "django", "marketplace")


def broken(request: HttpRequest, token: str) -> HttpResponse:
    try:
        raise KeyError(SECRET)
    except KeyError as error:
        raise RuntimeError(f"Key (email)=({SECRET}@cairn.test) is not present.") from error


urlpatterns = [path("t/broken/<str:token>/", broken), path("", include("marketplace.urls"))]


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict]]]:
    """All that was written, as production writes it."""
    written: list[str] = []

    class Keeps(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(self.format(record))

    handler = Keeps()
    handler.setFormatter(JsonLines())
    root, cairn = logging.getLogger(), logging.getLogger("cairn")
    root.addHandler(handler)
    before = cairn.level
    cairn.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in written]
    root.removeHandler(handler)
    cairn.setLevel(before)


def requests(lines: Callable[[], list[dict]]) -> list[dict]:
    return [line for line in lines() if line["event"] == "request"]


def events(lines: Callable[[], list[dict]]) -> list[str]:
    return [line["event"] for line in lines() if line["logger"] == "cairn.security"]


def test_a_request_is_one_line_that_names_pattern_status_time_and_user(signed_in, clara, lines):
    answer = signed_in.get(f"/parties/{clara.memberships.get().party_id}/tax/?x=1")
    (line,) = requests(lines)
    assert line["route"] == "parties/<uuid:party_id>/tax/"
    assert (line["method"], line["status"], line["user"]) == ("GET", 200, clara.pk)
    assert line["request"] == answer["X-Request-ID"]
    assert 0 <= line["ms"] < 60_000
    assert set(line) == {"at", "level", "logger", "event", "request", "method", "route", "status", "ms", "user"}


@pytest.mark.django_db
def test_whoever_is_asked_for_by_nobody_is_not_looked_up_for_the_line(client, lines, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/static/css/cairn.css").close()
        client.get("/nothing/at/all/")
    assert [(line["route"], line["status"]) for line in requests(lines)] == [("static", 200), ("none", 404)]


def test_nothing_that_was_sent_is_written(clara, lines, settings):
    settings.ROOT_URLCONF = __name__
    browser = Client(raise_request_exception=False, headers={"user-agent": SECRET, "referer": f"http://x/{SECRET}"})
    browser.cookies["session"] = browser.cookies["csrftoken"] = browser.cookies["other"] = SECRET
    browser.get(f"/?q={SECRET}", headers={"X-Request-ID": SECRET + "@", "Authorization": f"Bearer {SECRET}"})
    browser.get("/", headers={"Host": f"{SECRET}.test"})
    browser.get(f"/{SECRET}/")
    browser.get(f"/notifications/stop/{SECRET}/")
    browser.get(f"/accounts/email/agreement/{SECRET}/")
    browser.get(f"/accounts/password/reset/key/1-{SECRET}/")
    browser.post(f"/accounts/login/?next=/{SECRET}", {"login": f"{SECRET}@cairn.test", "password": SECRET})
    browser.post("/accounts/password/reset/", {"email": f"{SECRET}@cairn.test"})
    browser.post("/payments/webhooks/sandbox/", SECRET, content_type="application/json")
    Client(enforce_csrf_checks=True).post(f"/accounts/login/?{SECRET}", {"password": SECRET})
    Client().generic("PROPFIND", f"/{SECRET}")
    browser.force_login(clara)
    browser.get(f"/t/broken/{SECRET}/?token={SECRET}")
    browser.post("/settings/", {"name": SECRET, "time_zone": SECRET})
    said = lines()
    assert {200, 400, 403, 404, 422, 500} <= {line["status"] for line in requests(lines)}
    assert SECRET not in json.dumps(said)
    assert "cairn.test" not in json.dumps(said)
    (broke,) = [line for line in said if "error" in line and line.get("status") == 500]
    assert broke["error"]["types"] == ["builtins.RuntimeError", "builtins.KeyError"]
    assert any(place.endswith(" broken") for place in broke["error"]["places"])
    assert broke["route"] == "t/broken/<str:token>/"


def test_what_our_own_loggers_say_is_kept_but_for_an_email(lines):
    logging.getLogger("notifications.sending").warning("Mail %s was not sent: %r", 5, {"a.b+c@cairn.test": 550})
    logging.getLogger("somebody.else").warning("Connecting as %s", "a@cairn.test")
    logging.getLogger("somebody.else").warning("Said to a@cairn.test")
    assert [line["event"] for line in lines()] == [
        "Mail 5 was not sent: {'[email]': 550}", "Connecting as %s", "somebody.else",
    ]  # fmt: skip


def test_security_events_are_written(client, clara, lines, settings):
    client.post("/accounts/login/", {"login": clara.email, "password": "wrong"})
    client.post("/accounts/login/", {"login": clara.email, "password": PASSWORD})
    new = {"oldpassword": PASSWORD, "password1": "a-higher-pile-of-stones", "password2": "a-higher-pile-of-stones"}
    client.post("/accounts/password/change/", new)
    client.get("/live/0/")
    client.post("/accounts/logout/")
    assert events(lines) == ["sign_in_failed", "signed_in", "password_changed", "permission_denied", "signed_out"]
    assert all(PASSWORD not in json.dumps(line) for line in lines())


def test_it_is_written_what_somebody_showed_and_what_was_wrong(client, clara, lines):
    """Each way and each failure (16.3.1): a password, a code, a recovery code, at sign-in and when asked again."""
    with_codes(clara)
    recovery = RecoveryCodes.activate(clara).generate_codes()[0]
    door = client.post("/accounts/login/", {"login": clara.email, "password": PASSWORD})["Location"]
    client.post(door, {"code": "000000"})
    client.post(door, {"code": recovery})
    client.post("/accounts/reauthenticate/", {"password": "wrong"})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/2fa/reauthenticate/", {"code": code()})
    said = [(line["event"], line.get("by")) for line in lines() if line["logger"] == "cairn.security"]
    assert said == [
        ("code_refused", None), ("signed_in", "password+recovery_codes"), ("password_refused", None),
        ("confirmed_again", "password"), ("confirmed_again", "totp"),
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_limit_that_was_reached_is_written(client, lines, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    for _each in range(2):
        client.post("/accounts/login/", {})
    assert events(lines) == ["limit_reached"]


def test_what_was_refused_is_written_by_form_and_person(signed_in, clara, lines):
    """Input that no form takes, and requests that are none (16.3.3): where and by whom, and nothing of what."""
    signed_in.post("/settings/", {"name": SECRET * 9, "time_zone": SECRET})
    signed_in.generic(
        "POST", "/settings/", "name=x", content_type=f"application/x-www-form-urlencoded; charset={SECRET}"
    )
    said = [line for line in lines() if line["logger"] == "cairn.security"]
    assert [(line["event"], line["route"], line["user"]) for line in said] == [
        ("input_refused", "settings/", clara.pk), ("request_refused", "none", None),
    ]  # fmt: skip
    assert SECRET not in json.dumps(lines())


def test_the_demo_reads_lines():
    record = logging.makeLogRecord({"name": "cairn.request", "levelname": "INFO", "msg": "request"})
    record.facts = {"method": "GET", "route": "jobs/", "user": None}
    assert ReadableLines("%(levelname)s %(message)s").format(record) == "INFO request method=GET route=jobs/"
