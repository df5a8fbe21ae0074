"""Secrets of second steps: unreadable in the table, an old key still opens them, and a code opens once (ASVS 6.5)."""

import importlib
import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.apps import apps
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from marketplace.models import User
from marketplace.tests.conftest import PASSWORD
from tests.staff import SECRET, code, with_codes

NEW = "another-key-that-was-made-by-chance-and-is-long-enough"
pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(clara) -> User:
    """Somebody with an app and recovery codes."""
    with_codes(clara)
    RecoveryCodes.activate(clara)
    return clara


def table() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(each::text, ' ') FROM mfa_authenticator AS each")
        return cursor.fetchone()[0]


def app_of(user: User) -> Authenticator:
    return Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)


def door(user: User) -> tuple[Client, str]:
    """A browser before the page that asks for a code, the password typed."""
    browser = Client()
    return browser, browser.post("/accounts/login/", {"login": user.email, "password": PASSWORD})["Location"]


def opens(user: User, typed: str) -> bool:
    browser, page = door(user)
    browser.post(page, {"code": typed})
    return browser.get("/settings/").status_code == 200


def test_no_secret_and_no_recovery_code_can_be_read_in_the_table(owner):
    codes = RecoveryCodes.activate(owner)
    said = table()
    assert not [each for each in (SECRET, *codes.generate_codes()) if each in said]
    assert set(codes.instance.data) == {"seed", "used_mask"}
    assert not re.search(r"[0-9a-f]{80}", said)  # what a seed looks like
    assert opens(owner, codes.generate_codes()[0])
    assert opens(owner, code())


def test_what_an_older_key_encrypted_is_read_and_renewed(owner, settings):
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], NEW
    assert opens(owner, code())
    call_command("renew_secrets", verbosity=0)
    settings.SECRET_KEY_FALLBACKS = []
    assert opens(owner, RecoveryCodes.activate(owner).generate_codes()[0])


def test_a_secret_that_cannot_be_read_opens_nothing_and_is_not_touched(owner, settings):
    """Its key is gone, or somebody wrote into the table a secret that they know."""
    before = app_of(owner).data
    settings.SECRET_KEY = NEW
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("renew_secrets")
    assert app_of(owner).data == before
    browser, page = door(owner)
    assert "Codes cannot be checked for this account right now" in browser.post(page, {"code": code()}).text
    Authenticator.objects.filter(user=owner).update(data={"secret": SECRET, "seed": "1"})
    assert not opens(owner, code())


def test_the_migration_encrypts_what_was_kept_in_the_clear_and_leads_back(owner):
    migration = importlib.import_module("marketplace.migrations.0007_encrypted_secrets")
    with connection.schema_editor() as editor:
        migration.decrypt(apps, editor)
        assert app_of(owner).data == {"secret": SECRET}
        with pytest.raises(ValidationError):
            app_of(owner).wrap().validate_code(code())
        migration.encrypt(apps, editor)
    assert SECRET not in table()
    assert opens(owner, code())


def test_a_code_opens_once_for_as_long_as_it_is_good(owner):
    """Also when it is typed in another way, or after the half minute in which the library remembers it."""
    typed = code()
    assert opens(owner, typed)
    cache.delete(app_of(owner).wrap()._get_used_cache_key(typed))
    assert not opens(owner, typed)
    cache.delete(app_of(owner).wrap()._get_used_cache_key(typed))
    assert not opens(owner, f"{typed[:3]} {typed[3:]}")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(extract(epoch FROM expires - now())) FROM marketplace_cache WHERE cache_key ~ %s", [typed]
        )
        assert cursor.fetchone()[0] > 80
