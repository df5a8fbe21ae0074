"""The mails about a team, as an SMTP server receives them: to whom, what they say, and when none goes out."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from marketplace import clock
from marketplace.models import MemberRole, TeamEvent, User
from marketplace.tasks import send_team_mail
from marketplace.teams import invitations, members
from marketplace.tests.inviting import confirmed
from tests.factories import joined

pytestmark = pytest.mark.django_db


def deliver() -> None:
    """Let the worker do what waits, once."""
    for job in ProcrastinateJob.objects.filter(task_name="send_team_mail", status="todo").order_by("pk"):
        send_team_mail(**job.args)


def test_the_invitation_goes_to_its_address_in_both_parts_with_a_link_that_works(postbox, agency, manager, client):
    User.objects.filter(pk=manager.pk).update(name="<b>Mo</b>\u2028Bcc: x@cairn.test")
    manager.refresh_from_db()
    invitations.invite(party=agency, by=manager, email="nora@cairn.test", role="member")
    deliver()
    (mail,) = postbox.mails
    assert mail["To"] == "nora@cairn.test"
    assert mail["Bcc"] is None
    assert "invites you to act for Northlight" in mail["Subject"]
    plain, rich = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert "Your role would be member." in plain
    assert "<b>Mo" not in rich
    assert "<bdi>&lt;b&gt;Mo" in rich
    link = plain.split("http://localhost:8000")[1].split()[0]
    assert link in rich
    assert "Northlight" in client.get(link).content.decode()


def test_a_withdrawn_or_expired_invitation_is_not_mailed(postbox, agency, manager):
    revoked, _expired = (
        invitations.invite(party=agency, by=manager, email=f"{name}@cairn.test", role="member") for name in "ab"
    )
    invitations.revoke(invitation=revoked, by=manager)
    clock.advance(timedelta(days=7))
    deliver()
    assert postbox.mails == []


def test_what_is_long_past_is_no_news(postbox, agency, manager, member):
    members.change_role(party=agency, by=manager, person=member, was="member", role="manager")
    clock.advance(timedelta(days=2))
    deliver()
    assert postbox.mails == []


def test_who_is_removed_or_gets_another_role_is_told_and_who_leaves_knows(postbox, agency, manager, member):
    members.change_role(party=agency, by=manager, person=member, was="member", role="manager")
    deliver()
    assert postbox.newest()["To"] == member.email
    assert (
        "Your role is manager from now on. Before, it was member."
        in postbox.newest().get_body(("plain",)).get_content()
    )
    members.remove(party=agency, by=manager, person=member)
    send_team_mail(event=TeamEvent.objects.latest("pk").pk)
    assert postbox.newest()["To"] == member.email
    assert "You do not act for Northlight any more" in postbox.newest()["Subject"]
    count = len(postbox.mails)
    members.leave(party=agency, by=joined(agency, MemberRole.MEMBER))
    assert not ProcrastinateJob.objects.filter(args={"event": TeamEvent.objects.latest("pk").pk}).exists()
    assert len(postbox.mails) == count


def test_who_invited_hears_of_the_answer_while_they_are_on_the_team(postbox, agency, manager, invitation):
    other = invitations.invite(party=agency, by=manager, email="olga@cairn.test", role="member")
    invitations.accept(invitation=invitation, by=confirmed("nora@cairn.test"))
    joined_event = TeamEvent.objects.latest("pk")
    send_team_mail(event=joined_event.pk)
    assert (postbox.newest()["To"], len(postbox.mails)) == (manager.email, 1)
    invitations.decline(invitation=other, by=confirmed("olga@cairn.test"))
    agency.memberships.filter(user=manager).delete()
    send_team_mail(event=TeamEvent.objects.latest("pk").pk)
    assert len(postbox.mails) == 1


def test_each_act_is_one_mail_with_one_id_however_often_it_is_sent(postbox, agency, manager, invitation):
    event = TeamEvent.objects.get()
    for _try in range(2):
        send_team_mail(event=event.pk)
    assert {mail["Message-ID"] for mail in postbox.mails} == {f"<team.{event.pk}@localhost>"}


def test_nothing_of_a_person_stands_in_the_queue(agency, manager, invitation):
    job = ProcrastinateJob.objects.get(task_name="send_team_mail")
    assert job.args == {"event": TeamEvent.objects.get().pk}
