"""One-time codes: switched on from the settings, asked for at sign-in, with recovery codes for a lost phone."""

import pytest
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, hotp_value, yield_hotp_counters_from_time

from marketplace.tests.conftest import PASSWORD

ACTIVATE = "/accounts/2fa/totp/activate/"
CODES = "/accounts/2fa/recovery-codes/"


@pytest.fixture
def with_codes(signed_in):
    """Signed in, with the second step switched on after typing the password again."""
    door = signed_in.get(ACTIVATE)["Location"]
    assert signed_in.post(door, {"password": PASSWORD})["Location"] == ACTIVATE
    signed_in.get(ACTIVATE)
    _, counter, _ = yield_hotp_counters_from_time()
    code = f"{hotp_value(signed_in.session[SECRET_SESSION_KEY], counter):06}"
    signed_in.post(ACTIVATE, {"code": code})
    return signed_in


def test_the_page_that_switches_it_on_is_valid(signed_in, parsed):
    signed_in.post(signed_in.get(ACTIVATE)["Location"], {"password": PASSWORD})
    assert "Switch on the authenticator app" in parsed(signed_in.get(ACTIVATE))


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/accounts/2fa/", "On. After your password"),
        (CODES, "10 of 10 codes are left"),
        (CODES + "generate/", "stop working"),
        ("/accounts/2fa/totp/deactivate/", "your password alone"),
    ],
)
def test_its_pages_are_valid_and_say_how_things_stand(with_codes, parsed, path, says):
    assert says in parsed(with_codes.get(path))


def test_sign_in_then_asks_for_a_code_and_takes_a_recovery_code(with_codes, clara, parsed):
    recovery = with_codes.get(CODES + "download/").content.decode().split()[0]
    with_codes.post("/accounts/logout/")
    door = with_codes.post("/accounts/login/", {"login": clara.email, "password": PASSWORD})["Location"]
    assert "or one of your recovery codes" in parsed(with_codes.get(door))
    assert with_codes.get("/settings/").status_code == 302
    with_codes.post(door, {"code": recovery})
    assert with_codes.get("/settings/").status_code == 200
