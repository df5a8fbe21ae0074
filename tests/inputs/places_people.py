"""Where people sign in, say who they are, and write to each other."""

from django import forms
from django.test import Client

from contracts.tests.visiting import signed_in
from marketplace import operations
from marketplace.models import User
from marketplace.teams import invitations
from notifications.links import unsubscribe_path
from notifications.models import Topic
from notifications.tests.writing import write
from tests import factories
from tests.factories import joined
from tests.inputs.kinds import Loose
from tests.inputs.places import Scene, on, place

PASSWORD, ANOTHER = "stones-on-stones", "bridges-on-bridges"
SHOWN_AGAIN = 200  # allauth answers a refused form with the page, and no other status


def clara() -> User:
    return operations.sign_up(
        email="clara@cairn.test", password=PASSWORD, name="Clara", kind="client", party_name="Harbour Books",
        email_verified=True,
    )  # fmt: skip


def at_the_door() -> Client:
    """Clara's browser, signed in as people are: with the password, a moment ago."""
    clara()
    browser = Client()
    browser.post("/accounts/login/", {"login": "clara@cairn.test", "password": PASSWORD})
    return browser


@place("account_login", typed={"login": "clara@cairn.test", "password": PASSWORD}, refusal=SHOWN_AGAIN)
def signing_in() -> Scene:
    clara()
    return Scene(Client(), "/accounts/login/")


@place(
    "account_signup",
    typed={"kind": "agency", "name": "Ben", "party_name": "Bridges", "email": "ben@cairn.test", "password1": PASSWORD},
    refusal=SHOWN_AGAIN,
)
def signing_up() -> Scene:
    return Scene(Client(), "/accounts/signup/")


@place("account_logout", writes=False)
def signing_out() -> Scene:
    return Scene(at_the_door(), "/accounts/logout/")


@place("account_reauthenticate", typed={"password": PASSWORD}, refusal=SHOWN_AGAIN, writes=False)
def being_asked_again() -> Scene:
    return Scene(at_the_door(), "/accounts/reauthenticate/")


@place("account_email", typed={"email": "clara@elsewhere.test"}, button="action_add", refusal=SHOWN_AGAIN)
def another_address() -> Scene:
    browser = at_the_door()
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return Scene(browser, "/accounts/email/")


@place(
    "account_change_password",
    typed={"oldpassword": PASSWORD, "password1": ANOTHER, "password2": ANOTHER}, refusal=SHOWN_AGAIN,
)  # fmt: skip
def another_password() -> Scene:
    return Scene(at_the_door(), "/accounts/password/change/")


@place("account_reset_password", typed={"email": "clara@cairn.test"}, refusal=SHOWN_AGAIN, writes=False)
def a_password_forgotten() -> Scene:
    clara()
    return Scene(Client(), "/accounts/password/reset/")


@place("marketplace:settings", typed={"name": "Clara B", "time_zone": "Europe/Lisbon"})
def own_settings() -> Scene:
    return Scene(signed_in(clara()), "/settings/")


@place("marketplace:new_party", typed={"kind": "agency", "name": "Bridges"})
def another_party() -> Scene:
    return Scene(signed_in(clara()), "/parties/new/")


@place("marketplace:switch_party", writes=False)
def the_other_party() -> Scene:
    user = clara()
    other = operations.found_party(by=user, kind="client", name="Other")
    return Scene(signed_in(user), f"/parties/{other.pk}/switch/", "/settings/")


@place(
    "marketplace:tax_details",
    typed={"legal_name": "Harbour Ltd", "address": "Quay 1\nLisbon", "country": "Portugal", "tax_number": "PT 1"},
)
def tax_details() -> Scene:
    user = clara()
    return Scene(signed_in(user), f"/parties/{user.memberships.get().party_id}/tax/")


@place("notifications:messages", typed={"text": "Hello"}, kinds={"after": Loose(), "since": Loose()})
def a_message() -> Scene:
    world = factories.agreed(1)
    return on(world.contract, "messages/", world.client)


@place("notifications:message", typed={"text": "Hello again"})
def a_message_put_right() -> Scene:
    world = factories.agreed(1)
    return on(world.contract, f"messages/{write(world, world.client).pk}/", world.client)


@place("notifications:reading", kinds={"upto": Loose()}, writes=False, refuses=False)
def the_bell() -> Scene:
    world = factories.agreed(1)
    return Scene(signed_in(world.client), "/notifications/reading/", "/notifications/", fields=(("upto", "1"),))


@place("notifications:preferences", typed={"messages-email": "daily"})
def wishes() -> Scene:
    return Scene(signed_in(clara()), "/notifications/settings/")


@place("notifications:unsubscribe", kinds={"topic": forms.CharField()}, has_token=False)
def the_end_of_emails() -> Scene:
    return Scene(Client(), unsubscribe_path(clara().pk, [Topic.MESSAGES]))


# Teams


@place("marketplace:invite", typed={"email": "ben@cairn.test", "role": "viewer"})
def an_invitation() -> Scene:
    user = clara()
    page = f"/parties/{user.memberships.get().party_id}/team/"
    return Scene(signed_in(user), f"{page}invitations/", page)


@place("marketplace:invitation", typed={"answer": "accept"}, kinds={"answer": forms.ChoiceField()})
def an_invitation_answered() -> Scene:
    user, other = clara(), at_another_party()
    party = user.memberships.get().party
    made = invitations.invite(party=party, by=user, email=other.email, role="viewer")
    return Scene(signed_in(other), f"/invitations/{invitations.token_of(made)}/")


def at_another_party() -> User:
    return operations.sign_up(
        email="ben@cairn.test", password=PASSWORD, name="Ben", kind="client", party_name="", email_verified=True
    )


@place("sessions", typed={}, kinds={"session": forms.ChoiceField(required=False)})
def other_sessions() -> Scene:
    browser, other = at_the_door(), Client()
    other.post("/accounts/login/", {"login": "clara@cairn.test", "password": PASSWORD})
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return Scene(browser, "/accounts/sessions/")


@place("marketplace:team_member", typed={"role": "viewer"})
def another_role() -> Scene:
    user = clara()
    party = user.memberships.get().party
    return Scene(signed_in(user), f"/parties/{party.pk}/team/{joined(party, 'manager').pk}/")


@place("marketplace:team_removal")
def one_less() -> Scene:
    user = clara()
    party = user.memberships.get().party
    return Scene(signed_in(user), f"/parties/{party.pk}/team/{joined(party, 'manager').pk}/removal/")


@place("marketplace:leave_team")
def leaving() -> Scene:
    party = clara().memberships.get().party
    return Scene(signed_in(joined(party, "manager")), f"/parties/{party.pk}/team/leaving/")
