"""Acts of staff: who may, what they move to the cent, and the second person above the limit (B44, record 12)."""

import uuid
from datetime import timedelta

import pytest

from contracts.models import ActKind, StaffAct
from contracts.operations.staff.acts import (
    ActOver,
    AskedBefore,
    AskerGone,
    EffectChanged,
    NoReason,
    NotStaffs,
    OwnAct,
    foresee,
)
from contracts.refusals import KeyReused, WrongState
from contracts.tests.dealing import D, Deal, agreed, bank, charge_back, hear
from contracts.tests.staffing import agree, ask, effect_of, finance, journal_of, of, refuse
from contracts.timers import sweep
from escrow.models import Journal
from escrow.operations import payments
from marketplace import clock
from marketplace.models import MemberRole, Membership
from tests.books import books_hold

pytestmark = pytest.mark.django_db
DECIDE, REVERSE, FREEZE, SUSPEND, REINSTATE = (
    ActKind.DECIDE, ActKind.REVERSE, ActKind.FREEZE, ActKind.SUSPEND, ActKind.REINSTATE
)  # fmt: skip


def disputed(amount: str) -> Deal:
    """All that is held for a submitted milestone is in dispute."""
    deal = agreed(amount, "150.00")
    deal.submit(1)
    deal.dispute(deal.payer)
    return deal


def open_dispute(deal: Deal):
    return deal.contract.disputes.get(closed_at=None)


def test_b44_a_small_dispute_is_decided_by_one_and_moves_what_was_shown():
    deal, one = disputed("100.00"), finance()
    act = ask(DECIDE, open_dispute(deal), one, to_talent="60.00")
    assert effect_of(act) == [
        f"escrow -> pending · {deal.talent.name}: 54.00", "escrow -> platform fees: 6.00",
        "held initiation fee -> platform fees: 4.95", f"escrow -> credit · {deal.client.name}: 40.00",
        f"credit · {deal.client.name} -> outside world: 40.00",
    ]  # fmt: skip
    assert (act.amount, act.takes_two, act.done_at is not None, act.approved_by) == (D("104.95"), False, True, None)
    assert act.posted.key.startswith("split:")
    assert deal.money == {"pending": D("54.00"), "fees": D("10.95")}
    books_hold()


def test_b44_above_the_limit_two_people_of_finance_decide(settings):
    settings.SECOND_PERSON_ABOVE = D("1000.00")
    deal, one, two = disputed("1500.00"), finance(), finance()
    before = deal.money
    act = ask(DECIDE, open_dispute(deal), one, to_talent="1000.00")
    assert (act.waits, act.posted, deal.money) == (True, None, before)
    for wrong, refusal in ((one, OwnAct), (of("support"), NotStaffs), (of(is_superuser=True), NotStaffs)):
        with pytest.raises(refusal):
            agree(act, wrong)
    with pytest.raises(AskedBefore):
        ask(DECIDE, open_dispute(deal), two, to_talent="0.00")
    settings.SECOND_PERSON_ABOVE = D("5000.00")  # of another day: the act keeps its own
    with pytest.raises(OwnAct):
        agree(act, one)
    done = agree(act, two)
    assert (done.waits, done.approved_by, done.requested_by, done.approved_at) == (False, two, one, done.done_at)
    assert (deal.money["pending"], deal.sent_back) == (D("900.00"), [D("500.00")])
    assert agree(act, two) == done
    for late in (lambda: agree(act, finance()), lambda: refuse(act, two)):
        with pytest.raises(ActOver):
            late()
    books_hold()


def test_b44_what_waits_is_refused_when_its_world_has_changed_and_nothing_is_half_done(settings):
    settings.SECOND_PERSON_ABOVE = D("50.00")
    deal, one, two = disputed("100.00"), finance(), finance()
    act = ask(DECIDE, open_dispute(deal), one, to_talent="60.00")
    deal.dispute_no_longer(deal.payer)
    with pytest.raises(WrongState, match="over"):
        agree(act, two)
    act.refresh_from_db()
    assert (act.waits, act.posted_id, deal.money["escrow"]) == (True, None, D("100.00"))
    gone = refuse(act, one, "Both agreed meanwhile.")
    assert (gone.waits, gone.refused_by, gone.done_at) == (False, one, None)
    assert refuse(act, one, "Both agreed meanwhile.") == gone
    with pytest.raises(ActOver):
        agree(act, two)
    books_hold()


