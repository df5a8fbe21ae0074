"""Teams that change twice at once: two leads, an offer and a new member, an answer and the end of its invitation.

Each race runs some rounds with the locks; its control takes them away, forces the order, and the wrong must show.
"""

import uuid
from functools import partial

import pytest

from contracts.operations.offers import make_offer
from contracts.tests.dealing import plan_of
from escrow.invariants import broken
from marketplace import clock
from marketplace.models import Membership, Party, PartyKind, User
from marketplace.teams import invitations, members
from marketplace.tests.inviting import confirmed
from tests.books import books_hold
from tests.factories import PartyFactory, agreed, card, joined
from tests.racing import at_once, both_read_first, kinds

ROUNDS = 8


def pair(kind: str = PartyKind.CLIENT, role: str = "owner") -> tuple[Party, User, User]:
    party = PartyFactory.create(kind=kind)
    return party, joined(party, role), joined(party, role)


def removing(party: Party, one: User, other: User) -> list[partial]:
    """Each removes the other."""
    return [partial(members.remove, party=party, by=by, person=who) for by, who in ((one, other), (other, one))]


def leaving(party: Party, one: User, other: User) -> list[partial]:
    return [partial(members.leave, party=party, by=by) for by in (one, other)]


@pytest.mark.parametrize(("acts", "refusal"), [(removing, "NotALead"), (leaving, "LastLead")])
def test_two_leads_at_once_leave_one(own_database, acts, refusal):
    for _round in range(ROUNDS):
        party, one, other = pair()
        assert kinds(at_once(*acts(party, one, other))) == {"NoneType": 1, refusal: 1}
        assert party.memberships.count() == 1


@pytest.mark.parametrize("acts", [removing, leaving])
def test_control_two_leads_without_the_lock_leave_none(own_database, guard_off, acts):
    party, one, other = pair(PartyKind.AGENCY, "manager")
    both = both_read_first(*acts(party, one, other), writes=("INSERT",))  # who leads is read after the DELETE
    assert kinds(both) == {"NoneType": 2}
    assert party.memberships.count() == 0


# S12: nobody is on both sides


def meeting() -> list[partial]:
    """Somebody of a client joins an agency, while the client makes that agency an offer."""
    client, agency = PartyFactory.create(), PartyFactory.create(kind=PartyKind.AGENCY)
    owner, manager = joined(client, "owner"), joined(agency, "manager")
    both = confirmed(f"{uuid.uuid4().hex}@cairn.test")
    Membership.objects.create(party=client, user=both, role="viewer")
    invitation = invitations.invite(party=agency, by=manager, email=both.email, role="member")
    offer = partial(
        make_offer, by=owner, key=uuid.uuid4(), client=client, talent=agency, title="Small works",
        plan=plan_of("100.00"), method=card(client), today=clock.now().date(),
    )  # fmt: skip
    return [partial(invitations.accept, invitation=invitation, by=both), offer]


def test_s12_an_offer_and_a_new_member_at_once_never_meet(own_database):
    seen = set()
    for _round in range(ROUNDS):
        answers = kinds(at_once(*meeting()))
        assert answers in ({"Party": 1, "BothSides": 1}, {"OnBothSides": 1, "Payment": 1})
        seen |= set(answers)
    books_hold()


def test_s12_control_an_offer_and_a_new_member_without_locks_meet(own_database, guard_off):
    assert kinds(both_read_first(*meeting())) == {"Party": 1, "Payment": 1}
    assert [each.invariant.name for each in broken()] == ["S12"]


def two_sides() -> list[partial]:
    """Somebody is invited by both sides of a contract, and accepts both at once."""
    world, both = agreed(1, agency=True), confirmed(f"{uuid.uuid4().hex}@cairn.test")
    sides = ((world.contract.client, world.client, "viewer"), (world.contract.talent, world.talent, "member"))
    made = [invitations.invite(party=party, by=by, email=both.email, role=role) for party, by, role in sides]
    return [partial(invitations.accept, invitation=invitation, by=both) for invitation in made]


def test_s12_somebody_whom_both_sides_invite_joins_one(own_database):
    for _round in range(3):
        assert kinds(at_once(*two_sides())) == {"Party": 1, "OnBothSides": 1}
    books_hold()


def test_s12_control_somebody_whom_both_sides_invite_joins_both_without_locks(own_database, guard_off):
    assert kinds(both_read_first(*two_sides())) == {"Party": 2}
    assert [each.invariant.name for each in broken()] == ["S12"]


# An answer and its invitation


def test_an_invitation_is_answered_withdrawn_and_sent_once_however_many_press(own_database):
    for _round in range(ROUNDS):
        party, one, other = pair()
        nora = confirmed(f"{uuid.uuid4().hex}@cairn.test")
        invite = partial(invitations.invite, party=party, email=nora.email, role="viewer")
        made = at_once(partial(invite, by=one), partial(invite, by=other))
        assert len({each.pk for each in made}) == 1
        accept = partial(invitations.accept, invitation=made[0], by=nora)
        answers = kinds(at_once(accept, accept, partial(invitations.revoke, invitation=made[0], by=one)))
        assert answers in ({"Party": 2, "Changed": 1}, {"InvitationOver": 2, "NoneType": 1})
        assert party.memberships.filter(user=nora).exists() == ("Party" in answers)
