"""The contract's own deadlines, swept: each is kept once, not before its moment, and even if no worker ran for days."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from contracts.models import Contract, Earning, Event, EventKind, RefundRequest
from contracts.operations.feedback import give_feedback, reveal_feedback
from contracts.operations.maturing import mature
from contracts.operations.offers import expire_offer
from contracts.operations.release import release_overdue, remind
from contracts.operations.settlement import end_as_client, lapse_refund
from contracts.states import ContractStatus, MilestoneStatus
from contracts.timers import sweep
from escrow import ledger
from escrow.models import Journal, Kind
from marketplace import clock
from tests.books import books_hold
from tests.factories import Agreed, agreed, card, ended, fund, offered, submitted

MOMENT, MINUTE, DAY = timedelta(microseconds=1), timedelta(minutes=1), timedelta(days=1)
REMINDER, RELEASE = "reminders of a review", "releases without a review"
REFUND, OFFER = "refund requests without an answer", "offers without an answer"
TIMES_OUT = "4000000000000119"  # charges, and the answer is lost
HOLD, FEEDBACK = "earnings out of their hold", "feedback revealed"


@dataclass(frozen=True)
class Waiting:
    """A row whose clock runs: its key, when it is due, and what is done then."""

    key: object
    moment: datetime
    act: Callable[..., bool]


def a_review() -> Waiting:
    milestone = submitted(1).contract.current
    return Waiting(milestone.pk, milestone.review_by, release_overdue)


def a_reminder() -> Waiting:
    milestone = submitted(1).contract.current
    return Waiting(milestone.pk, milestone.remind_at, remind)


def an_offer() -> Waiting:
    contract = offered(1).contract
    return Waiting(contract.pk, contract.answer_by, expire_offer)


def an_earning() -> Waiting:
    earning = Earning.objects.get(contract=agreed(2, paid=1).contract)
    return Waiting(earning.pk, earning.matures_at, mature)


def a_refund_request() -> Waiting:
    request = refund_asked(agreed(1, current=MilestoneStatus.ACTIVE))
    return Waiting(request.pk, request.answer_by, lapse_refund)


def feedback() -> Waiting:
    people = ended(1, paid=1)
    give_feedback(contract=people.contract, by=people.client, rating=5, text="A pleasure.")
    contract = Contract.objects.get(pk=people.contract.pk)
    return Waiting(contract.pk, contract.feedback_by, reveal_feedback)


def refund_asked(people: Agreed) -> RefundRequest | None:
    """The client ends the contract and wants back all that is held."""
    contract = Contract.objects.with_money().get(pk=people.contract.pk)
    return end_as_client(
        contract=contract, by=people.client, key=uuid4(), pay=Decimal(0), held=contract.held, reason="We stop."
    )


def wait_until(moment: datetime) -> None:
    clock.advance(max(moment - clock.now(), timedelta(0)))


EVERY = pytest.mark.parametrize(
    ("name", "begin", "days"),
    [
        (REMINDER, a_reminder, 7),
        (RELEASE, a_review, 14),
        (OFFER, an_offer, 7),
        (REFUND, a_refund_request, 7),
        (HOLD, an_earning, 5),
        (FEEDBACK, feedback, 14),
    ],
)


@EVERY
def test_a_deadline_is_kept_once_and_not_a_moment_before(db, name, begin, days):
    before = clock.now()
    waiting = begin()
    assert before + days * DAY <= waiting.moment <= clock.now() + days * DAY
    wait_until(waiting.moment)
    assert sweep(waiting.moment - MOMENT)[name] == 0
    assert sweep(waiting.moment)[name] == 1
    assert sweep()[name] == 0
    books_hold()


@EVERY
def test_the_operation_itself_refuses_to_be_early_or_to_act_twice(db, name, begin, days):
    waiting = begin()
    wait_until(waiting.moment - MINUTE)
    assert waiting.act(waiting.key) is False
    wait_until(waiting.moment)
    assert [waiting.act(waiting.key), waiting.act(waiting.key)] == [True, False]
    books_hold()


def test_b31_the_full_held_amount_is_released_after_14_days_and_can_be_withdrawn_5_days_later(db):
    contract = submitted(2).contract
    clock.advance(14 * DAY)
    assert sweep() == {RELEASE: 1}
    first = contract.milestones.get(position=1)
    assert (first.status, first.paid, first.review_by) == ("paid", first.amount, None)
    assert contract.events.latest("pk").by is None
    earning = Earning.objects.get(contract=contract)
    assert (earning.gross, earning.by) == (Decimal("100.00"), None)
    clock.advance(5 * DAY)
    assert sweep() == {HOLD: 1}
    assert ledger.balance(Kind.AVAILABLE, contract.talent_id) == earning.net == Decimal("90.00")
    books_hold()


def test_b32_the_client_is_reminded_at_7_3_and_1_days_and_not_once_it_is_too_late(db):
    contract = submitted(1).contract
    reminders = contract.events.filter(kind=EventKind.REVIEW_REMINDER)
    counts = []
    for _day in range(15):
        clock.advance(DAY)
        sweep()
        counts.append(reminders.count())
    assert counts == [0] * 6 + [1] * 4 + [2] * 2 + [3] * 3
    books_hold()


def test_b31_b32_after_a_long_silence_of_the_worker_nobody_is_reminded_of_what_is_over(db):
    contract = submitted(1).contract
    clock.advance(20 * DAY)
    assert sweep() == {RELEASE: 1}
    assert not contract.events.filter(kind=EventKind.REVIEW_REMINDER).exists()
    books_hold()


def test_b40_an_offer_that_expires_returns_the_deposit_and_the_fee(db, django_capture_on_commit_callbacks):
    contract = offered(2).contract
    clock.advance(7 * DAY)
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep() == {OFFER: 1}
    contract.refresh_from_db()
    assert (contract.status, contract.answer_by) == (ContractStatus.EXPIRED, None)
    now = Contract.objects.with_money().get(pk=contract.pk)
    assert (now.held, now.fee_held, ledger.balance(Kind.CREDIT, contract.client_id)) == (0, 0, 0)
    books_hold()


def test_three_days_without_a_worker_then_one_sweep_does_everything_once_in_order(db):
    begun = [begin() for begin in (an_earning, an_offer, a_refund_request, a_review, a_reminder, feedback)]
    wait_until(max(waiting.moment for waiting in begun) + 3 * DAY)
    events, journals = Event.objects.latest("pk").pk, Journal.objects.latest("pk").pk
    assert sweep() == {HOLD: 2, OFFER: 1, REFUND: 1, RELEASE: 2, FEEDBACK: 1}
    assert list(Event.objects.filter(pk__gt=events).order_by("pk").values_list("kind", flat=True)) == [
        "offer_expired", "refund_lapsed", "released", "released", "feedback_revealed"
    ]  # fmt: skip
    posted = Journal.objects.filter(pk__gt=journals).exclude(cause="payback").order_by("pk")
    assert list(posted.values_list("cause", flat=True)) == [
        "maturing", "maturing", "expiry", "split", "release", "release"
    ]  # fmt: skip
    assert sweep() == {}
    books_hold()


def test_a_payment_whose_answer_was_lost_is_settled_by_the_sweep(db):
    contract = agreed(2, paid=1).contract
    second = contract.milestones.get(position=2)
    fund(second, card(contract.client, TIMES_OUT))
    assert sweep() == {}
    clock.advance(2 * MINUTE)
    assert sweep() == {"payments settled": 1}
    second.refresh_from_db()
    assert second.status == MilestoneStatus.ACTIVE
    assert sweep() == {}
    books_hold()


def test_the_sweep_by_hand_says_what_was_done(db, capsys):
    an_offer()
    a_review()
    clock.advance(14 * DAY)
    call_command("sweep")
    assert capsys.readouterr().out == f"1 {OFFER}\n1 {RELEASE}\n"
    call_command("sweep")
    assert capsys.readouterr().out == "Nothing was due.\n"
    books_hold()


def test_the_clock_put_forward_says_what_came_due(db, capsys):
    a_review()
    call_command("advance_clock", "--days=13", "--hours=23")
    call_command("advance_clock", "--hours=1")
    first, reminded, second, released = capsys.readouterr().out.splitlines()
    assert (reminded, released) == (f"1 {REMINDER}", f"1 {RELEASE}")
    assert first.startswith("It is now ")
    assert first != second
    books_hold()


@pytest.mark.parametrize("words", [["--days=-1"], ["--hours=-25", "--days=1"], ["--days=367"], ["--days=99999999999"]])
def test_the_clock_does_not_go_back_or_nowhere(db, words):
    with pytest.raises(CommandError):
        call_command("advance_clock", *words)


def test_in_production_the_clock_stays_and_nothing_is_swept(db, settings):
    waiting = an_offer()
    settings.MODE = "production"
    with pytest.raises(CommandError, match="demo and in tests only"):
        call_command("advance_clock", "--days=14")
    assert clock.now() < waiting.moment
