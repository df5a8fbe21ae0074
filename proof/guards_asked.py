"""Runs tests of a session of pytest while guards are removed, one at a time, and writes down which test notices.

A file (CAIRN_GUARDS) tells which guards, and for each which tests; the answer goes into another. A test that fails has
noticed only if it passes with all guards in place. Where no tests are told, those are asked that are named like the
guard; with `"record"` all run once first and say which guards they met, and those are asked as well. Everything happens
in one process, on databases of its own.
"""

import json
import os
import time
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol
from django.db import connections

import conftest
from proof.guards_met import Met
from proof.guards_of_code import InCode, all_guards
from proof.guards_of_policy import InPolicy, all_cells
from proof.guards_of_tables import InTables, all_in

type Guard = InTables | InCode | InPolicy
MOST = 12  # who has to be asked when none of so many noticed is nobody


class Asked:
    """The tests of this session, and whether each passes with all guards in place: looked at once, when it matters."""

    def __init__(self, session: pytest.Session) -> None:
        self.items = {item.nodeid: item for item in session.items}
        self.well: dict[str, bool] = {}
        self.seconds: dict[str, float] = {}

    def passes(self, name: str) -> bool:
        """Run it once more, from its very beginning: only what lives for the whole session stays."""
        item, begun = self.items[name], time.monotonic()
        item._initrequest()
        reports = runtestprotocol(item, nextitem=item.session, log=False)
        self.seconds[name] = time.monotonic() - begun
        failed = any(report.failed for report in reports)
        if failed:
            forget_connections()
        return not failed

    def is_well(self, name: str) -> bool:
        if name not in self.well:
            self.well[name] = self.passes(name)
        return self.well[name]

    def has_database(self, name: str) -> bool:
        return "django_db_setup" in self.items[name].fixturenames or bool(
            self.items[name].get_closest_marker("django_db")
        )

    def who_notices(self, guard: Guard, tests: list[str], databases: list[str]) -> str:
        """The first of these tests that fails without the guard, and only then."""
        for name in tests:
            connections.close_all()
            with guard.removed(databases):
                failed = not self.passes(name)
            if failed and self.is_well(name):
                return name
        return ""


def forget_connections() -> None:
    """A test that fails while it is taken down leaves its transaction on them, and Django's bars of that test."""
    for alias in connections:
        connections[alias].close()
        del connections[alias]


def ask(session: pytest.Session) -> None:
    """All of the job."""
    job, asked = json.loads(Path(os.environ["CAIRN_GUARDS"]).read_text()), Asked(session)
    met = Met(job.get("record", False))
    asked.is_well(next(filter(asked.has_database, asked.items)))  # from now on there is one, for the whole session
    for name in asked.items if met.records else ():
        with met.by(name):
            asked.well[name] = asked.passes(name)
    noticed = look_at_all(job, asked, met)
    failing = [name for name, well in asked.well.items() if not well]
    Path(job["answer"]).write_text(json.dumps({"noticed": noticed, "failing": failing}, indent=0))
    session._setupstate.teardown_exact(None)


def look_at_all(job: dict, asked: Asked, met: Met) -> dict[str, str]:
    """Per guard the test that noticed, or nothing."""
    databases = [conftest.TEMPLATE, f"{conftest.SUITE}_{conftest.WORKER}"]
    guards: dict[str, Guard] = {each.name: each for each in [*all_in(databases[0]), *all_guards(), *all_cells()]}
    wanted = job["guards"] or [name for name, each in guards.items() if is_wanted(each, job)]
    noticed = {}
    for name in wanted:
        tests = job["tests"].get(name) or candidates(guards[name], asked, met)
        noticed[name] = asked.who_notices(guards[name], [each for each in tests if each in asked.items], databases)
        with Path(job["answer"]).with_suffix(".said").open("a") as said:
            said.write(json.dumps([name, noticed[name]]) + "\n")
    return noticed


def is_wanted(guard: Guard, job: dict) -> bool:
    return guard.name not in job["known"] and (not job["kinds"] or guard.kind in job["kinds"])


def candidates(guard: Guard, asked: Asked, met: Met) -> list[str]:
    """Who may notice: whoever is named like it, then the fastest of those who met it."""
    words = names_of(guard)
    named = [test for test in asked.items if any(word in test for word in words)]
    others = sorted(met.whom(guard) - set(named), key=lambda test: asked.seconds[test])
    return named[: 20 * MOST] + others[:MOST]


def names_of(guard: Guard) -> list[str]:
    """What the name of a test that is about this guard may hold."""
    if isinstance(guard, InPolicy):
        return [f"-{guard.action.name.lower()}-", f"[{guard.action.name.lower()}]"]
    if isinstance(guard, InCode):
        return ["test_locks.py::"] if guard.kind == "lock" else []
    table, _dot, name = guard.name.partition(".")
    table = table.split(" ")[0]
    if guard.kind == "right":
        return [f"only_what_it_may[{table}]", f"has_no_key_to[{table}", f"'{table}'", "the_application_makes_nothing"]
    by_itself = [f"leads_to_a_row_that_is_there[{table}]", f"below_zero[{table}]", f"not_there_twice[{table}]"]
    return [name or table, *(by_itself if guard.kind == "reference" or name.startswith(f"{table}_") else [])]
