"""Which tests met which guards: were refused by one of the database's, or ran the line behind a condition in Python."""

import sys
from collections.abc import Callable
from types import CodeType

from django.db.utils import DatabaseErrorWrapper

from proof.guards_of_code import ROOT, InCode, all_codes, all_guards, functions
from proof.guards_of_policy import InPolicy
from proof.guards_of_tables import InTables

TOOL = 4  # sys.monitoring's numbers are few; this one is nobody's


class Met:
    """Knows it of every test that runs within `by`, if it `records` at all."""

    def __init__(self, records: bool) -> None:
        self.said: dict[str, set[str]] = {}
        self.lines: dict[tuple[str, int], set[str]] = {}
        self.now, self.records = "", records
        if records:
            listen(self.hear)
            watch(self.see)

    def by(self, test: str) -> "Met":
        self.now = test
        return self

    def __enter__(self) -> None:
        sys.monitoring.restart_events()

    def __exit__(self, *_error: object) -> None:
        self.now = ""

    def hear(self, words: str) -> None:
        if self.now:
            self.said.setdefault(words, set()).add(self.now)

    def see(self, file: str, line: int) -> None:
        if self.now:
            self.lines.setdefault((file, line), set()).add(self.now)

    def whom(self, guard: InCode | InTables | InPolicy) -> set[str]:
        """Who may notice that this guard is missing."""
        if isinstance(guard, InPolicy):
            return set()
        if isinstance(guard, InCode):
            return self.lines.get((guard.file, guard.told), set())
        word = guard.told or guard.name.split(".")[-1].split(" ")[0]
        return set().union(*(tests for said, tests in self.said.items() if word in said))


def listen(hear: Callable[[str], None]) -> None:
    """Tell of each refusal of the database what it says of itself: the constraint, the message, where it was raised."""
    real = DatabaseErrorWrapper.__exit__

    def leave(self: object, kind: object, error: BaseException | None, trace: object) -> None:
        diag = getattr(error, "diag", None)
        if diag is not None:
            hear(f"{diag.constraint_name} {diag.message_primary} {diag.context}")
        real(self, kind, error, trace)

    DatabaseErrorWrapper.__exit__ = leave


def watch(see: Callable[[str, int], None]) -> None:
    """Tell of each line behind a guard that runs, once for each time that `restart_events` was asked for."""
    sites = {(str(ROOT / each.file), each.told): each for each in all_guards()}

    def line_runs(code: CodeType, line: int) -> object:
        if site := sites.get((code.co_filename, line)):
            see(site.file, line)
        return sys.monitoring.DISABLE

    sys.monitoring.use_tool_id(TOOL, "guards")
    sys.monitoring.register_callback(TOOL, sys.monitoring.events.LINE, line_runs)
    for function in functions({each.file for each in sites.values()}):
        for code in all_codes(function.__code__):
            sys.monitoring.set_local_events(TOOL, code, sys.monitoring.events.LINE)
