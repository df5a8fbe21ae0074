"""Production: it does not start without a secret, `check --deploy` finds nothing, and what it answers is for HTTPS."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from urllib.parse import urlsplit

import environ
import pytest
from django.conf import settings
from django.db import connections

from conftest import SUITE, WORKER, server
from marketplace.database_login import prepare_login
from marketplace.mode import kept_safe

ROOT = Path(__file__).resolve().parent.parent.parent
LOGIN = f"{SUITE}_production_{WORKER}"
NEEDED = {
    "SECRET_KEY": "k7Vq2-" * 12, "ALLOWED_HOSTS": "cairn.example", "STRIPE_SECRET_KEY": "sk_test_x",
    "STRIPE_WEBHOOK_SECRET": "whsec_x", "STRIPE_RETURN_URL": "https://cairn.example/",
    "DATABASE_URL": "postgres://cairn_web:x@db.example/cairn?sslmode=verify-full", "SMTP_HOST": "mail.example",
}  # fmt: skip
ASK = """
import json
from django.conf import settings
from django.test import Client
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"  # none collected
browser = Client(headers={"host": "cairn.example"}, raise_request_exception=False)
plain, page = browser.get("/accounts/login/"), browser.get("/accounts/login/", headers={"X-Forwarded-Proto": "https"})
cookie = page.cookies["__Host-csrftoken"]
call = [browser.post("/payments/webhooks/stripe/", {}, headers=sent) for sent in ({}, {"X-Forwarded-Proto": "https"})]
print(json.dumps({
    "plain": [plain.status_code, plain["Location"]], "status": page.status_code,
    "policies": [answer["Content-Security-Policy"] for answer in (plain, page)],
    "call": [call[0].status_code, call[0].text, call[1].status_code],
    "hsts": page["Strict-Transport-Security"],
    "cookie": [cookie["secure"], cookie["path"], cookie["domain"], cookie["samesite"]],
}))
"""


def run(*words: str, **environ: str | None) -> subprocess.CompletedProcess:
    """A process in production; None takes a variable away."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    given = {name: value for name, value in (NEEDED | environ).items() if value is not None}
    command = [sys.executable, "-W", "error::DeprecationWarning", *words]
    environ = kept | given | {"DJANGO_SETTINGS_MODULE": "marketplace.settings"}
    return subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("missing", NEEDED)
def test_it_does_not_start_without(missing):
    done = run("-c", "import marketplace.settings", **{missing: None})
    assert done.returncode == 1
    assert missing in done.stderr.strip().splitlines()[-1]


def test_it_does_not_start_with_fees_that_make_no_sense():
    done = run("-c", "import django; django.setup()", CAIRN_SERVICE_FEE="10")
    assert done.returncode == 1
    assert "These are no fees" in done.stderr.strip().splitlines()[-1]
    assert run("-c", "import django; django.setup()", CAIRN_SERVICE_FEE="0.12").returncode == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""), ("SECRET_KEY", "short"), ("SECRET_KEY", "only-for-demo-and-tests"),
        ("SECRET_KEY", "a" * 60), ("CAIRN_GATEWAY", "sandbox"), ("CAIRN_MODE", "debug"),
        ("ALLOWED_HOSTS", ""), ("ALLOWED_HOSTS", "*"),
        ("STRIPE_WEBHOOK_SECRET", ""), ("STRIPE_SECRET_KEY", ""),
        ("DATABASE_URL", "postgres://web:x@db.example/cairn?sslmode=require"),
        ("OWNER_DATABASE_URL", "postgres://owner:x@db.example/cairn"),
        ("DIRECT_DATABASE_URL", "postgres://web:x@192.0.2.7/cairn"),
    ],
)  # fmt: skip
def test_it_does_not_start_with(name, value):
    done = run("-c", "import marketplace.settings", **{name: value})
    assert done.returncode == 1
    said = done.stderr.strip().splitlines()[-1]
    assert "ImproperlyConfigured" in said
    assert len(value) < 10 or value not in said