def test_b44_figures_that_are_not_those_shown_are_not_moved(settings):
    settings.SECOND_PERSON_ABOVE = D("50.00")
    deal, one, two = agreed("100.00", "150.00"), finance(), finance()
    deal.release(1, "100.00")
    act = ask(REVERSE, journal_of(deal), one)
    clock.advance(timedelta(days=6))
    sweep()  # what was pending can be withdrawn by now, so it would come from elsewhere
    with pytest.raises(EffectChanged):
        agree(act, two)
    assert (deal.money["available"], deal.contract.held) == (D("90.00"), D("0.00"))
    refuse(act, two)
    with pytest.raises(EffectChanged):
        ask(REVERSE, journal_of(deal), one, shown="something else")
    with pytest.raises(NoReason):
        ask(REVERSE, journal_of(deal), one, reason="")
    assert StaffAct.objects.filter(refused_at=None).count() == 0
    books_hold()


def test_b44_a_dispute_about_money_that_the_bank_took_back_is_still_decided():
    deal = disputed("100.00")
    charge_back(deal.charges[0])
    act = ask(DECIDE, open_dispute(deal), finance(), to_talent="0.00")
    assert (act.amount, act.steps, act.posted, act.done_at is not None) == (D("0.00"), (), None, True)
    assert not deal.disputed.is_open
    books_hold()


def test_what_is_foreseen_is_not_done():
    deal, one = disputed("100.00"), finance()
    before, journals = deal.money, Journal.objects.count()
    first, again = (foresee(kind=DECIDE, target=open_dispute(deal), by=one, to_talent=D("60.00")) for _each in "ab")
    assert (first.mark, first.amount) == (again.mark, D("104.95"))
    assert (deal.money, Journal.objects.count(), open_dispute(deal).is_open) == (before, journals, True)
    assert deal.told[-1] == "dispute_opened"
    books_hold()


def test_one_form_acts_once_and_never_for_two_wishes():
    deal, one, key = agreed("100.00", "150.00"), finance(), uuid.uuid4()
    act = ask(FREEZE, deal.contract, one, key=key)
    assert ask(FREEZE, deal.contract, one, key=key, shown="") == act
    with pytest.raises(KeyReused):
        ask(FREEZE, deal.contract, one, key=key, shown="", reason="Another one.")
    with pytest.raises(WrongState):
        ask(FREEZE, deal.contract, one)
    assert (deal.told.count("contract_frozen"), StaffAct.objects.count()) == (1, 1)


def test_roles_who_may_ask():
    deal, person = agreed("100.00", "150.00"), finance()
    deal.release(1, "100.00")
    wishes = ((REVERSE, journal_of(deal)), (FREEZE, deal.contract), (SUSPEND, deal.payer))
    for who in (of("support"), deal.payer, of("finance", is_active=False)):
        for kind, target in wishes:
            with pytest.raises(NotStaffs):
                ask(kind, target, who)
    root = of(is_superuser=True)
    for kind, target in wishes[:2]:
        with pytest.raises(NotStaffs):
            ask(kind, target, root)
    for about in (person, root):  # nobody about their own account, and of staff only a superuser
        with pytest.raises(NotStaffs):
            ask(SUSPEND, about, person)
    assert not ask(SUSPEND, deal.payer, root).waits
    assert not ask(SUSPEND, person, root).waits
    with pytest.raises(NotStaffs):
        ask(FREEZE, deal.contract, person)


def test_b44_nobody_decides_about_the_money_of_their_own_party(settings):
    settings.SECOND_PERSON_ABOVE = D("0.00")
    deal, one, two = agreed("100.00", "150.00"), finance(), finance()
    deal.release(1, "100.00")
    Membership.objects.create(user=two, party=deal.talent, role=MemberRole.OWNER)
    with pytest.raises(NotStaffs):
        ask(REVERSE, journal_of(deal), two)
    act = ask(REVERSE, journal_of(deal), one)
    with pytest.raises(NotStaffs):
        agree(act, two)


def test_what_somebody_asked_for_who_was_suspended_since_is_not_done(settings):
    settings.SECOND_PERSON_ABOVE = D("50.00")
    deal, one, two = disputed("100.00"), finance(), finance()
    act = ask(DECIDE, open_dispute(deal), one, to_talent="60.00")
    ask(SUSPEND, one, of(is_superuser=True))
    with pytest.raises(AskerGone):
        agree(act, two)
    assert deal.money["escrow"] == D("100.00")
    refuse(act, two)
    books_hold()


def test_a_refund_that_did_not_arrive_is_sent_again_at_once():
    deal = agreed("100.00", "150.00")
    deal.leave()
    refund = payments.ask(deal.client.payments.filter(direction="refund").latest("amount").pk)
    bank().send_back(refund.reference)
    hear()
    refund.refresh_from_db()
    act = ask(ActKind.REFUND, refund, finance())
    assert effect_of(act) == [f"credit · {deal.client.name} -> outside world: {refund.amount}"]
    with pytest.raises(WrongState, match="nothing to send"):
        ask(ActKind.REFUND, refund, finance())
    books_hold()
