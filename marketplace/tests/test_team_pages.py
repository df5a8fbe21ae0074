"""The pages of a team and of an invitation: who sees what, what is refused, and with which status."""

import uuid

import pytest

from marketplace.models import Invitation, MemberRole, Party, PartyKind
from marketplace.teams import invitations
from marketplace.tests.inviting import browser
from tests.factories import PartyFactory, joined, outsider

pytestmark = pytest.mark.django_db


def at(party: Party, rest: str = "") -> str:
    return f"/parties/{party.pk}/team/{rest}"


def test_who_decides_sees_addresses_invitations_and_history_and_the_others_names(
    agency, manager, member, invitation, parsed
):
    page = parsed(browser(manager).get(at(agency)))
    assert all(text in page for text in (member.name, member.email, "nora@cairn.test", "What was changed"))
    seen = browser(member).get(at(agency)).content.decode()
    assert manager.name in seen
    assert not any(text in seen for text in (manager.email, "nora@cairn.test", "What was changed", "Invite somebody"))


def test_a_freelancer_has_no_team(agency):
    party = PartyFactory.create(kind=PartyKind.FREELANCER)
    alone = browser(joined(party, MemberRole.OWNER))
    assert alone.get(at(party)).status_code == alone.post(at(party, "leaving/")).status_code == 404
    assert at(party) not in alone.get("/settings/").content.decode()


def test_outsiders_get_404_members_403_and_nothing_happens(agency, manager, member, invitation):
    other = joined(PartyFactory.create(kind=PartyKind.AGENCY), MemberRole.MANAGER)
    posts = {
        "invitations/": {"email": "x@cairn.test", "role": "member"},
        f"invitations/{invitation.pk}/mail/": {},
        f"invitations/{invitation.pk}/withdrawal/": {},
        f"{manager.pk}/": {"was": "manager", "role": "member"},
        f"{manager.pk}/removal/": {},
    }
    before = agency.team_events.count()
    for user, status in ((outsider(), 404), (other, 404), (member, 403)):
        for path, form in posts.items():
            for headers in ({}, {"HX-Request": "true", "HX-Target": "main", "HX-Current-URL": "/admin/"}):
                assert browser(user).post(at(agency, path), form, headers=headers).status_code == status, path
        for path in (f"{manager.pk}/", f"{manager.pk}/removal/"):
            assert browser(user).get(at(agency, path)).status_code == status, path
    assert browser(outsider()).get(at(agency)).status_code == 404
    for path in posts:
        assert browser().post(at(agency, path)).status_code == 302
        assert browser().post(at(agency, path), headers={"HX-Request": "true"}).status_code == 401
    assert agency.team_events.count() == before
    assert agency.memberships.count() == 2


def test_ids_of_another_team_under_ones_own_are_404(agency, manager):
    other = PartyFactory.create(kind=PartyKind.AGENCY)
    lead = joined(other, MemberRole.MANAGER)
    foreign = invitations.invite(party=other, by=lead, email="x@cairn.test", role="member")
    mine = browser(manager)
    for path in (
        f"invitations/{foreign.pk}/mail/", f"invitations/{foreign.pk}/withdrawal/", f"invitations/{uuid.uuid4()}/mail/",
        f"{lead.pk}/", f"{lead.pk}/removal/", f"{2**63}/", f"{2**63}/removal/", "0/", "-1/",
    ):  # fmt: skip
        assert mine.post(at(agency, path), {"was": "manager", "role": "member"}).status_code == 404, path
    foreign.refresh_from_db()
    assert foreign.is_pending
    assert other.memberships.count() == 1


@pytest.mark.parametrize(
    "email",
    ["", " ", "x", "x@", "x@y", "a@b.test\r\nBcc: c@d.test", "a@b.test, c@d.test", "<script>@b.test", "a\u202e@b.test",
     f"{'x' * 300}@b.test", "\u200b", "x" * 10_000, "a@b.test\x00c", "a@b\u200b.test", "a@b\u200d.test"],
    ids=range(15),
)  # fmt: skip
def test_what_is_no_address_is_refused_with_422_and_kept(agency, manager, email):
    answer = browser(manager).post(at(agency, "invitations/"), {"email": email, "role": "member"})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("role", ["", "owner", "viewer", "staff", "member\x00"])
def test_a_role_of_another_kind_of_party_is_refused(agency, manager, member, role):
    mine = browser(manager)
    assert mine.post(at(agency, "invitations/"), {"email": "x@cairn.test", "role": role}).status_code == 422
    assert mine.post(at(agency, f"{member.pk}/"), {"was": "member", "role": role}).status_code == 422
    assert not agency.team_events.exists()


