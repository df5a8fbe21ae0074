"""Whose money a page is about: that of the party acted for, if its kind fits and the role allows it."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from contracts.policy import decides_about_money
from marketplace.models import Party


def client_acted_for(request: HttpRequest) -> Party | None:
    """The client whose payments may be looked at, by whoever acts for it; None when there is no client."""
    return request.party if request.party and request.party.is_client else None


def talent_acted_for(request: HttpRequest) -> Party | None:
    """The talent whose balance may be looked at: 403 for those who do not decide about it; None when there is none."""
    return None if not request.party or request.party.is_client else _decided_about(request)


def party_acted_for(request: HttpRequest) -> Party | None:
    """The party, of either kind, whose money the user decides about: 403 for the others of it; None without a party."""
    return _decided_about(request) if request.party else None


def _decided_about(request: HttpRequest) -> Party:
    if not decides_about_money(request.party):
        raise PermissionDenied
    return request.party
