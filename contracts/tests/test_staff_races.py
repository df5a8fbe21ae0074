"""Two at once about an act of staff: both approve, one refuses, both sides agree meanwhile, somebody is suspended.

The guards are the act's row lock, the contract's, and the look at roles under them. Each control takes one away; then a
lower layer must refuse, or the test must notice.
"""

import threading
from functools import partial

import pytest
from django.db import transaction
from django.db.models import OuterRef, Subquery

from contracts.models import ActKind, Contract, Earning, StaffAct
from contracts.operations import _contract
from contracts.operations.staff.effects import Effect
from contracts.refusals import NotAllowed
from contracts.tests.dealing import D, Deal, agreed
from contracts.tests.staffing import agree, ask, finance, refuse
from escrow.models import Journal
from marketplace.models import Membership, User
from marketplace.prepared import Prepared
from tests.books import books_hold
from tests.racing import PATIENCE, at_once, both_read_first, kinds, refusals, wait_for_a_waiter

UNIQUE, CHECK, MATCHES, FROZEN, DEADLOCK = "23505", "23514", "CC001", "CC002", "40P01"


@pytest.fixture(autouse=True)
def two_people(settings) -> None:
    settings.SECOND_PERSON_ABOVE = D("50.00")


def decided(deals: list[Deal]) -> list[tuple[Deal, StaffAct]]:
    """Disputes about 100.00, of which staff would give the talent 60.00, and a second person is waited for."""
    one, found = finance(), []
    for deal in deals:
        deal.dispute(deal.payer)
        found.append((deal, ask(ActKind.DECIDE, deal.disputed, one, to_talent="60.00")))
    return found


def splits(deal: Deal) -> int:
    return Journal.objects.filter(scope=deal.key, key__startswith="split:").count()


def test_b44_two_approve_and_one_does(crowd):
    two, three = finance(), finance()
    for deal, act in decided(crowd["submitted"][:20]):
        answers = at_once(partial(agree, act, two), partial(agree, act, three))
        assert kinds(answers) == {"StaffAct": 1, "ActOver": 1}
        assert (splits(deal), deal.money["pending"], deal.told.count("dispute_decided")) == (1, D("54.00"), 1)
    books_hold()


def test_b44_control_without_the_locks_two_who_approve_are_refused_below(crowd, guard_off):
    (deal, act) = decided(crowd["submitted"][:1])[0]
    answers = both_read_first(partial(agree, act, finance()), partial(agree, act, finance()))
    assert refusals(answers) in ([UNIQUE], [FROZEN], [CHECK], [MATCHES], [DEADLOCK], ["KeyReused"], ["EffectChanged"])
    assert splits(deal) == 1
    books_hold()


def test_b44_approve_against_refuse_is_one_answer(crowd):
    two, three = finance(), finance()
    for deal, act in decided(crowd["submitted"][:20]):
        approved, _refused = answers = at_once(partial(agree, act, two), partial(refuse, act, three))
        assert kinds(answers) == {"StaffAct": 1, "ActOver": 1}
        act.refresh_from_db()
        assert splits(deal) == (1 if isinstance(approved, StaffAct) else 0)
        assert (act.done_at is None) != (act.refused_at is None)
    books_hold()


def test_b44_control_without_the_locks_what_was_refused_is_not_done(crowd, guard_off):
    (deal, act) = decided(crowd["submitted"][:1])[0]
    answers = both_read_first(partial(agree, act, finance()), partial(refuse, act, finance()))
    assert refusals(answers) in ([FROZEN], [CHECK])
    act.refresh_from_db()
    assert splits(deal) == (0 if act.refused_at else 1)
    books_hold()


def test_b44_a_decision_against_both_sides_agreeing_moves_each_cent_once(crowd):
    two = finance()
    for deal, act in decided(crowd["submitted"][:20]):
        offer = deal.offer_split(deal.payer, "70.00")
        decision, split = at_once(partial(agree, act, two), partial(deal.accept_split, deal.earner, offer))
        assert splits(deal) == 1
        won = D("54.00") if isinstance(decision, StaffAct) else D("63.00")
        assert (deal.money["pending"], isinstance(decision, Exception)) == (won, not isinstance(split, Exception))
    books_hold()


def test_b44_control_without_the_locks_a_decision_and_a_split_are_not_both_paid(crowd, guard_off):
    (deal, act) = decided(crowd["submitted"][:1])[0]
    offer = deal.offer_split(deal.payer, "70.00")
    both_read_first(partial(agree, act, finance()), partial(deal.accept_split, deal.earner, offer))
    assert splits(deal) == 1
    books_hold()


def test_the_same_form_twice_at_once_acts_once_and_both_see_success(own_database):
    deal, one, key = agreed("100.00", "150.00"), finance(), StaffAct().pk
    wish = partial(ask, ActKind.FREEZE, deal.contract, one, key=key, shown=Effect().mark)
    assert kinds(at_once(wish, wish)) == {"StaffAct": 2}
    assert (StaffAct.objects.count(), deal.told.count("contract_frozen")) == (1, 1)


def suspended_while_it_waits(deal: Deal) -> object:
    """What a release answers that waits for the contract's lock while its user is suspended."""
    locked, root = threading.Event(), finance()

    def suspending() -> None:
        with transaction.atomic():
            Contract.objects.select_for_update(no_key=True).get(pk=deal.key)
            locked.set()
            wait_for_a_waiter()
            ask(ActKind.SUSPEND, deal.payer, root)

    return at_once(suspending, lambda: locked.wait(PATIENCE) and deal.release(1, "60.00"))[1]


def test_a_user_who_is_suspended_while_their_release_waits_is_refused(own_database):
    deal = agreed("100.00", "150.00")
    assert isinstance(suspended_while_it_waits(deal), NotAllowed)
    assert deal.contract.held == D("100.00")
    books_hold()


def test_control_without_the_look_at_who_is_active_it_is_paid(own_database, monkeypatch):
    def whoever(user: User, side: str) -> Subquery:
        return Subquery(Membership.objects.filter(user=user, party=OuterRef(side)).values("role")[:1])

    monkeypatch.setattr("contracts.models.contract._role_in", whoever)
    monkeypatch.setattr(_contract, "FOR_USER", Prepared(_contract.FOR_USER.build))  # compiled with it
    deal = agreed("100.00", "150.00")
    assert isinstance(suspended_while_it_waits(deal), Earning)
