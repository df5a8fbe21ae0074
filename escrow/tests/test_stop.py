"""Broken books stop the money: at the ledger's one door, so that nothing goes around, until a check passes."""

import json
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from escrow import checking, ledger, tasks
from escrow.checking import check_books, lift_stop
from escrow.invariants import STOPPING, Invariant, registered
from escrow.ledger import Stopped
from escrow.models import CheckRun, Journal, Payment, PaymentStatus, Seal
from escrow.operations.methods import add_method
from escrow.operations.payments import ask
from escrow.tests.paying import BANK, begun, earned, later, moved_there, payer, payout
from escrow.tests.posting import deal
from escrow.tests.test_attacks import OWNER, execute
from marketplace.models import User
from tests.books import books_hold

TAMPER = (
    "ALTER TABLE escrow_account DISABLE TRIGGER USER",
    "UPDATE escrow_account SET balance = balance {} WHERE kind = 'pending'",
    "ALTER TABLE escrow_account ENABLE TRIGGER USER",
)


def found(name: str = "I2", *, stops: bool = True, failed: str = "", row: str = "1") -> dict:
    return {"name": name, "says": "It holds.", "stops": stops, "rows": [{"account": row}], "failed": failed}


def report(*broken: dict, since: int | None = None) -> CheckRun:
    """A check found this; it began after the latest one, if it was not after `since`."""
    with connection.cursor() as cursor:
        latest = CheckRun.objects.order_by("-pk").values_list("pk", flat=True).first()
        cursor.execute("SELECT escrow_checked(%s, 1, 0.1, %s)", [since or latest, json.dumps(broken)])
        return CheckRun.objects.get(pk=cursor.fetchone()[0])


def tamper(change: str) -> None:
    with transaction.atomic(OWNER):
        for statement in TAMPER:
            execute(OWNER, statement.format(change))


def refused(act) -> None:
    with pytest.raises(Stopped), transaction.atomic():
        act()


def test_i2_broken_books_stop_money_until_a_check_finds_them_mended(own_database):
    world = deal()
    with transaction.atomic():
        world.fund()
        first = world.release()
    assert not check_books().stops
    tamper("+ 1")
    run = check_books()
    assert (run.stops, run.names) == (True, ["I1", "I2", "I9"])
    refused(lambda: world.fund("5.00", key="fund:two"))
    with transaction.atomic():
        assert world.release() == (first.journal_id, False)  # what was posted before is answered as ever
    with pytest.raises(CommandError, match="I1, I2, I9"):
        call_command("check_ledger", stdout=StringIO(), stderr=StringIO())
    tamper("- 1")
    refused(lambda: world.fund("5.00", key="fund:two"))
    call_command("check_ledger", stdout=StringIO())
    with transaction.atomic():
        assert world.fund("5.00", key="fund:two").created
    books_hold()
    assert ProcrastinateJob.objects.filter(task_name="tell_staff").count() == 2  # it stopped, it moves
    connections[OWNER].close()


@pytest.mark.django_db
def test_the_invariants_that_stop_money_are_those_of_the_list():
    assert {each.name for each in registered() if each.stops} | {"I6", "I8"} == set(STOPPING)
    assert not {each.name for each in registered(thorough=True) if each.stops} & {"I11-payments", "I16", "I16-all"}
    assert not report(found("S9", stops=False)).stops
    deal().fund()


@pytest.mark.django_db
def test_while_money_is_stopped_nobody_is_charged_or_paid_and_afterwards_the_sweep_goes_on():
    before, card, party = begun(payer()), payer(), deal().talent
    account = add_method(party=party, entry=BANK)
    earned(before.amount, party)
    report(found())
    refused(lambda: begun(card))
    refused(lambda: payout(party, method=account))
    assert ask(before.pk).status == PaymentStatus.CREATED
    assert later(minutes=2) == 0
    assert moved_there("charge") == []
    assert Payment.objects.count() == 1
    report()
    assert later(minutes=2) == 1
    assert moved_there("charge") == ["100.00"]
    books_hold()


@pytest.mark.django_db
def test_a_stop_ends_only_with_a_check_that_saw_the_books_after_it_and_could_ask_what_stops():
    began = report().pk
    stop = report(found())
    assert report(since=began).stops  # it looked before the other one did
    assert report(found(failed="canceling statement due to statement timeout")).stops
    assert not report(since=stop.pk + 2).stops
    assert not report(found(failed="canceling statement due to statement timeout")).stops


