"""What strangers may see, where everybody else is sent, and that every page is valid HTML under the strict policy."""

import hashlib
import json

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client

PUBLIC = ["/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/accounts/password/reset/done/",
          "/accounts/confirm-email/", "/accounts/inactive/", "/accounts/password/reset/key/done/"]  # fmt: skip
OWN = ["/settings/", "/parties/new/", "/accounts/email/", "/accounts/password/change/", "/accounts/2fa/",
       "/accounts/reauthenticate/"]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_are_valid_and_hold_the_policy(client, parsed, path):
    answer = client.get(path)
    assert answer.status_code == 200
    keeps_the_policy(answer, parsed(answer))


@pytest.mark.parametrize("path", [*OWN, "/accounts/logout/"])
def test_ones_own_pages_are_valid_and_hold_the_policy(signed_in, parsed, path):
    answer = signed_in.get(path)
    assert answer.status_code == 200
    keeps_the_policy(answer, parsed(answer))


@pytest.mark.parametrize("path", ["/parties/new/", "/settings/", "/said/"])
def test_a_page_is_there_for_who_asks_only_for_its_head(signed_in, path):
    assert signed_in.head(path).status_code == 200


@pytest.mark.django_db
def test_a_monitor_asks_for_the_head_of_the_landing_page(client):
    assert client.head("/").status_code == 200


def keeps_the_policy(answer, page: str) -> None:
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert " style=" not in page
    assert "<style" not in page
    assert "<script>" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("path", OWN)
def test_strangers_are_sent_to_sign_in_and_back(client, path):
    assert client.get(path)["Location"] == f"/accounts/login/?next={path}"


@pytest.mark.django_db
def test_a_strangers_fragment_request_leads_the_whole_page_to_sign_in(client):
    page = {"HX-Request": "true", "HX-Current-URL": "http://testserver/contracts/1/?tab=a b"}
    answer = client.get("/settings/", headers=page)
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == "/accounts/login/?next=%2Fcontracts%2F1%2F%3Ftab%3Da+b"


@pytest.mark.django_db
@pytest.mark.parametrize("forged", ["https://elsewhere.test/x", "javascript:alert(1)", "http://[::1", ""])
def test_a_forged_current_url_leads_nowhere_else(client, forged):
    answer = client.get("/settings/", headers={"HX-Request": "true", "HX-Current-URL": forged})
    assert answer["HX-Redirect"] == "/accounts/login/?next=%2F"


@pytest.mark.django_db
def test_the_landing_page_is_for_strangers(client, parsed):
    page = parsed(client.get("/"))
    assert "Agree on the work" in page
    assert 'href="/accounts/signup/"' in page


def test_those_who_are_signed_in_go_on_to_my_jobs(signed_in):
    assert signed_in.get("/")["Location"] == "/jobs/"


def test_sign_out_is_a_post_and_leads_to_the_landing_page(signed_in):
    assert signed_in.get("/accounts/logout/").status_code == 200
    assert signed_in.post("/accounts/logout/")["Location"] == "/"
    assert signed_in.get("/settings/").status_code == 302


def test_a_missing_page_says_so_in_the_sites_look(signed_in, parsed):
    answer = signed_in.get("/nothing/")
    assert answer.status_code == 404
    assert "There is nothing here" in parsed(answer)


def test_a_post_without_the_token_is_refused_in_plain_words(clara, parsed):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(clara)
    answer = strict.post("/settings/", {"name": "X", "time_zone": "UTC"})
    assert answer.status_code == 403
    assert "This page was open too long" in parsed(answer)


@pytest.mark.django_db
def test_a_strangers_fragment_with_a_lost_token_leads_to_sign_in_too():
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/jobs/"}
    answer = Client(enforce_csrf_checks=True).post("/settings/", {}, headers=headers)
    assert (answer.status_code, answer["HX-Redirect"]) == (401, "/accounts/login/?next=%2Fjobs%2F")


def test_a_flood_of_wrong_passwords_is_stopped_with_a_sentence(client, clara, parsed):
    wrong = {"login": clara.email, "password": "wrong"}
    answers = [parsed(client.post("/accounts/login/", wrong)) for _ in range(6)]
    assert "do not go together" in answers[4]
    assert "Too many tries" in answers[5]


@pytest.mark.django_db
def test_a_flood_of_sign_ins_is_429(client, parsed):
    answers = [client.post("/accounts/login/", {}) for _ in range(31)]
    assert [answers[29].status_code, answers[30].status_code] == [200, 429]
    assert "That was a lot at once" in parsed(answers[30])


@pytest.mark.parametrize(("name", "says"), [("400", "did not understand"), ("500", "broke on our side")])
def test_broken_pages_need_no_request_and_no_database(name, says):
    assert says in render_to_string(f"{name}.html")


def test_the_vendored_files_are_those_of_the_manifest():
    folder = settings.BASE_DIR / "static" / "vendor"
    manifest = json.loads((folder / "manifest.json").read_text())
    taken = {row["file"]: row["sha256"] for row in manifest}
    there = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    del there["manifest.json"]
    assert there == taken


@pytest.mark.parametrize("charset", ["hex", "rot13", "utf-7", "utf-16", "no-such-charset"])
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=b", "application/x-www-form-urlencoded", "text/plain"])
def test_a_body_in_another_charset_is_refused_not_guessed(client, kind, charset):
    body = b'--b\r\nContent-Disposition: form-data; name="login"\r\n\r\n+2AA-\r\n--b--\r\n'
    answer = client.generic("POST", "/accounts/login/", body, content_type=f"{kind}; charset={charset}")
    assert answer.status_code == 400


@pytest.mark.parametrize("charset", ["idna", "utf-7", "utf-16"])
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=b", "application/x-www-form-urlencoded"])
def test_a_body_in_another_charset_is_refused_with_a_token_too(kind, charset):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["csrftoken"] = "t" * 32
    content_type = f"{kind}; charset={charset}"
    answer = strict.generic("POST", "/accounts/login/", b"login=x", content_type=content_type)
    assert answer.status_code == 400


@pytest.mark.django_db
def test_utf8_is_fine_in_either_case(client):
    for charset in ("utf-8", "UTF-8"):
        content_type = f"application/x-www-form-urlencoded; charset={charset}"
        assert client.generic("POST", "/accounts/login/", b"login=x", content_type=content_type).status_code == 200
