"""Who lets somebody else decide about the party's money shows first who they are, and loses nothing that was typed."""

import pytest

from marketplace.models import Invitation, MemberRole
from marketplace.tests.conftest import PASSWORD
from tests.factories import joined

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(clara) -> str:
    """The page of the team that Clara owns."""
    return f"/parties/{clara.memberships.get().party_id}/team/"


def test_an_invitation_to_decide_asks_first_and_comes_back_filled(signed_in, clara, team):
    page = signed_in.get(team).content.decode()
    invite = page.split('name="email"')[0].rpartition('action="')[2].partition('"')[0]
    typed = {"email": "otto@cairn.test", "role": MemberRole.OWNER}
    door = signed_in.post(invite, typed)["Location"]
    assert door.startswith("/accounts/reauthenticate/?next=%2Fparties%2F")
    assert not Invitation.objects.exists()
    assert signed_in.post(door, {"password": PASSWORD})["Location"] == team
    assert "otto@cairn.test" in signed_in.get(team).content.decode()
    assert signed_in.post(invite, typed)["Location"] == team
    assert Invitation.objects.get().email == "otto@cairn.test"


def test_one_to_look_does_not(signed_in, clara, team):
    page = signed_in.get(team).content.decode()
    invite = page.split('name="email"')[0].rpartition('action="')[2].partition('"')[0]
    assert signed_in.post(invite, {"email": "otto@cairn.test", "role": MemberRole.VIEWER})["Location"] == team


def test_a_role_that_decides_asks_first(signed_in, clara, team):
    party = clara.memberships.get().party
    otto = joined(party, MemberRole.VIEWER)
    page = f"{team}{otto.pk}/"
    answer = signed_in.post(page, {"was": MemberRole.VIEWER, "role": MemberRole.OWNER})
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert party.memberships.get(user=otto).role == MemberRole.VIEWER