# The way there, and whether anybody on it could listen in.
WAYS = {
    "postgres://web@/cairn": True, "postgres://web@/cairn?host=%2Frun%2Fpg": True,
    "postgres://web@localhost/cairn": True,
    "postgres://web@127.0.0.1:5433/cairn": True, "postgres://web@[::1]/cairn": True,
    "postgres://web@db/cairn?sslmode=verify-full": True, "postgres://web@db/cairn": False,
    "postgres://web@db/cairn?sslmode=verify-ca": False, "postgres://web@10.0.0.5/cairn": False,
    "postgres://web@localhost/cairn?hostaddr=10.0.0.5": False, "postgres://web@/cairn?host=%2Frun%2Fpg,db": False,
    "postgres://web@/cairn?service=other": False, "postgres://web@localhost.example/cairn": False,
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_a_database_is_reached_so_that_nobody_can_listen_in(way, monkeypatch):
    """Here, or over TLS with the other's name checked (12.3.1)."""
    for name in ("PGHOST", "PGHOSTADDR", "PGSERVICE"):
        monkeypatch.delenv(name, raising=False)
    config = environ.Env.db_url_config(way)
    refused = pytest.raises(environ.ImproperlyConfigured, match="DATABASE_URL leads to another machine")
    with nullcontext() if WAYS[way] else refused:
        assert kept_safe("DATABASE_URL", config) == config
    monkeypatch.setenv("PGHOST", "db.example")
    monkeypatch.setenv("CAIRN_DATABASES_HERE", "pooler,database")
    assert kept_safe("DATABASE_URL", environ.Env.db_url_config("postgres://web@pooler:6432/cairn"))
    if way == "postgres://web@/cairn":
        with refused:
            kept_safe("DATABASE_URL", config)


def test_it_starts_with_what_it_needs():
    assert run("-c", "import marketplace.settings").stderr == ""


@pytest.fixture
def its_database(own_database) -> Iterator[str]:
    """The address of this test's database for a login that can only serve."""
    with server() as owner:
        owner.execute(f"DROP ROLE IF EXISTS {LOGIN}")
        owner.execute(prepare_login(LOGIN, settings.APPLICATION_ROLE))
    address = urlsplit(os.environ["DATABASE_URL"])
    yield address._replace(netloc=f"{LOGIN}@{address.netloc.rpartition('@')[2]}", path=f"/{own_database}").geturl()
    connections.close_all()
    with server() as owner:
        owner.execute(f"DROP ROLE {LOGIN}")


def test_its_settings_pass_every_check_and_its_answers_are_for_https(its_database, tmp_path):
    site = {"DATABASE_URL": its_database, "CAIRN_DATA": str(tmp_path)}
    (tmp_path / "static").mkdir()
    checked = run("manage.py", "check", "--deploy", "--fail-level", "DEBUG", **site)
    assert (checked.returncode, checked.stderr) == (0, "")
    asked = run("manage.py", "shell", "-v", "0", "-c", ASK, **site)
    found = json.loads(asked.stdout)
    assert found["plain"] == [301, "https://cairn.example/accounts/login/"]
    assert found["call"] == [403, "Call this address over HTTPS.", 400]  # 4.1.2
    assert all("frame-ancestors 'none'" in policy for policy in found["policies"])
    assert (found["status"], found["hsts"]) == (200, "max-age=31536000; includeSubDomains; preload")
    assert found["cookie"] == [True, "/", "", "Lax"]
    lines = [json.loads(line) for line in asked.stderr.splitlines()]
    assert [(line["route"], line["status"]) for line in lines if line["event"] == "request"] == [
        ("none", 301), ("accounts/login/", 200),
        *[("payments/webhooks/<slug:name>/", status) for status in (403, 400)],
    ]  # fmt: skip


def test_it_is_not_served_with_the_owners_login(own_database):
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{own_database}").geturl()
    done = run("-c", "import marketplace.wsgi", DATABASE_URL=address)
    assert "could do more than serve: it is a superuser" in done.stderr.strip().splitlines()[-1]
    checked = run("manage.py", "check", "--deploy", DATABASE_URL=address)
    assert checked.returncode == 1
    assert "marketplace.E001" in checked.stderr
