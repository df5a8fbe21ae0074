"""Somebody closes their account while another deals with them: an offer, a bonus, an invitation that they accept.

Each race runs some rounds with the locks; its control takes them away, forces the order, and the wrong must show.
"""

import uuid
from functools import partial

import pytest

from contracts.tests.dealing import Deal, agreed, nobody, plan_of
from marketplace.models import Membership, PartyKind
from marketplace.privacy.erasing import erase
from marketplace.teams import invitations
from marketplace.tests.inviting import confirmed
from tests.books import books_hold
from tests.factories import PartyFactory, joined
from tests.racing import at_once, both_read_first, kinds

ROUNDS = 4


def closing(deal: Deal) -> partial:
    return partial(erase, person=deal.earner, by=deal.earner)


def offering() -> list[partial]:
    deal = nobody()
    return [closing(deal), partial(deal.offer, plan_of("100.00"))]


def thanking() -> list[partial]:
    """The contract is over, and its client would still pay a bonus."""
    deal = agreed("100.00")
    deal.leave()
    return [closing(deal), partial(deal.bonus, "20.00", key=uuid.uuid4())]


@pytest.mark.parametrize("acts", [offering, thanking])
def test_nobody_deals_with_whoever_closes_their_account(own_database, acts):
    for _round in range(ROUNDS):
        assert kinds(at_once(*acts())) in ({"Erasure": 1, "NobodyThere": 1}, {"StillNeeded": 1, "Payment": 1})
    books_hold()


@pytest.mark.parametrize("acts", [offering, thanking])
def test_control_without_the_locks_money_goes_to_nobody(own_database, guard_off, acts):
    assert kinds(both_read_first(*acts())) == {"Erasure": 1, "Payment": 1}


def joining() -> tuple[list[partial], int]:
    """They accept an invitation, in another window."""
    agency, person = PartyFactory.create(kind=PartyKind.AGENCY), confirmed(f"{uuid.uuid4().hex}@cairn.test")
    manager = joined(agency, "manager")
    invitation = invitations.invite(party=agency, by=manager, email=person.email, role="member")
    return [
        partial(erase, person=person, by=person), partial(invitations.accept, invitation=invitation, by=person),
    ], person.pk  # fmt: skip


def test_whoever_closes_their_account_is_on_no_team(own_database):
    for _round in range(ROUNDS):
        acts, key = joining()
        answers = kinds(at_once(*acts))
        assert answers in ({"Erasure": 1, "NotForYou": 1}, {"TeamChanged": 1, "Party": 1}, {"Erasure": 1, "Party": 1})
        assert Membership.objects.filter(user=key).exists() == ("Erasure" not in answers)
