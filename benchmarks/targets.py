"""What is to be reached, in the order of docs/performance.md. Knows the limits; not how anything is measured."""

from typing import NamedTuple


class Target(NamedTuple):
    """`least` or `most` is the limit of the median; without one the figure is only for comparison."""

    key: str
    what: str
    least: float | None = None
    most: float | None = None
    unit: str = "×"

    @property
    def limit(self) -> str:
        if self.least is None and self.most is None:
            return "none"
        sign, limit = ("≥", self.least) if self.most is None else ("≤", self.most)
        return f"{sign} {limit:g} {self.unit}"

    def is_met(self, value: float) -> bool:
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)


TARGETS = (
    Target("ledger.pgbench", "posting from Python inside `atomic()`, against pgbench's one call of it", least=0.7),
    Target("ledger.hordak", "the same, against django-hordak's bare transfer", least=3),
    Target("ledger.hordak_checked", "the same, against django-hordak with lock and balance check", least=8),
    Target("ledger.orm", "the same, against a straightforward ledger in the ORM"),
    Target("ledger.hot", "all postings onto one shared account, against spread", least=0.9),
    Target("growth.read", "held, paid and balance figures, against those at 10³ entries", most=1.3),
    Target("growth.post", "one posting, against one at 10³ entries", most=1.3),
    Target("operations.statements", "fund and release, against pgbench writing the same rows one by one", least=1.5),
    Target("operations.call", "fund and release, against pgbench doing it in one call each", least=0.4),
    Target("operations.orm", "fund and release, against a straightforward ORM version", least=5),
    Target("sweep.single", "time of a sweep of 200 due releases, against 200 single ones", most=0.5),
    Target("pages.editor", "opening Manage Milestones, against a plain template loop of editable rows", most=0.7),
    Target("pages.editor_queries", "opening Manage Milestones", most=5, unit="queries"),
    Target("pages.editor_bytes", "opening Manage Milestones", most=80, unit="kB"),
    Target("pages.editor_packed", "opening Manage Milestones, compressed", most=8, unit="kB"),
    Target("pages.changes", "Show Changes with all rows edited, against the same loop", most=1.0),
    Target("pages.changes_queries", "Show Changes with all rows edited", most=4, unit="queries"),
    Target("pages.save_statements", "Save with all rows edited and reversed", most=12, unit="statements"),
    Target("pages.save", "Save, its operation, against as many `save()`", most=0.1),
    Target("pages.save_form", "Save, the whole request, against `formset.is_valid()` and `bulk_update`", most=0.15),
    Target("pages.room", "the contract room, against the same loop", most=0.5),
    Target("pages.room_queries", "the contract room", most=6, unit="queries"),
    Target("pages.room_bytes", "the contract room", unit="kB"),
    Target("pages.room_packed", "the contract room, compressed", unit="kB"),
    Target("pages.unchanged", "the unchanged room: 304, one look-up beside session and user", most=3, unit="queries"),
    Target("pages.unchanged_time", "the unchanged room, against the whole room"),
    Target("lists.growth", "a list's first page, against the same at 10³ contracts", most=1.5),
    Target("lists.offset", "statements with OFFSET or an exact COUNT of a list", most=0, unit="statements"),
    Target("drag.frames", "longest frame while dragging, 200 rows, CPU 4× slower", most=50, unit="ms"),
    Target("drag.drop", "longest frame at the drop", most=100, unit="ms"),
    Target("drag.paint", "interaction to next paint", most=200, unit="ms"),
    Target("click.usable", "click to usable dialog, against fetching and laying out the same HTML", most=1.3),
    Target("click.save", "Save to fresh Overview", unit="ms"),
    Target("serving.granian", "requests a second, against gunicorn's threads"),
    Target("serving.p95", "95th percentile of the room", unit="ms"),
    Target("notices.bell", "from commit to in-app, 95th percentile", most=1, unit="s"),
    Target("notices.smtp", "from commit to SMTP accept, 95th percentile", most=3, unit="s"),
    Target("notices.drain", "a backlog of emails drains at", unit="a second"),
    Target("notices.pages", "pages while a backlog drains, against without", most=1.5),
    Target("live.memory", "500 open live pages: memory more than without", most=150, unit="MB"),
    Target("live.connections", "500 open live pages: database connections to hear", most=3, unit="connections"),
    Target("memory.web", "memory of web processes after all requests, against after the first tenth", most=1.1),
    Target("memory.worker", "the worker after as many jobs, against after the first tenth", most=1.1),
    Target("start.fresh", "`start.py` to the first page, in a fresh copy", most=60, unit="s"),
    Target("start.again", "`start.py` to the first page, the second time", most=5, unit="s"),
    Target("suite", "the whole suite", most=5, unit="minutes"),
)
BY_KEY = {each.key: each for each in TARGETS}
