"""The page behind the link of an invitation, and the way of somebody without an account through sign-up and back."""

import pytest
from django.test import Client

from marketplace.models import MemberRole, Party, PartyKind, User
from marketplace.teams import invitations
from marketplace.tests.inviting import browser, confirmed
from tests.factories import outsider

pytestmark = pytest.mark.django_db
NEW = {"name": "Nora", "password1": "stones-on-stones", "time_zone": "UTC"}


def page_of(answer) -> str:
    return answer.content.decode()


def test_who_is_invited_accepts_and_acts_for_the_party(agency, link):
    nora = browser(confirmed("nora@cairn.test"))
    assert "Northlight" in page_of(nora.get(link))
    assert nora.post(link, {"answer": "accept"})["Location"] == "/jobs/"
    assert nora.get("/settings/").wsgi_request.party == agency
    assert nora.post(link, {"answer": "accept"}).status_code == 302
    assert agency.memberships.get(user__email="nora@cairn.test").role == MemberRole.MEMBER
    assert "works once" in page_of(nora.get(link))


def test_who_is_invited_can_decline(agency, link):
    nora = browser(confirmed("nora@cairn.test"))
    assert nora.post(link, {}).status_code == 422
    assert nora.post(link, {"answer": "perhaps"}).status_code == 422
    for _press in range(2):
        assert nora.post(link, {"answer": "decline"})["Location"] == "/settings/"
    assert nora.post(link, {"answer": "accept"}).status_code == 409
    assert agency.memberships.count() == 1


def test_others_with_the_link_read_it_and_cannot_answer(agency, link, manager):
    for user in (outsider(), manager):
        other = browser(user)
        assert "Only nora@cairn.test can answer" in page_of(other.get(link))
        for answer in ("accept", "decline"):
            assert other.post(link, {"answer": answer}).status_code == 403
        assert other.post("/accounts/logout/", {"next": link})["Location"] == link
    assert browser().post(link, {"answer": "accept"}).status_code == 200  # asked to sign in
    assert agency.team_events.count() == 1


def test_a_withdrawn_invitation_says_so(link, invitation, manager):
    invitations.revoke(invitation=invitation, by=manager)
    nora = browser(confirmed("nora@cairn.test"))
    assert "It was withdrawn" in page_of(nora.get(link))
    assert nora.post(link, {"answer": "accept"}).status_code == 409


@pytest.mark.parametrize("token", ["x", "x:y", "x" * 3000, "%00", "..%2f..%2f"])
def test_a_link_that_cairn_did_not_make_is_404(token):
    assert browser().get(f"/invitations/{token}/").status_code == 404


def test_who_has_no_account_signs_up_comes_back_and_founds_no_party(agency, link, mailoutbox):
    visitor = Client()
    page = page_of(visitor.get(link))
    sign_up = f"/accounts/signup/?next={link.replace(':', '%3A')}"
    assert f"?next={link.split(':')[0]}" in page
    form = page_of(visitor.get(sign_up))
    assert "How will you use Cairn?" not in form
    assert "nora@cairn.test" in form
    answer = visitor.post(sign_up, NEW | {"next": link})
    assert (answer.status_code, answer["Location"]) == (302, link)
    nora = User.objects.get(email="nora@cairn.test")
    assert not nora.memberships.exists()
    assert visitor.post(link, {"answer": "accept"}).status_code == 302
    assert [each.party for each in nora.memberships.all()] == [agency]
    assert not mailoutbox  # the link came to the address: it needs no second one to confirm it


def test_signing_up_with_an_invitation_is_for_its_address_only(link):
    visitor = Client()
    visitor.post("/accounts/signup/", NEW | {"next": link, "email": "other@cairn.test", "kind": "client"})
    assert list(User.objects.filter(name="Nora").values_list("email", flat=True)) == ["nora@cairn.test"]


@pytest.mark.parametrize("end", ["revoked", "forged", "elsewhere"])
def test_signing_up_with_no_open_invitation_is_as_ever(link, invitation, manager, end):
    if end == "revoked":
        invitations.revoke(invitation=invitation, by=manager)
    path = {"revoked": link, "forged": f"{link[:-3]}xx/", "elsewhere": f"//evil.test{link}"}[end]
    visitor = Client()
    assert "How will you use Cairn?" in page_of(visitor.get("/accounts/signup/", {"next": path}))
    form = NEW | {"next": path, "email": "nora@cairn.test", "kind": "freelancer"}
    answer = visitor.post("/accounts/signup/", form)
    assert answer["Location"] == "/accounts/confirm-email/"
    assert not User.objects.get(name="Nora").emailaddress_set.get().verified
    assert Party.objects.filter(kind=PartyKind.FREELANCER).count() == 1
