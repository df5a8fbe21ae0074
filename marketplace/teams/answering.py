"""The page behind the link in an invitation's mail: read it, and answer. Knows nothing of the rest of a team."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from marketplace.models import Invitation
from marketplace.operations import PeopleError
from marketplace.teams import invitations
from marketplace.teams.forms import WHAT_IT_MAY
from marketplace.teams.refusals import InvitationOver, NotForYou
from marketplace.views import act_for


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites to what, for whoever has the link; answered by who confirmed its address. Answers a page."""
    found = invitations.invitation_with(token)
    if found is None:
        raise Http404
    if request.method != "POST" or not request.user.is_authenticated:
        return show(request, found, token)
    try:
        return answer(request, found)
    except PeopleError as refusal:
        return show(request, found, token, refusal)


def answer(request: HttpRequest, found: Invitation) -> HttpResponse:
    if request.POST.get("answer") == "accept":
        return act_for(request, invitations.accept(invitation=found, by=request.user))
    if request.POST.get("answer") != "decline":
        return show(request, found, invitations.token_of(found), status=422)
    invitations.decline(invitation=found, by=request.user)
    messages.success(request, _("You declined the invitation."))
    return redirect("marketplace:settings")


def show(
    request: HttpRequest, found: Invitation, token: str, refusal: PeopleError | None = None, status: int = 200
) -> HttpResponse:
    """The page, as far as it is for whoever looks; with 409 for an answer too late, 403 for one of somebody else."""
    is_signed_in = request.user.is_authenticated
    context = {
        "invitation": found,
        "is_open": invitations.is_open(found),
        "is_for_user": is_signed_in and invitations.is_for(found, request.user),
        "what_it_may": WHAT_IT_MAY[found.party.kind, found.role],
        "here": reverse("marketplace:invitation", args=[token]),
        "refusal": refusal,
    }
    return render(request, "marketplace/invitation.html", context, status=status_of(refusal) if refusal else status)


def status_of(refusal: PeopleError) -> int:
    if isinstance(refusal, NotForYou):
        return 403
    return 409 if isinstance(refusal, InvitationOver) else 422
