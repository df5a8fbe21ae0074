"""Everybody who could knock at an address, each in a browser of their own. Knows no page and no contract."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.flows.login import _AUTHENTICATION_METHODS_USER_SESSION_KEY
from django.test import Client

from escrow.models import PaymentMethod
from marketplace import suspension
from marketplace.models import Party, PartyKind, User
from marketplace.teams import members
from tests.factories import PartyFactory, card, joined, outsider
from tests.staff import at_work, staff

# On the contracts of `cast`: three of the client, three of the agency; the freelancer is on others, in the same states.
CLIENTS, AGENCY = ("owner", "manager", "viewer"), ("lead", "member")
ON_IT = (*CLIENTS, "freelancer", *AGENCY)
# Nothing to do with the contract, or not any more.
OUTSIDE = ("outsider", "idle", "removed", "support", "finance", "uncoded", "superuser")
# Not signed in, or not any more.
NOBODY = ("anonymous", "fragment", "suspended")
ACTORS = (*ON_IT, *OUTSIDE, *NOBODY)


@dataclass
class Cast:
    """`people` and `browsers` by the name of the actor."""

    client: Party
    agency: Party
    freelancer: Party
    card: PaymentMethod
    people: dict[str, User] = field(default_factory=dict)
    browsers: dict[str, Client] = field(default_factory=dict)


def cast() -> Cast:
    """The parties, their people, staff and strangers. Nobody has been removed or suspended yet: see `part_with`."""
    client, *talents = (PartyFactory.create(kind=kind) for kind in PartyKind.values)
    freelancer, agency = talents
    all_of_them = Cast(client, agency, freelancer, card(client))
    all_of_them.people = dict(_people(all_of_them))
    all_of_them.browsers = {name: signed_in(user) for name, user in all_of_them.people.items()}
    all_of_them.browsers |= {"anonymous": Client(), "fragment": Client(headers={"HX-Request": "true"})}
    for name in ("support", "finance", "superuser"):
        all_of_them.browsers[name] = at_work(all_of_them.people[name])
    for browser in all_of_them.browsers.values():
        browser.raise_request_exception = False
    return all_of_them


def part_with(them: Cast) -> None:
    """One of the agency is removed and one of the client suspended, both in the middle of what they were doing."""
    members.remove(party=them.agency, by=them.people["lead"], person=them.people["removed"])
    suspension.suspend(them.people["suspended"])


def signed_in(user: User) -> Client:
    """As somebody is who typed their password a moment ago."""
    browser = Client()
    browser.force_login(user)
    session = browser.session
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time(), "email": user.email}]
    session.save()
    return browser


def _people(them: Cast) -> Iterator[tuple[str, User]]:
    yield from ((role, joined(them.client, role)) for role in CLIENTS)
    yield "suspended", joined(them.client, "manager")
    yield "lead", joined(them.agency, "manager")
    yield from ((name, joined(them.agency, "member")) for name in ("member", "idle", "removed"))
    yield "freelancer", joined(them.freelancer, "owner")
    yield "outsider", outsider()
    yield from ((group, staff(group)) for group in ("support", "finance"))
    yield from ((name, staff(superuser=True)) for name in ("uncoded", "superuser"))
