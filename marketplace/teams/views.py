"""The pages of a team: who is on it, inviting, roles, leaving. Knows no contract."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marketplace.confirming import confirm_first, kept
from marketplace.limits import TooMany, hold_to
from marketplace.models import MANAGES_MONEY, Invitation, Membership, Party
from marketplace.operations import PeopleError
from marketplace.teams import invitations, members
from marketplace.teams.forms import InvitationForm, RoleForm
from marketplace.teams.reading import decides, invitation_of, member_of, parties_with_teams, team_of
from marketplace.teams.refusals import Changed, NotALead


@require_safe
def team(request: HttpRequest, party_id: uuid.UUID) -> HttpResponse:
    """Who acts for a party, in which role; for who decides, who is invited, and what was changed. Answers a page."""
    return show_team(request, team_party(request, party_id))


@require_POST
def invite(request: HttpRequest, party_id: uuid.UUID) -> HttpResponse:
    """Invite somebody by email. Answers the team's page; a refusal is the page again, with what was typed."""
    party = led_party(request, party_id)
    form = InvitationForm(request.POST, party=party)
    if not form.is_valid():
        return show_team(request, party, form, 422)
    confirm_power(request, form, reverse("marketplace:team", args=[party.pk]))
    try:
        hold_to(request, "invitations")
        made = invitations.invite(party=party, by=request.user, **form.cleaned_data)
    except (PeopleError, TooMany) as refusal:
        return show_team(request, party, form, refused(form, refusal))
    messages.success(request, _("%(email)s is invited, and has a mail from us.") % {"email": made.email})
    return redirect("marketplace:team", party.pk)


@require_POST
def invite_again(request: HttpRequest, party_id: uuid.UUID, invitation_id: uuid.UUID) -> HttpResponse:
    """Mail an invitation once more. Answers the team's page."""
    party, invitation = led_invitation(request, party_id, invitation_id)
    try:
        hold_to(request, "invitations")
        invitations.invite_again(invitation=invitation, by=request.user)
    except (PeopleError, TooMany) as refusal:
        return show_team(request, party, None, refused_without_form(request, refusal))
    messages.success(request, _("The invitation to %(email)s is on its way again.") % {"email": invitation.email})
    return redirect("marketplace:team", party.pk)


