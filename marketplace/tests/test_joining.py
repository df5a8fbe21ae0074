"""Signing up, confirming the email, signing in, a new password: through the pages, with real mail."""

import pytest
from allauth.account.models import EmailAddress

from marketplace import operations
from marketplace.models import Membership, Party, User
from marketplace.tests.conftest import PASSWORD

FORM = {"name": "Nora Lind", "email": "Nora@Cairn.test", "password1": PASSWORD, "time_zone": "Europe/Oslo"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "made"),
    [
        ({"kind": "client", "party_name": "Lind Press"}, ("client", "Lind Press", "owner")),
        ({"kind": "client", "party_name": ""}, ("client", "Nora Lind", "owner")),
        ({"kind": "freelancer", "party_name": "ignored"}, ("freelancer", "Nora Lind", "owner")),
        ({"kind": "agency", "party_name": "Lind and Sons"}, ("agency", "Lind and Sons", "manager")),
    ],
)
def test_sign_up_makes_user_party_and_membership(client, postbox, parsed, typed, made):
    answer = client.post("/accounts/signup/", FORM | typed, follow=True)
    assert "Check your mail" in parsed(answer)
    membership = Membership.objects.select_related("user", "party").get()
    assert (membership.user.email, membership.user.time_zone) == ("nora@cairn.test", "Europe/Oslo")
    assert (membership.party.kind, membership.party.name, membership.role) == made
    assert postbox.newest()["To"] == "nora@cairn.test"


@pytest.mark.django_db
def test_the_link_in_the_mail_confirms_and_then_the_password_signs_in(client, postbox, parsed):
    client.post("/accounts/signup/", FORM | {"kind": "client"})
    assert not EmailAddress.objects.get().verified
    path = postbox.link()
    assert "nora@cairn.test" in parsed(client.get(path))
    client.post(path)
    assert EmailAddress.objects.get().verified
    client.post("/accounts/login/", {"login": "nora@cairn.test", "password": PASSWORD})
    assert client.get("/settings/").status_code == 200


@pytest.mark.django_db
def test_nobody_signs_in_before_the_email_is_confirmed(client, postbox):
    client.post("/accounts/signup/", FORM | {"kind": "client"})
    answer = client.post("/accounts/login/", {"login": "nora@cairn.test", "password": PASSWORD})
    assert answer["Location"] == "/accounts/confirm-email/"
    assert client.get("/settings/").status_code == 302


def test_sign_up_does_not_tell_whether_an_email_is_taken(client, postbox, clara):
    fresh = client.post("/accounts/signup/", FORM | {"kind": "client"})
    taken = client.post("/accounts/signup/", FORM | {"kind": "client", "email": "clara@cairn.test"})
    assert (taken.status_code, taken["Location"]) == (fresh.status_code, fresh["Location"])
    assert postbox.newest()["Subject"] == "You already have an account"
    assert User.objects.count() == Party.objects.count() == 2


def test_an_email_taken_between_check_and_save_is_answered_the_same(client, postbox, clara, monkeypatch):
    monkeypatch.setattr("allauth.account.internal.flows.manage_email.email_already_exists", lambda e: (e, False))
    taken = client.post("/accounts/signup/", FORM | {"kind": "client", "email": "clara@cairn.test"})
    assert taken["Location"] == "/accounts/confirm-email/"
    assert User.objects.count() == Party.objects.count() == 1


def test_the_database_keeps_emails_apart_without_regard_to_case(clara):
    with pytest.raises(operations.EmailTaken, match="already"):
        operations.sign_up(email="CLARA@cairn.test", password=PASSWORD, name="C", kind="client")
    assert Party.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("kind", "", "Choose one of the three."),
        ("kind", "bank", "bank"),
        ("name", "\u2060\u200b", "required"),
        ("name", "\u3164", "nothing in it that can be seen"),
        ("name", "x" * 121, "at most 120"),
        ("email", "nobody", "valid email"),
        ("password1", "password", "too common"),
    ],
)
def test_sign_up_says_what_is_wrong_beside_the_field(client, parsed, field, value, message):
    answer = client.post("/accounts/signup/", FORM | {"kind": "client"} | {field: value})
    assert message in parsed(answer)
    assert not User.objects.exists()


@pytest.mark.django_db
def test_an_agency_needs_a_name(client, parsed):
    answer = client.post("/accounts/signup/", FORM | {"kind": "agency", "party_name": ""})
    assert "An agency needs a name" in parsed(answer)


@pytest.mark.django_db
def test_control_characters_are_dropped_and_an_odd_time_zone_is_utc(client, postbox):
    form = FORM | {"kind": "client", "name": "No\u202era\x07 Lind", "time_zone": "../etc/passwd"}
    client.post("/accounts/signup/", form)
    user = User.objects.get()
    assert (user.name, user.time_zone) == ("Nora Lind", "UTC")


def test_sign_in_goes_on_to_where_the_person_was_going(client, clara):
    door = client.get("/settings/")
    assert door["Location"] == "/accounts/login/?next=/settings/"
    answer = client.post(door["Location"], {"login": "clara@cairn.test", "password": PASSWORD})
    assert answer["Location"] == "/settings/"


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.test/", "//elsewhere.test/", "javascript:alert(1)"])
def test_sign_in_never_leads_to_another_site(client, clara, elsewhere):
    form = {"login": "clara@cairn.test", "password": PASSWORD, "next": elsewhere}
    assert client.post("/accounts/login/", form)["Location"] == "/"


def test_a_wrong_password_is_refused_with_a_sentence(client, clara, parsed):
    answer = client.post("/accounts/login/", {"login": "clara@cairn.test", "password": "wrong"})
    assert "do not go together" in parsed(answer)


def test_the_link_in_the_mail_gives_a_new_password(client, postbox, clara, parsed):
    parsed(client.post("/accounts/password/reset/", {"email": "clara@cairn.test"}, follow=True))
    link = postbox.link()
    form = client.get(link, follow=True)
    assert "Choose a new password" in parsed(form)
    new = "a-higher-pile-of-stones"
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    clara.refresh_from_db()
    assert clara.check_password(new)
    assert "Was that not you?" in postbox.newest().get_content()
    assert "This link no longer works" in parsed(client.get(link, follow=True))


@pytest.mark.django_db
def test_password_reset_does_not_tell_whether_an_email_is_known(client, postbox, clara, parsed):
    known = client.post("/accounts/password/reset/", {"email": "clara@cairn.test"})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@cairn.test"})
    assert known["Location"] == unknown["Location"]
    assert postbox.newest()["Subject"] == "There is no account with this email"
