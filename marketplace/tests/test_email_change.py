"""The email that somebody signs in with changes when both addresses say so, and until then opens nothing."""

import re

import pytest
from allauth.account.models import EmailAddress

from marketplace.tests.conftest import LINK, PASSWORD

PAGE, NEW = "/accounts/email/", "clara@harbour.test"


@pytest.fixture
def asked(signed_in, postbox):
    """Clara, who typed her password, wants to change to NEW; the link that her old address got."""
    signed_in.post(signed_in.post(PAGE, {"email": NEW, "action_add": ""})["Location"], {"password": PASSWORD})
    signed_in.post(PAGE, {"email": NEW, "action_add": ""})
    return postbox.link()


def email_of(user) -> str:
    user.refresh_from_db()
    assert EmailAddress.objects.get(user=user, verified=True).email == user.email
    return user.email


def test_both_addresses_say_so_one_after_the_other(client, asked, clara, postbox, parsed):
    assert [mail["To"] for mail in postbox.mails] == ["clara@cairn.test"]
    assert "Agree to it with the link" in parsed(client.get(PAGE))
    assert NEW in parsed(client.get(asked))
    assert len(postbox.mails) == 1  # a mail scanner that looks at links agrees to nothing
    assert "One more link" in parsed(client.post(asked))
    assert (postbox.newest()["To"], email_of(clara)) == (NEW, "clara@cairn.test")
    client.post(postbox.link())
    assert email_of(clara) == NEW
    assert "was changed from clara@cairn.test" in postbox.newest().get_content()
    assert postbox.newest()["To"] == "clara@cairn.test"
    assert "no longer works" in parsed(client.get(asked))


def test_the_password_is_typed_first(signed_in, postbox):
    assert signed_in.post(PAGE, {"email": NEW, "action_add": ""})["Location"].startswith("/accounts/reauthenticate/")
    assert not EmailAddress.objects.filter(email=NEW).exists()
    assert postbox.mails == []


def test_sending_again_asks_the_old_address_again_never_the_new_one(client, asked, clara, postbox, settings):
    settings.ACCOUNT_RATE_LIMITS = {"confirm_email": None}
    client.post(PAGE, {"email": NEW, "action_send": ""})
    client.post("/accounts/logout/")
    client.post("/accounts/login/", {"login": NEW, "password": PASSWORD})
    assert {mail["To"] for mail in postbox.mails} == {"clara@cairn.test"}
    assert email_of(clara) == "clara@cairn.test"


def test_an_address_that_did_not_agree_yet_gets_no_new_password(client, asked, clara, postbox):
    client.post("/accounts/password/reset/", {"email": NEW})
    assert postbox.newest()["To"] == NEW
    assert not re.search(r"/password/reset/key/", postbox.newest().get_content())
    client.post("/accounts/password/reset/", {"email": "Clara@cairn.test"})
    assert "/password/reset/key/" in postbox.newest().get_content()


def test_what_was_taken_back_or_forged_is_agreed_to_by_no_link(client, asked, clara, postbox, parsed):
    client.post(PAGE, {"email": NEW, "action_remove": ""})
    assert client.post(asked).status_code == 404
    assert client.get(asked[:-4] + "abc/").status_code == 404
    assert len(postbox.mails) >= 1
    assert NEW not in {mail["To"] for mail in postbox.mails}


def test_a_suspended_user_changes_nothing(client, asked, clara):
    clara.is_active = False
    clara.save()
    assert client.post(asked).status_code == 404


def test_the_new_address_is_not_flooded(client, asked, postbox):
    answers = [client.post(asked).status_code for _each in range(6)]
    assert answers == [200] * 5 + [429]
    assert LINK.search(postbox.newest().get_content())