@require_POST
def revoke(request: HttpRequest, party_id: uuid.UUID, invitation_id: uuid.UUID) -> HttpResponse:
    """Take an invitation back. Answers the team's page."""
    party, invitation = led_invitation(request, party_id, invitation_id)
    try:
        invitations.revoke(invitation=invitation, by=request.user)
    except PeopleError as refusal:
        return show_team(request, party, None, refused_without_form(request, refusal))
    messages.success(request, _("The invitation to %(email)s is withdrawn.") % {"email": invitation.email})
    return redirect("marketplace:team", party.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def member(request: HttpRequest, party_id: uuid.UUID, user_id: int) -> HttpResponse:
    """Give somebody of the team another role. Answers a page; 409 when somebody else was faster."""
    party = led_party(request, party_id)
    membership = known_member(party, user_id)
    initial = {"was": membership.role, "role": membership.role} | (kept(request) or {})
    form = RoleForm(request.POST if request.method == "POST" else None, party=party, initial=initial)
    if not form.is_valid():
        return show_member(request, membership, form, 422 if form.is_bound else 200)
    confirm_power(request, form, request.path)
    try:
        members.change_role(party=party, by=request.user, person=membership.user, **form.cleaned_data)
    except PeopleError as refusal:
        return show_member(request, known_member(party, user_id), form, refused(form, refusal))
    messages.success(request, _("%(name)s has that role from now on.") % {"name": membership.user.name})
    return redirect("marketplace:team", party.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def removal(request: HttpRequest, party_id: uuid.UUID, user_id: int) -> HttpResponse:
    """Take somebody off the team, after a question. Answers a page."""
    party = led_party(request, party_id)
    if user_id == request.user.pk:
        return redirect("marketplace:leave_team", party.pk)
    membership = member_of(party, user_id)
    if membership is None:
        return already_gone(request, party, user_id)
    if request.method != "POST":
        return render(request, "marketplace/team_removal.html", {"party": party, "membership": membership})
    try:
        members.remove(party=party, by=request.user, person=membership.user)
    except PeopleError as refusal:
        return show_team(request, party, None, refused_without_form(request, refusal))
    messages.success(request, _("%(name)s does not act for you any more.") % {"name": membership.user.name})
    return redirect("marketplace:team", party.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def leaving(request: HttpRequest, party_id: uuid.UUID) -> HttpResponse:
    """Leave the team, after a question. Answers a page; who has left already is told so."""
    party = parties_with_teams(request.user).filter(pk=party_id).first()
    if party is None:
        return already_left(request, party_id)
    if request.method != "POST":
        return render(request, "marketplace/team_leaving.html", {"party": party})
    try:
        members.leave(party=party, by=request.user)
    except PeopleError as refusal:
        return show_team(request, party, None, refused_without_form(request, refusal))
    return left(request, party)


def team_party(request: HttpRequest, party_id: uuid.UUID) -> Party:
    """A party that the user acts for, with the `role` there; 404 for others' and for a freelancer's."""
    party = parties_with_teams(request.user).filter(pk=party_id).first()
    if party is None:
        raise Http404
    return party


def led_party(request: HttpRequest, party_id: uuid.UUID) -> Party:
    """The same for who decides about its team; 403 for the others of it."""
    party = team_party(request, party_id)
    if not decides(party):
        raise PermissionDenied
    return party


def led_invitation(
    request: HttpRequest, party_id: uuid.UUID, invitation_id: uuid.UUID
) -> tuple[Party, Invitation]:  # fmt: skip
    party = led_party(request, party_id)
    invitation = invitation_of(party, invitation_id)
    if invitation is None:
        raise Http404
    return party, invitation


def known_member(party: Party, user_id: int) -> Membership:
    membership = member_of(party, user_id)
    if membership is None:
        raise Http404
    return membership


def already_gone(request: HttpRequest, party: Party, user_id: int) -> HttpResponse:
    """Somebody who was removed is gone, whoever did it and however often it was pressed."""
    if not members.is_gone(party, user_id):
        raise Http404
    messages.info(request, _("They are not on the team any more."))
    return redirect("marketplace:team", party.pk)


def already_left(request: HttpRequest, party_id: uuid.UUID) -> HttpResponse:
    party = Party.objects.filter(pk=party_id).first()
    if party is None or not members.has_left(party, request.user):
        raise Http404
    return left(request, party)


def left(request: HttpRequest, party: Party) -> HttpResponse:
    messages.success(request, _("You do not act for %(party)s any more.") % {"party": party.name})
    return redirect("marketplace:settings")


def confirm_power(request: HttpRequest, form: BaseForm, back: str) -> None:
    """Who lets somebody else decide about the party's money shows first who they are."""
    if form.cleaned_data["role"] in MANAGES_MONEY:
        confirm_first(request, back=back)


def show_team(
    request: HttpRequest, party: Party, form: InvitationForm | None = None, status: int = 200
) -> HttpResponse:  # fmt: skip
    before = request.GET.get("before", "")
    seen = team_of(party, int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None)
    context = {"team": seen, "party": party, "form": form or InvitationForm(party=party, initial=kept(request))}
    return render(request, "marketplace/team.html", context, status=status)


def show_member(request: HttpRequest, membership: Membership, form: RoleForm, status: int) -> HttpResponse:
    context = {"party": membership.party, "membership": membership, "form": form}
    return render(request, "marketplace/team_member.html", context, status=status)


def refused(form: BaseForm, refusal: PeopleError | TooMany) -> int:
    """Put the refusal into the form; the status of the answer."""
    form.add_error(None, str(refusal))
    return status_of(refusal)


def refused_without_form(request: HttpRequest, refusal: PeopleError | TooMany) -> int:
    messages.error(request, str(refusal))
    return status_of(refusal)


def status_of(refusal: PeopleError | TooMany) -> int:
    """PermissionDenied for a role that is not there any more."""
    if isinstance(refusal, NotALead):
        raise PermissionDenied
    if isinstance(refusal, TooMany):
        return 429
    return 409 if isinstance(refusal, Changed) else 422
