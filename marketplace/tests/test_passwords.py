"""Passwords that somebody who knows the site would guess first are refused, in words, and no others (ASVS 6.2.11)."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError


@pytest.mark.parametrize(
    "password",
    ["Cairn2026!", "cairncairn", "escr0w-client", "Contract12345!", "freelancer", "adm1n-staff-99", "CAIRN-the-1",
     "M4rketplace#1"],
)  # fmt: skip
def test_words_of_this_site_are_no_password(password):
    with pytest.raises(ValidationError, match="easy to guess for somebody who knows this site"):
        validate_password(password)


@pytest.mark.parametrize(
    "password",
    ["stones-on-stones", "cairn above the pass", "my client likes herons", "9f3k-Wq27-xx10", "παγωμένος-cairn"],
)
def test_other_words_beside_them_are_one(password):
    validate_password(password)


def test_the_form_says_so(client, db):
    page = client.post(
        "/accounts/signup/",
        {"kind": "freelancer", "name": "Nora", "email": "nora@cairn.test", "password1": "Cairn-2026"},
    )
    assert page.status_code == 200
    assert "easy to guess for somebody who knows this site" in page.content.decode()
