"""What goes by itself: addresses of old invitations, sign-ups of nobody, old notices, what an erasing just missed."""

import logging
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import DatabaseError, transaction

from contracts.tests.dealing import agreed
from marketplace import operations
from marketplace.clock import advance, now
from marketplace.models import Erasure, Invitation, Party, User
from marketplace.privacy import sweeping
from marketplace.privacy.erasing import erase
from marketplace.tasks import forget_people
from marketplace.teams import invitations
from marketplace.tests.inviting import confirmed
from notifications import forgetting
from notifications.models import Channel, Delivery, DeliveryStatus
from tests.books import books_hold
from tests.factories import PartyFactory, joined, outsider

pytestmark = pytest.mark.django_db


def invited(email: str) -> Invitation:
    party = PartyFactory.create()
    return invitations.invite(party=party, by=joined(party, "owner"), email=email, role="viewer")


def address(invitation: Invitation) -> str:
    return Invitation.objects.get(pk=invitation.pk).email


def days(count: int) -> None:
    advance(timedelta(days=count))


def test_an_invitation_forgets_where_it_went_once_its_days_are_over():
    old = invited("old@cairn.test")
    invitations.revoke(invitation=old, by=old.by)
    run_out = invited("ran.out@cairn.test")
    days(89)
    young = invited("young@cairn.test")
    sweeping.sweep()
    assert (address(old), address(run_out)) == ("old@cairn.test", "ran.out@cairn.test")
    days(9)
    sweeping.sweep()
    assert address(young) == "young@cairn.test"
    for each in (old, run_out):
        each.refresh_from_db()
        assert (each.email, each.address) == (f"{each.pk}@erased.invalid", "an erased address")


def test_what_was_written_once_is_taken_out_and_never_changed():
    invitation = invited("somebody@cairn.test")
    with pytest.raises(DatabaseError, match="may be taken out, and not be changed"), transaction.atomic():
        Invitation.objects.filter(pk=invitation.pk).update(email="another@cairn.test")
    Invitation.objects.filter(pk=invitation.pk).update(email="somebody@cairn.test")
    assert address(invitation) == "somebody@cairn.test"


def signed_up(email: str, *, verified: bool) -> User:
    return operations.sign_up(
        email=email, password="stones-on-stones", name="Somebody", kind="client", email_verified=verified
    )


def test_a_sign_up_that_nobody_confirmed_goes_and_nobody_else():
    made_by_staff, needed = outsider(), signed_up("a@cairn.test", verified=False)
    stranger, known = signed_up("x@cairn.test", verified=False), signed_up("y@cairn.test", verified=True)
    joined(needed.memberships.get().party, "viewer")  # put there by hand, for instance
    days(29)
    sweeping.sweep()
    assert not Erasure.objects.exists()
    days(2)
    sweeping.sweep()
    assert Erasure.objects.get().person_id == stranger.pk
    assert not EmailAddress.objects.filter(email="x@cairn.test").exists()
    assert {known, made_by_staff, needed} < set(User.objects.filter(is_active=True))


def test_notices_go_post_by_post_and_the_books_hold(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        deal = agreed("100.00", "150.00")
        deal.release(1, "100.00")
    Delivery.objects.filter(channel=Channel.EMAIL).update(status=DeliveryStatus.SENT, due_at=None, sent_at=now())
    days(364)
    before = Delivery.objects.count()
    forgetting.forget_notices()
    assert Delivery.objects.count() == before > 5
    days(2)
    with django_capture_on_commit_callbacks(execute=True):
        deal.end("0.00")
    young = Delivery.objects.filter(at__gt=now() - timedelta(days=1)).count()
    forgetting.forget_notices()
    assert Delivery.objects.count() == young > 0
    books_hold()


def test_old_notices_go_in_batches_and_those_that_still_wait_stay(monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(forgetting, "BATCH", 2)
    with django_capture_on_commit_callbacks(execute=True):
        deal = agreed("100.00")
    days(366)
    waiting = Delivery.objects.filter(status=DeliveryStatus.WAITING).count()
    forgetting.forget_notices()
    assert set(Delivery.objects.values_list("status", flat=True)) == {DeliveryStatus.WAITING}
    assert Delivery.objects.count() == waiting > 0
    assert deal.contract.posts.exists()


def test_what_was_under_way_while_somebody_went_goes_the_next_night():
    person = confirmed("late@cairn.test")
    erase(person=person, by=person)
    UserSession.objects.create(user=person, ip="192.0.2.7", session_key="late", user_agent="Late")
    forget_people(0)
    assert not UserSession.objects.filter(user=person).exists()
    days(3)
    UserSession.objects.create(user=person, ip="192.0.2.7", session_key="late", user_agent="Late")
    forget_people(0)
    assert UserSession.objects.filter(user=person).exists()  # long over: nothing begins any more


def test_what_fails_keeps_nothing_else_from_being_done(monkeypatch, caplog):
    def break_down() -> None:
        raise ValueError

    monkeypatch.setattr(sweeping, "_also", [break_down])
    monkeypatch.setattr(sweeping, "wipe_again", break_down)
    old = invited("old@cairn.test")
    days(98)
    with caplog.at_level(logging.ERROR):
        sweeping.sweep()
    assert address(old).endswith("@erased.invalid")
    assert len([each for each in caplog.records if "the next night tries again" in each.message]) == 2
    assert Party.objects.exists()