@pytest.mark.django_db
def test_only_an_owner_lifts_a_stop_and_only_for_what_was_found():
    report(found())
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        lift_stop("Trust me.", using="default")
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO escrow_checkrun (asked, seconds, broken, stops, reason) VALUES (1, 1, '[]', false, '')"
        )
    assert ledger.is_stopped()


def test_a_stop_that_was_lifted_comes_back_for_anything_new(own_database):
    assert lift_stop("Nothing to lift.", using=OWNER) is None
    report(found())
    with pytest.raises(CommandError, match="Say why"):
        call_command("check_ledger", "--lift", " ")
    call_command("check_ledger", "--lift", "A rounding of ours, harmless.", stdout=StringIO())
    assert not ledger.is_stopped()
    assert not report(found()).stops
    assert not report(found()).stops
    assert report(found(), found("I7")).stops
    assert report(found(row="2")).stops
    connections[OWNER].close()


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE escrow_checkrun SET stops = false", "DELETE FROM escrow_checkrun"])
def test_what_came_of_a_check_stays_for_its_owner_too(statement):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        with pytest.raises(DatabaseError, match="is refused"), transaction.atomic():
            cursor.execute(statement)


@pytest.mark.django_db
def test_one_that_cannot_be_asked_raises_an_alarm_and_hides_no_other(monkeypatch):
    unasked = Invariant("I3", "Nothing is divided.", "SELECT 1 / 0")
    wrong = Invariant("S1", "Nothing is seven.", "SELECT 7 AS number")
    monkeypatch.setattr(checking, "registered", lambda **_: [unasked, wrong])
    run = check_books()
    assert (run.asked, run.names, run.stops) == (2, ["I3", "S1"], False)
    assert "division by zero" in run.broken[0]["failed"]
    assert run.broken[1]["rows"] == [{"number": "7"}]


@pytest.mark.django_db
def test_however_long_a_check_reads_no_timeout_ends_it(monkeypatch):
    slow = Invariant("I3", "It holds.", "SELECT 1 FROM (SELECT pg_sleep(0.2)::text AS slept) AS s WHERE slept = 'x'")
    monkeypatch.setattr(checking, "registered", lambda **_: [slow])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '50ms'")
        monkeypatch.setattr(connection.connection, "patience", 0.05)
    assert check_books().names == []


def jobs() -> list[int]:
    """The checks of which staff are told, in order."""
    found = ProcrastinateJob.objects.filter(task_name="tell_staff").order_by("id")
    return [args["run"] for args in found.values_list("args", flat=True)]


@pytest.mark.django_db
def test_staff_are_told_once_of_each_alarm_and_once_that_money_moves_again(monkeypatch, settings):
    """By email, with what is broken and where to look; not again each hour."""
    holds = Invariant("I3", "It holds.", "SELECT 1 WHERE false")
    breaks, other = Invariant("I3", "It holds.", "SELECT 1 AS a"), Invariant("S1", "So does this.", "SELECT 1 AS b")
    asked = [holds]
    monkeypatch.setattr(checking, "registered", lambda **_: list(asked))
    told = []
    for asked[:] in ([holds], [breaks], [breaks], [breaks, other], [breaks, other], [holds], [holds]):
        run = check_books()
        told.append(jobs()[-1:] == [run.pk])
    assert told == [False, True, False, True, False, True, False]

    User.objects.create(email="books@cairn.test", name="Books", is_staff=True, is_superuser=True)
    User.objects.create(email="other@cairn.test", name="Other", is_staff=True)
    settings.ALARM_EMAILS = ["duty@cairn.test"]
    for run in jobs():
        tasks.tell_staff(run)
    assert [message.subject for message in mail.outbox] == [
        "Money has stopped: the books do not hold (I3)",
        "Money has stopped: the books do not hold (I3, S1)",
        "Money moves again",
    ]
    assert all(message.recipients() == ["books@cairn.test", "duty@cairn.test"] for message in mail.outbox)
    assert "S1: So does this." in mail.outbox[1].body
    assert f"/admin/escrow/checkrun/{jobs()[0]}/change/" in mail.outbox[0].body


@pytest.mark.django_db
def test_i16_each_hour_the_books_are_checked_and_sealed():
    deal().fund()
    tasks.check(timestamp=1_700_000_000)
    run = CheckRun.objects.get()
    assert (run.asked, run.broken) == (len(registered()), [])
    tasks.check(timestamp=1_700_017_200)  # three in the morning
    assert CheckRun.objects.last().asked == len(registered(thorough=True)) > run.asked
    assert Seal.objects.get().transfers == Journal.objects.count() == 1
