"""Which invitation somebody is on the way to while they sign up: the one that they go on to afterwards."""

from django.http import HttpRequest
from django.urls import Resolver404, resolve

from marketplace.models import Invitation
from marketplace.teams.invitations import invitation_with, is_open


def invitation_ahead(request: HttpRequest | None) -> Invitation | None:
    """The open invitation whose page `next` names; None for any other way."""
    if request is None:
        return None
    try:
        match = resolve(request.POST.get("next") or request.GET.get("next") or "")
    except Resolver404:
        return None
    found = invitation_with(match.kwargs["token"]) if match.view_name == "marketplace:invitation" else None
    return found if found and is_open(found) else None
