"""Every address that takes a post has an entry among the places, or a reason here why it has none."""

import pytest
from django.test import Client

from tests.factories import outsider
from tests.inputs import PLACES
from tests.inputs.addresses import routes, takes_posts

pytestmark = pytest.mark.django_db

# What of these is posted is tried elsewhere, or nothing is: it has no field.
ELSEWHERE = {
    "escrow:webhook": "a signed body and no form: test_protocol, escrow/tests/test_webhooks",
    "live:news": "answers GET alone; its OPTIONS is refused before that is said",
    "account_confirm_email": "a key in the address and no field",
    "account_reset_password_from_key": "a key in the address; the fields of account_change_password",
    "account_set_password": "for those without a password, and everybody has one",
    "account_confirm_login_code": "signing in by code is switched off",
    "account_inactive": "a page",
    "account_email_verification_sent": "a page",
    "account_reset_password_done": "a page",
    "account_reset_password_from_key_done": "a page",
    "usersessions_list": "allauth's own page of sessions, in whose place ours stands",
    "agree_to_email_change": "a token in the address and no field",
    "marketplace:closing": "no field",
    "marketplace:invite_again": "no field",
    "marketplace:own_data": "no field",
    "marketplace:revoke_invitation": "no field",
    "mfa_index": "a page",
    "mfa_view_recovery_codes": "a page",
    "mfa_download_recovery_codes": "a file",
    "mfa_generate_recovery_codes": "no field",
    "mfa_deactivate_totp": "no field",
    "mfa_authenticate": "a code that is compared: test_second_step",
    "mfa_reauthenticate": "a code that is compared: test_second_step",
    "mfa_activate_totp": "a code that is compared: test_second_step",
}


def test_every_address_that_takes_a_post_is_tried():
    browser = Client(raise_request_exception=False)
    browser.force_login(outsider())
    found = {name for name, route in routes().items() if not name.startswith("admin:") and takes_posts(browser, route)}
    known = {place.name for place in PLACES} | ELSEWHERE.keys()
    assert found - known == set(), "Give them an entry in one of the modules places_… of tests/inputs."
    assert {place.name for place in PLACES} <= found
