"""The proof's own parts for faults of the machine: a dump is compared row for row, who lies about it is noticed.

What the sections do at length (`python3 start.py prove`) is done here once and on little.
"""

import subprocess
from datetime import timedelta
from functools import partial

import pytest

from contracts.tests import dealing
from escrow.checking import seal
from proof import late, restore, restored, small_disk, wrong_clock
from proof.browser import NoAnswer
from proof.crash_dues import copied
from proof.plan import Plan, Result
from proof.timed import Times, kind_of, percentile


def test_i16_a_dump_is_restored_row_for_row_and_who_changes_it_is_noticed(
    own_database, django_db_blocker, monkeypatch, tmp_path
):
    monkeypatch.setattr(restore, "OTHER", f"{own_database}_restored")
    with django_db_blocker.unblock():
        dealing.agreed("100.00", "50.00").release(1, "60.00")
        seal()
        hashes = restore.dump(own_database, tmp_path / "dump")
        result = Result("restore")
        with restore.restored_from(tmp_path / "dump", own_database):
            restore.look("the dump", hashes, result)
            restored.controls(partial(restore.differing, hashes), result)
            assert (result.failures, result.guards, result.noticed) == ([], 3, 3)
            dealing.agreed("20.00")
            assert any("escrow_transfer" in each for each in restore.differing(hashes))
    assert result.evaluated > 20


def test_what_came_due_in_three_days_is_done_once_and_in_order_by_one_sweep(
    own_database, django_db_blocker, monkeypatch, settings, tmp_path
):
    monkeypatch.setattr(late, "QUICK_EACH", 1)
    monkeypatch.setattr(late, "STEP", 24)
    monkeypatch.setattr(late, "DUES", late.DUES[:3:2])
    monkeypatch.setattr(late, "copied", lambda _name, place, number: copied(own_database, place, number))
    monkeypatch.setattr(late, "work", lambda *_words: late.settle())
    settings.SANDBOX_DIR = tmp_path / "sandbox"
    result = Result("clock")
    with django_db_blocker.unblock():
        late.prove(Plan(3, True, tmp_path), own_database, tmp_path, result)
    assert result.operations == len(late.DUES)
    assert result.holds, result.failures


def test_a_process_with_a_wrong_clock_differs_from_others_by_that_clock_alone():
    assert wrong_clock.wrong_by(timedelta(0)) == {}
    assert wrong_clock.wrong_by(timedelta(hours=-1))["FAKETIME"] == "-3600s"


def test_where_nobody_may_mount_the_reason_is_said(tmp_path, monkeypatch):
    def refuse(*command: str) -> None:
        raise subprocess.CalledProcessError(32, command)

    monkeypatch.setattr(small_disk, "_run", refuse)
    with pytest.raises(small_disk.NoSmallDisk, match="no tmpfs"), small_disk.small_disk(tmp_path / "disk", 1):
        pass


def test_requests_are_counted_by_kind_and_what_nobody_should_meet_is_complained_of():
    times = Times()
    for seconds, status in ((0.1, 200), (0.2, 409), (0.3, 503)):
        times.add(kind_of("GET", "/contracts/7f1c0b2a-0000-4000-8000-000000000001/?page=2"), seconds, status)
    times.lost("GET /", NoAnswer("ConnectionResetError"))
    assert times.lines[0] == "all: 3; p50 200, p95 300, p99 300 ms"
    assert times.complaints == ["1 times: GET /: ConnectionResetError", "1 times: GET /contracts/…/ answers 503"]
    assert [percentile([], 50), percentile([1.0], 99)] == [0.0, 1.0]
