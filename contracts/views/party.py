"""Whose money a page is about: that of the party acted for, if its kind fits and the role allows it."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from contracts.policy import decides_about_money
from marketplace.models import Party


def opened_for(request: HttpRequest) -> Party | None:
    """The party that a posted page was opened for, if the user acts for that one too; else the one acted for.

    So what was typed is shown again on its own page; forms refuse to do it for another one (`forms.acting`).
    """
    named = request.POST.get("party")
    return next((party for party in request.parties if str(party.pk) == named), request.party)


def client_acted_for(request: HttpRequest) -> Party | None:
    """The client whose payments may be looked at, by whoever acts for it; None when there is no client."""
    party = opened_for(request)
    return party if party and party.is_client else None


def talent_acted_for(request: HttpRequest) -> Party | None:
    """The talent whose balance may be looked at: 403 for those who do not decide about it; None when there is none."""
    party = opened_for(request)
    return None if not party or party.is_client else _decided_about(party)


def party_acted_for(request: HttpRequest) -> Party | None:
    """The party, of either kind, whose money the user decides about: 403 for the others of it; None without a party."""
    party = opened_for(request)
    return _decided_about(party) if party else None


def _decided_about(party: Party) -> Party:
    if not decides_about_money(party):
        raise PermissionDenied
    return party
