"""Who is on a team, and how: invited, accepted, given another role, removed. Operations, without a page."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from marketplace import clock
from marketplace.models import (
    Invitation,
    InvitationStatus,
    MemberRole,
    Membership,
    Party,
    PartyKind,
    TeamEvent,
    User,
)
from marketplace.operations import PeopleError
from marketplace.teams import invitations, members, refusals
from marketplace.tests.inviting import confirmed
from tests.factories import PartyFactory, UserFactory, joined

pytestmark = pytest.mark.django_db


def told(party: Party) -> list[str]:
    """The kinds of what was written down, in order."""
    return list(party.team_events.order_by("pk").values_list("kind", flat=True))


def roles(party: Party) -> dict[User, str]:
    return {each.user: each.role for each in party.memberships.select_related("user")}


@pytest.fixture
def client_party() -> Party:
    return PartyFactory.create(name="Harbour Books")


@pytest.fixture
def owner(client_party) -> User:
    return joined(client_party, MemberRole.OWNER)


@pytest.fixture
def invitation(client_party, owner) -> Invitation:
    return invitations.invite(party=client_party, by=owner, email="Nora@Cairn.test", role="viewer")


def test_who_is_invited_joins_with_the_role_by_an_answer_of_their_own(client_party, owner, invitation):
    nora = confirmed("nora@cairn.test")
    assert roles(client_party) == {owner: "owner"}
    assert invitations.accept(invitation=invitation, by=nora) == client_party
    assert roles(client_party)[nora] == "viewer"
    invitations.accept(invitation=invitation, by=nora)  # pressed twice
    assert told(client_party) == ["invited", "joined"]
    invitation.refresh_from_db()
    assert (invitation.status, invitation.closed_by) == (InvitationStatus.ACCEPTED, nora)


def test_an_invitation_works_once(client_party, owner, invitation):
    nora = confirmed("nora@cairn.test")
    invitations.accept(invitation=invitation, by=nora)
    members.remove(party=client_party, by=owner, person=nora)
    with pytest.raises(refusals.InvitationOver):
        invitations.accept(invitation=invitation, by=nora)
    with pytest.raises(refusals.InvitationOver):
        invitations.decline(invitation=invitation, by=nora)
    assert roles(client_party) == {owner: "owner"}


def test_an_invitation_is_answered_within_seven_days_and_can_be_sent_again(client_party, owner, invitation):
    nora = confirmed("nora@cairn.test")
    clock.advance(timedelta(days=7))
    with pytest.raises(refusals.InvitationOver):
        invitations.accept(invitation=invitation, by=nora)
    invitations.invite_again(invitation=invitation, by=owner)
    invitations.accept(invitation=invitation, by=nora)
    assert told(client_party) == ["invited", "invited_again", "joined"]


def test_what_expired_gives_way_to_a_new_invitation(client_party, owner, invitation):
    clock.advance(timedelta(days=8))
    other = invitations.invite(party=client_party, by=owner, email="nora@cairn.test", role="manager")
    assert other.pk != invitation.pk
    assert told(client_party) == ["invited", "revoked", "invited"]


def test_who_declines_does_not_join(client_party, invitation):
    nora = confirmed("nora@cairn.test")
    invitations.decline(invitation=invitation, by=nora)
    invitations.decline(invitation=invitation, by=nora)
    assert told(client_party) == ["invited", "declined"]
    with pytest.raises(refusals.InvitationOver):
        invitations.accept(invitation=invitation, by=nora)


def test_only_who_confirmed_the_address_answers(client_party, owner, invitation):
    for user in (confirmed("other@cairn.test"), UserFactory.create(email="nora@cairn.test"), owner):
        for answer in (invitations.accept, invitations.decline):
            with pytest.raises(refusals.NotForYou):
                answer(invitation=invitation, by=user)
    assert told(client_party) == ["invited"]


def test_a_suspended_user_does_not_join(invitation):
    nora = confirmed("nora@cairn.test")
    User.objects.filter(pk=nora.pk).update(is_active=False)
    with pytest.raises(refusals.NotForYou):
        invitations.accept(invitation=invitation, by=nora)


def test_the_same_wish_again_is_the_same_invitation(client_party, owner, invitation):
    again = invitations.invite(party=client_party, by=owner, email="nora@cairn.test", role="viewer")
    assert again.pk == invitation.pk
    with pytest.raises(refusals.InvitedOtherwise):
        invitations.invite(party=client_party, by=owner, email="nora@cairn.test", role="owner")
    assert told(client_party) == ["invited"]


def test_withdrawing_an_invitation_ends_its_link(client_party, owner, invitation):
    nora = confirmed("nora@cairn.test")
    invitations.revoke(invitation=invitation, by=owner)
    invitations.revoke(invitation=invitation, by=owner)
    assert told(client_party) == ["invited", "revoked"]
    with pytest.raises(refusals.InvitationOver):
        invitations.accept(invitation=invitation, by=nora)
    with pytest.raises(refusals.Changed):
        invitations.invite_again(invitation=invitation, by=owner)


def test_who_is_on_the_team_is_not_invited_and_a_role_is_one_of_its_kind(client_party, owner):
    viewer = joined(client_party, MemberRole.VIEWER)
    with pytest.raises(refusals.OnTheTeam):
        invitations.invite(party=client_party, by=owner, email=viewer.email, role="viewer")
    for role in ("member", "", "staff"):  # a member is an agency's
        with pytest.raises(refusals.UnknownRole):
            invitations.invite(party=client_party, by=owner, email="x@cairn.test", role=role)
        with pytest.raises(refusals.UnknownRole):
            members.change_role(party=client_party, by=owner, person=viewer, was="viewer", role=role)


def test_a_team_has_a_size(client_party, owner, monkeypatch):
    monkeypatch.setattr(invitations, "MOST", 2)
    invitations.invite(party=client_party, by=owner, email="nora@cairn.test", role="viewer")
    with pytest.raises(refusals.TeamFull):
        invitations.invite(party=client_party, by=owner, email="other@cairn.test", role="viewer")


@pytest.mark.parametrize(
    ("kind", "leading", "others"),
    [
        (PartyKind.CLIENT, "owner", ["manager", "viewer"]),
        (PartyKind.AGENCY, "manager", ["member"]),
        (PartyKind.FREELANCER, "", ["owner"]),
    ],
)
def test_only_owners_of_a_client_and_managers_of_an_agency_decide(kind, leading, others):
    party, other = PartyFactory.create(kind=kind), PartyFactory.create(kind=PartyKind.AGENCY)
    lead = joined(party, leading) if leading else None
    waiting = invitations.invite(party=party, by=lead, email="n@cairn.test", role=leading) if lead else None
    strangers = [joined(party, role) for role in others] + [joined(other, "manager")]
    someone = lead or strangers[0]
    for user in strangers:
        acts = [
            lambda by=user: invitations.invite(party=party, by=by, email="m@cairn.test", role=others[0]),
            lambda by=user: members.change_role(party=party, by=by, person=someone, was=leading, role=others[0]),
            lambda by=user: members.remove(party=party, by=by, person=someone),
            *([lambda by=user: invitations.revoke(invitation=waiting, by=by)] if waiting else []),
            *([lambda by=user: invitations.invite_again(invitation=waiting, by=by)] if waiting else []),
        ]
        for act in acts:
            with pytest.raises(refusals.NotALead):
                act()
    assert told(party) == (["invited"] if lead else [])


@pytest.mark.parametrize(("kind", "leading", "least"), [("client", "owner", "viewer"), ("agency", "manager", "member")])
def test_the_last_who_decides_cannot_leave_be_removed_or_demoted(kind, leading, least):
    party = PartyFactory.create(kind=kind)
    lead, other = joined(party, leading), joined(party, least)
    suspended = joined(party, leading)
    User.objects.filter(pk=suspended.pk).update(is_active=False)  # decides about nothing
    for act in (
        lambda: members.leave(party=party, by=lead),
        lambda: members.remove(party=party, by=lead, person=lead),
        lambda: members.change_role(party=party, by=lead, person=lead, was=leading, role=least),
    ):
        with pytest.raises(refusals.LastLead), transaction.atomic():
            act()
    members.change_role(party=party, by=lead, person=other, was=least, role=leading)
    members.leave(party=party, by=lead)
    assert roles(party) == {other: leading, suspended: leading}
    assert told(party) == ["role_changed", "left"]


def test_a_freelancer_leaves_no_team():
    party = PartyFactory.create(kind=PartyKind.FREELANCER)
    with pytest.raises(PeopleError):
        members.leave(party=party, by=joined(party, "owner"))
    assert party.memberships.count() == 1


def test_a_role_that_changed_meanwhile_is_not_overwritten(client_party, owner):
    person = joined(client_party, MemberRole.MANAGER)
    with pytest.raises(refusals.Changed):
        members.change_role(party=client_party, by=owner, person=person, was="viewer", role="owner")
    members.change_role(party=client_party, by=owner, person=person, was="viewer", role="manager")  # is so already
    assert told(client_party) == []


def test_removing_twice_is_once_and_strangers_cannot_be_removed(client_party, owner):
    person = joined(client_party, MemberRole.MANAGER)
    for _press in range(2):
        members.remove(party=client_party, by=owner, person=person)
    with pytest.raises(refusals.Changed):
        members.remove(party=client_party, by=owner, person=UserFactory.create())
    assert told(client_party) == ["removed"]


def test_nobody_returns_by_an_invitation_of_their_own(client_party, owner):
    for end in ("removal", "demotion"):
        second, spare = joined(client_party, MemberRole.OWNER), confirmed(f"spare-{end}@cairn.test")
        own = invitations.invite(party=client_party, by=second, email=spare.email, role="owner")
        if end == "removal":
            members.remove(party=client_party, by=owner, person=second)
        else:
            members.change_role(party=client_party, by=owner, person=second, was="owner", role="viewer")
        with pytest.raises(refusals.InvitationOver):
            invitations.accept(invitation=own, by=spare)


def test_a_token_cannot_be_made_up_from_an_invitations_id(invitation):
    token = invitations.token_of(invitation)
    assert invitations.invitation_with(token) == invitation
    for forged in (str(invitation.pk), invitation.pk.hex, token[:-1], f"{token}x", "x" * 10_000, "\x00"):
        assert invitations.invitation_with(forged) is None


def test_what_was_done_to_a_team_stays_written(client_party, owner, invitation):
    for wrong in (
        lambda: TeamEvent.objects.update(role="owner"),
        lambda: TeamEvent.objects.all().delete(),
        lambda: Invitation.objects.update(email="other@cairn.test"),
        lambda: Invitation.objects.update(role="owner"),
        lambda: Invitation.objects.filter(pk=invitation.pk)._raw_delete("default"),
        lambda: Invitation.objects.update(status="accepted"),  # without by whom
        lambda: Invitation.objects.create(
            party=client_party, by=owner, email="A@b.test", role="viewer", expires_at=clock.now()
        ),
        lambda: TeamEvent.objects.create(party=client_party, by=owner, kind="removed", role="viewer"),
        lambda: TeamEvent.objects.create(party=client_party, by=owner, person=owner, kind="?", role="viewer"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            wrong()
    assert Membership.objects.filter(party=client_party).count() == 1
