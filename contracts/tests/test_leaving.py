"""What keeps an account from being closed, each with where to go; and that nobody deals with a party of nobody."""

import uuid

import pytest
from django.db import connection, transaction

from contracts.operations._party import NobodyThere
from contracts.operations.offers import withdraw_offer
from contracts.reading.proposals import clients_of
from contracts.reading.talents import talents_page
from contracts.tests.dealing import Deal, agreed, another, nobody, offered, plan_of
from contracts.tests.earning import bank, talent, withdrawing
from contracts.tests.proposing import TITLE, propose
from escrow.models import Direction, Payment
from escrow.operations import payments
from escrow.tests.paying import DECLINES, LATER
from marketplace.models import Erasure, MemberRole, Party, PartyKind, User
from marketplace.privacy.erasing import StillNeeded, TeamChanged, erase
from marketplace.privacy.obstacles import obstacles
from tests.books import books_hold
from tests.factories import PartyFactory, card, joined
from tests.staff import staff

pytestmark = pytest.mark.django_db


def refused(person: User) -> list[str]:
    """What is said to them; that it was refused by the operation as well is asserted here."""
    with pytest.raises(StillNeeded) as refusal:
        erase(person=person, by=person)
    assert refusal.value.obstacles == obstacles(person)
    assert all(each.path.startswith("/") and each.label for each in refusal.value.obstacles)
    assert not Erasure.objects.filter(person=person).exists()
    return [each.text for each in refusal.value.obstacles]


def left(person: User) -> None:
    erase(person=person, by=person)


def ended(*amounts: str) -> Deal:
    """Ended with nothing paid: all of it went back to the card."""
    deal = agreed(*amounts)
    deal.leave()
    for payment in Payment.objects.filter(party=deal.client, direction=Direction.REFUND):
        payments.ask(payment.pk)
    return deal


def test_an_offer_that_is_open_for_both_sides():
    deal = offered("100.00")
    assert refused(deal.payer) == ["The offer “Small works” is still open."]
    assert refused(deal.earner) == ["The offer “Small works” is still open."]
    books_hold()


def test_an_offer_that_its_talent_was_never_sent_does_not_hold_them():
    deal = offered("100.00", method=DECLINES)
    left(deal.earner)
    with pytest.raises(NobodyThere), transaction.atomic():
        deal.pay_deposit()
    assert refused(deal.payer) == ["The offer “Small works” is still open."]
    withdraw_offer(contract=deal.contract, by=deal.payer)
    left(deal.payer)
    books_hold()


def test_a_contract_that_runs_and_one_in_dispute():
    deal = agreed("100.00")
    assert refused(deal.earner) == ["The contract “Small works” has not ended."]
    deal.submit(1)
    deal.dispute(deal.payer)
    assert refused(deal.payer) == ["“Small works” is in a dispute."]
    books_hold()


def test_a_contract_that_was_proposed():
    deal = ended("100.00")
    propose(deal, plan_of("50.00"), key=uuid.uuid4())
    assert refused(deal.earner) == [f"The proposed contract “{TITLE}” is still open."]


def test_money_that_is_held_back_and_money_to_withdraw():
    deal = agreed("100.00")
    deal.release(1, "100.00")
    deal.end("0.00")
    assert refused(deal.earner) == [
        f"{deal.talent.name} has $90.00 in its security hold. Withdraw it once that is over."
    ]
    party, owner = talent("60.00")
    assert refused(owner) == [f"{party.name} has $60.00 to withdraw."]
    withdrawing(party, owner, "60.00", method=bank(party))
    left(owner)
    left(deal.payer)
    books_hold()


def test_a_payment_under_way_on_either_side_of_a_bonus():
    deal = ended("100.00")
    deal.bonus("20.00", method=card(deal.client, LATER))
    assert refused(deal.payer) == [f"A payment of $20.00 of {deal.client.name} is under way. Wait until it is settled."]
    assert refused(deal.earner) == [
        f"A bonus of $20.00 for {deal.talent.name} is under way. Wait until it has arrived, then withdraw it."
    ]
    books_hold()


def test_who_decides_alone_about_a_team_hands_it_over_first():
    party = PartyFactory.create(kind=PartyKind.AGENCY)
    manager, member = joined(party, MemberRole.MANAGER), joined(party, MemberRole.MEMBER)
    (said,) = refused(manager)
    assert "Nobody else could decide about the team" in said
    left(member)
    left(manager)
    party.refresh_from_db()
    assert party.name.startswith("Former member")


def test_a_party_of_others_goes_on_with_what_it_has():
    deal = agreed("100.00")
    other = joined(deal.client, MemberRole.OWNER)
    left(deal.payer)
    name = deal.client.name
    deal.client.refresh_from_db()
    assert deal.client.name == name
    deal.payer = other
    deal.release(1, "100.00")
    books_hold()


def test_staff_are_no_staff_before_they_go():
    (said,) = refused(staff())
    assert said == "You are staff. Have somebody who manages staff take that from you first."


def test_nobody_deals_with_a_party_of_nobody():
    deal = ended("100.00")
    assert deal.talent in talents_page(client=deal.client).parties
    left(deal.earner)
    assert deal.talent not in talents_page(client=deal.client).parties
    with pytest.raises(NobodyThere), transaction.atomic():
        another(deal, "50.00")
    with pytest.raises(NobodyThere), transaction.atomic():
        deal.bonus("20.00")
    back = ended("100.00")
    left(back.payer)
    assert not clients_of(back.earner, back.talent).exists()
    with pytest.raises(NobodyThere), transaction.atomic():
        propose(back, plan_of("50.00"), key=uuid.uuid4())
    books_hold()


def test_a_team_that_changed_meanwhile_is_noticed():
    deal = nobody()
    late = PartyFactory.create(kind=PartyKind.AGENCY)

    def join(execute, sql, params, many, context):
        """Just before their own row is locked, they are on one more team."""
        if "marketplace_user" in sql and "FOR NO KEY UPDATE" in sql and not deal.earner.memberships.filter(party=late):
            deal.earner.memberships.create(party=late, role=MemberRole.MEMBER)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(join), pytest.raises(TeamChanged):
        erase(person=deal.earner, by=deal.earner)
    assert Party.objects.get(pk=deal.talent.pk).name == deal.talent.name
