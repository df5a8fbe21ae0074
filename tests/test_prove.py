"""The proof's own parts: the checker notices what is lost and what is doubled, and an instant is where it says it is.

What the proof does at length (`python3 start.py prove`) is done here for one operation and a few instants.
"""

import json
from contextlib import nullcontext
from pathlib import Path

import pytest

from contracts import timers
from launcher import arguments
from notifications.tasks import tell_rest
from proof import __main__ as command
from proof import crash, crash_acts, report
from proof.browser import forms_in
from proof.history import Line, Told, verdict
from proof.plan import Plan, Result, total
from proof.sections import SECTIONS, chosen

A, R, U, W = Told.ACKNOWLEDGED, Told.REFUSED, Told.UNKNOWN, Told.UNDER_WAY


def lines(**told: list[Told]) -> list[Line]:
    return [Line(effect, 1, "k", 0, 1, each) for effect, answers in told.items() for each in answers]


@pytest.mark.parametrize("answers", [[A], [U, A], [A, A], [U, U, A], [A, R], [W, A]])
def test_what_was_acknowledged_is_there_once(answers):
    assert not verdict(lines(bonus=answers), {"bonus": 1}).failures


@pytest.mark.parametrize("answers", [[A], [U, A], [A, U]])
def test_the_checker_notices_an_acknowledged_operation_that_is_lost(answers):
    assert verdict(lines(bonus=answers), {}).lost == ["bonus"]


def test_the_checker_notices_what_had_to_be_wished_for_again():
    again = [Line("release", number, "", 0, 1, A) for number in (1, 2)]
    assert verdict(again, {"release": 1}).lost == ["release"]


@pytest.mark.parametrize("answers", [[A], [U, A], [R], [U]])
def test_the_checker_notices_an_operation_that_was_done_twice(answers):
    assert verdict(lines(bonus=answers), {"bonus": 2}).doubled == ["bonus"]


@pytest.mark.parametrize(
    ("answers", "found", "says"),
    [
        ([R], 1, "bonus was refused, and is there all the same."),
        ([U, R], 1, "bonus was refused, and is there all the same."),
        ([U], 0, "bonus stayed unknown."),
        ([W], 1, "bonus stayed under way."),
        ([], 1, "bonus came from nowhere."),
    ],
)
def test_the_checker_notices_what_nobody_was_told(answers, found, says):
    assert verdict(lines(bonus=answers), {"bonus": found} if found else {}).failures == [says]


def test_a_refused_operation_of_which_nothing_is_there_is_well():
    assert not verdict(lines(bonus=[R], fund=[U, R], offer=[W, R]), {}).failures


def test_a_line_of_the_history_reads_as_it_was_written():
    line = Line("bonus 5.01", 1, "key", 0.5, 1.5, U, "502")
    assert Line.read(json.dumps(line.__dict__)) == line


def test_a_result_is_added_up_and_written_down_as_a_sentence():
    one, other = Result("crash", operations=1000, evaluated=5), Result("chaos", operations=2, lost=1)
    one.fault("kill -9", 3)
    other.control("keys", noticed=False)
    whole = total([Result.from_json(json.loads(json.dumps(each.to_json()))) for each in (one, other)])
    assert whole.sentence == (
        "1,002 operations under 3 injected faults of 1 kinds: 1 acknowledged operations lost, 0 doubled; every "
        "invariant evaluated 5 times, 0 violated; 1 guards removed one by one, 0 noticed."
    )
    assert (one.holds, other.holds) == (True, False)
    assert whole.failures == ["Without keys nobody noticed."]
    assert "| kill -9 at each statement" in report.page([one, other], 7)


def test_sections_are_chosen_by_name_or_all_that_there_are():
    assert [each.name for each in chosen(["chaos"])] == ["chaos"]
    assert {each.name for each in chosen([])} <= {each.name for each in SECTIONS}
    assert arguments.parse(["prove", "--quick", "--seed", "7"], {}).rest == ["--quick", "--seed", "7"]


@pytest.mark.parametrize(
    ("words", "broken", "written"),
    [("", 0, True), ("--seed 7", 0, True), ("", 1, False), ("--quick", 0, False), ("--only chaos", 0, False)],
)
def test_only_a_whole_run_that_held_is_written_down(words, broken, written):
    asked = command.arguments().parse_args(words.split())
    assert command.is_proof(asked, Result("all", violated=broken)) is written
    assert not command.is_proof(asked, total([Result("all"), Result("clock", skipped=["Wrong clocks."])]))


def test_a_form_is_read_as_a_browser_would_post_it():
    page = """<form action=/out><input name=q></form><form method=post><input type=hidden name=key value=1>
    <input type=radio name=pick value=a><input type=radio name=pick value=b checked><select name=method>
    <option value=x><option value=y selected></select><textarea name=note>Hello</textarea>
    <input type=submit name=go value=go></form>"""
    assert forms_in(page) == [[("key", "1"), ("pick", "b"), ("method", "y"), ("note", "Hello")]]


@pytest.fixture
def on_this_database(own_database, monkeypatch, settings, tmp_path) -> Path:
    """The sweep works on this test's own database, and with its own gateway, as it would on a copy."""
    monkeypatch.setenv("CAIRN_PROOF", "1")
    monkeypatch.setattr(crash_acts, "working_on", lambda _name: nullcontext(own_database))
    monkeypatch.setattr(crash_acts, "settle", lambda _log: (timers.sweep(), tell_rest.func(0)))
    monkeypatch.setattr(crash, "QUICK_POINTS", 3)
    monkeypatch.setattr(crash, "QUICK_COMMITS", 2)
    return tmp_path


def test_a_release_that_dies_at_any_commit_is_done_once(on_this_database, django_db_blocker):
    result = Result("crash")
    with django_db_blocker.unblock():
        crash_acts.sweep(Plan(1, True, on_this_database), ("release all",), on_this_database, result)
    assert result.faults == result.operations == 3
    assert result.evaluated > 50
    assert result.holds, result.failures
