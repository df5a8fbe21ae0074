"""What every answer says to a browser, whichever kind of answer it is, and what the browser forgets at sign-out."""

import http.client

import pytest
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import include, path

from marketplace.models import User
from tests.processes import environment
from tests.web import Web
from tests.web import signed_in as session_of

ALWAYS = {
    "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin", "X-Frame-Options": "DENY",
}  # fmt: skip


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken")


urlpatterns = [
    path("t/broken/", broken),
    path("t/file/", lambda request: FileResponse(iter([b"x"]), as_attachment=True, filename="x.pdf")),
    path("t/stream/", lambda request: StreamingHttpResponse(iter([b"x"]), content_type="text/csv")),
    path("", include("marketplace.urls")),
]
GETS = {
    "page": ("/settings/", {}, 200), "landing": ("/accounts/password/reset/done/", {}, 200),
    "redirect": ("/", {}, 302), "fragment": ("/said/", {"HX-Request": "true"}, 200),
    "static": ("/static/css/cairn.css", {}, 200), "no static": ("/static/css/nothing.css", {}, 404),
    "missing": ("/nothing/", {}, 404), "slash": ("/settings", {}, 301), "stream refused": ("/live/0/", {}, 403),
    "admin": ("/admin/", {}, 302), "broken": ("/t/broken/", {}, 500), "file": ("/t/file/", {}, 200),
    "csv": ("/t/stream/", {}, 200), "host": ("/", {"Host": "elsewhere.test"}, 400),
}  # fmt: skip


def keeps(answer) -> None:
    """Every header that every answer has."""
    for name, value in ALWAYS.items():
        assert answer.headers.get(name) == value, name
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "'unsafe" not in answer.headers["Content-Security-Policy"]
    features = answer.headers["Permissions-Policy"].split(", ")
    assert {"camera=()", "payment=()", "geolocation=()"} <= set(features)
    assert all(feature.endswith("=()") for feature in features)
    assert len(answer.headers["X-Request-ID"]) == 32
    assert answer.headers["Cache-Control"]


@pytest.fixture
def browser(settings, clara) -> Client:
    settings.ROOT_URLCONF = __name__
    browser = Client(raise_request_exception=False)
    browser.force_login(clara)
    return browser


@pytest.mark.parametrize("kind", GETS)
def test_each_kind_of_answer_has_them(browser, kind):
    address, headers, status = GETS[kind]
    answer = browser.get(address, headers=headers)
    answer.close()
    assert answer.status_code == status
    keeps(answer)
    assert ("private" in answer["Cache-Control"]) is (kind not in {"static", "stream refused"})


def test_refused_posts_have_them(browser, clara):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(clara)
    keeps(refused := strict.post("/settings/"))
    assert refused.status_code == 403
    keeps(wrong := browser.post("/settings/", {}))
    assert wrong.status_code == 422
    keeps(stranger := Client().get("/settings/", headers={"HX-Request": "true"}))
    assert stranger.status_code == 401
    keeps(hook := Client().post("/payments/webhooks/sandbox/", b"{}", content_type="application/json"))
    assert hook.status_code == 400


def test_pages_may_be_asked_for_again_but_not_kept_by_others(browser):
    assert browser.get("/settings/")["Cache-Control"] == "private, no-cache"


def test_a_browser_forgets_pages_and_drafts_at_sign_out_only(browser):
    assert "Clear-Site-Data" not in browser.get("/accounts/logout/")
    answer = browser.post("/accounts/logout/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.cookies["session"]["max-age"] == 0
    keeps(answer)


def test_cookies_are_kept_from_scripts_and_other_sites(clara):
    browser = Client()
    browser.get("/accounts/login/")
    browser.post("/accounts/login/", {"login": clara.email, "password": "stones-on-stones"})
    for name in ("session", "csrftoken"):
        cookie = browser.cookies[name]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")


@pytest.mark.parametrize(
    ("sent", "taken"),
    [
        ("0af7651916cd43dd8448eb211c80319c", True), ("edge-1.2_3", True), ("short", False), ("x" * 65, False),
        ("a b c d e f g h", False), ("secret@cairn.test", False), ('{"injected":1}', False),
    ],
)  # fmt: skip
def test_the_id_of_a_request_is_taken_only_if_it_is_one(client, sent, taken):
    answer = client.get("/accounts/password/reset/done/", headers={"X-Request-ID": sent})
    assert (answer["X-Request-ID"] == sent) is taken


def test_a_stream_has_them_too(own_database, django_db_blocker, tmp_path):
    with django_db_blocker.unblock(), Web(environment(), tmp_path) as web:
        user = User.objects.create_user("nora@cairn.test", name="Nora")
        there = http.client.HTTPConnection("127.0.0.1", web.port, timeout=10)
        there.request(
            "GET", f"/live/{user.pk}/", headers={"Accept": "text/event-stream", "Cookie": f"session={session_of(user)}"}
        )
        answer = there.getresponse()
        assert (answer.status, answer.headers["Content-Type"]) == (200, "text/event-stream")
        keeps(answer)
        there.close()