def test_fields_nobody_may_post_change_nothing(agency, manager):
    form = {"email": " NORA@cairn.test", "role": "member", "status": "accepted", "by": "1", "party": str(uuid.uuid4())}
    assert browser(manager).post(at(agency, "invitations/"), form).status_code == 302
    made = Invitation.objects.get()
    assert (made.email, made.party, made.by, made.status) == ("nora@cairn.test", agency, manager, "pending")


def test_inviting_twice_by_a_double_click_is_one_invitation(agency, manager):
    mine, form = browser(manager), {"email": "nora@cairn.test", "role": "member"}
    assert {mine.post(at(agency, "invitations/"), form).status_code for _press in range(2)} == {302}
    assert agency.team_events.count() == Invitation.objects.count() == 1
    other = mine.post(at(agency, "invitations/"), form | {"role": "manager"})
    assert other.status_code == 422
    assert "Withdraw that invitation first" in other.content.decode()


def test_invitations_are_limited(agency, manager, settings):
    settings.LIMITS = settings.LIMITS | {"invitations": [(2, 3600)]}
    mine = browser(manager)
    answers = [
        mine.post(at(agency, "invitations/"), {"email": f"x{number}@cairn.test", "role": "member"})
        for number in range(3)
    ]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert "x2@cairn.test" in answers[2].content.decode()
    waiting = Invitation.objects.first()
    assert mine.post(at(agency, f"invitations/{waiting.pk}/mail/")).status_code == 429
    assert Invitation.objects.count() == 2


def test_changing_a_role_from_a_stale_page_is_409(agency, manager, member):
    mine = browser(manager)
    assert mine.get(at(agency, f"{member.pk}/")).status_code == 200
    assert mine.post(at(agency, f"{member.pk}/"), {"was": "member", "role": "manager"}).status_code == 302
    second = joined(agency, MemberRole.MANAGER)
    answer = browser(second).post(at(agency, f"{manager.pk}/"), {"was": "member", "role": "member"})
    assert answer.status_code == 409
    assert "This changed while you were looking at it" in answer.content.decode()
    assert agency.memberships.get(user=manager).role == "manager"


def test_removing_and_leaving_ask_first_and_twice_is_once(agency, manager, member):
    mine, theirs = browser(manager), browser(member)
    second = joined(agency, MemberRole.MEMBER)
    assert "Remove from the team?" in mine.get(at(agency, f"{member.pk}/removal/")).content.decode()
    for _press in range(2):
        assert mine.post(at(agency, f"{member.pk}/removal/")).status_code == 302
    assert theirs.get(at(agency)).status_code == theirs.post(at(agency, "leaving/")).status_code == 404
    leaver = browser(second)
    assert "Leave the team?" in leaver.get(at(agency, "leaving/")).content.decode()
    for _press in range(2):
        assert leaver.post(at(agency, "leaving/"))["Location"] == "/settings/"
    assert [each.kind for each in agency.team_events.order_by("pk")] == ["removed", "left"]


def test_the_last_manager_is_told_why_they_stay(agency, manager, member):
    mine = browser(manager)
    assert mine.get(at(agency, f"{manager.pk}/removal/"))["Location"] == at(agency, "leaving/")
    for path, form in (("leaving/", {}), (f"{manager.pk}/", {"was": "manager", "role": "member"})):
        answer = mine.post(at(agency, path), form)
        assert answer.status_code == 409
        assert "Nobody else could decide" in answer.content.decode()


def test_the_page_of_a_team_costs_the_same_for_one_and_for_many(agency, manager, django_assert_num_queries):
    for count in (0, 20):
        for number in range(count):
            joined(agency, MemberRole.MEMBER)
            invitations.invite(party=agency, by=manager, email=f"x{number}@cairn.test", role="member")
        mine = browser(manager)
        mine.get("/settings/")
        with django_assert_num_queries(8):  # session, user, party, members, clock, invitations, history, header
            mine.get(at(agency))


def test_history_goes_back_page_by_page(agency, manager):
    for number in range(25):
        invitations.invite(party=agency, by=manager, email=f"x{number}@cairn.test", role="member")
    mine = browser(manager)
    page = mine.get(at(agency)).content.decode()
    older = page.split("?before=")[1].split("#")[0]
    assert mine.get(f"{at(agency)}?before={older}").content.decode().count(" invited ") == 5
    for odd in ("x", "-1", "\u0665", "9" * 30, ""):
        assert mine.get(f"{at(agency)}?before={odd}").status_code == 200


def test_the_way_to_a_team_is_in_the_menu_and_in_the_settings(agency, manager):
    assert browser(manager).get("/settings/").content.decode().count(f'href="{at(agency)}"') == 2
