"""The plan editor's post, read against the plan that the editor began with.

Save and Show Changes read the same post with it and so build the same plan. Knows no database. Two hundred rows are
parsed plainly, field by field: a formset would take sixty times as long.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from contracts.forms.fields import MILESTONE_FIELDS, due_date_problem
from contracts.forms.rows import BACK, CURRENT, DELETE, FIRST, PLACE, Choice, EditorRow, as_typed, question
from contracts.plan import FIELDS, MAXIMUM_MILESTONES, ChangeSet, Line, Plan, Value
from contracts.reading.cursors import read_key, read_number
from contracts.reading.words import label

UNFINISHED: dict[str, Value] = {"title": "", "description": "", "amount": Decimal("0.00"), "due_date": None}


class PlanForm:
    """`key` names each row in order; an opened row adds `<field>-<name>`, a deleted one `delete-<name>`. The name of a
    row is its key, or its place in the base, counted from 1, which is the same for good; its fields may go by either.

    `base` is the plan of the revision numbered `revision`, `today` the user's own date. A row that did not arrive is
    never taken for deleted (B14): it follows the row that it used to follow. A field that did not arrive is as it was.
    """

    def __init__(self, data: QueryDict, *, base: Plan, revision: int, today: date) -> None:
        self.data, self.base, self.revision, self.today = data, base, revision, today
        self.errors: list[str] = []
        self._asks = any(name.startswith("mine-") for name in data)
        self.current = {key: choice for key in base.keys if (choice := self._choice(key, CURRENT))}
        self.rows = [row for key, name in self._posted().items() if (row := self._row(key, name))]
        if len(self.plan) > max(MAXIMUM_MILESTONES, len(base)):
            self.errors.append(
                _("A contract has at most %(most)d milestones; this plan has %(count)d.")
                % {"most": MAXIMUM_MILESTONES, "count": len(self.plan)}
            )

    def is_valid(self) -> bool:
        return not self.errors and not self.unfinished

    @cached_property
    def changes(self) -> ChangeSet:
        """The plan as it was shown, and as it stands now; an unfinished field counts as it was."""
        return ChangeSet(self.base, self.plan)

    @cached_property
    def plan(self) -> Plan:
        """The rows as a plan: what Save would make of it."""
        rows = {row.key: row for row in self.rows}
        kept = (line for line in self._placed(self._arranged) if not self._is_dropped(rows.get(line.key)))
        return Plan(tuple(rows[line.key].line if line.key in rows else line for line in kept))

    @cached_property
    def unfinished(self) -> dict[UUID, list[str]]:
        """What is wrong with which row, in words; a deleted row may be as wrong as it likes."""
        found = {row.key: list(_problems(row)) for row in self.rows if not self._is_dropped(row)}
        found |= {key: [choice.error] for key, choice in self.current.items()}
        found = {key: [problem for problem in problems if problem] for key, problems in found.items()}
        return {key: problems for key, problems in found.items() if problems}

    @property
    def unanswered(self) -> list[tuple[UUID, str]]:
        """Key and title of each milestone about which there is still something to choose."""
        rows = (row for row in self.rows if not self._is_dropped(row))
        current = [(key, self.base.by_key[key].title) for key, choice in self.current.items() if choice.error]
        return current + [(row.key, row.line.title) for row in rows if any(c.error for c in row.choices.values())]

    def rows_with(self, future: AbstractSet[UUID]) -> list[EditorRow]:
        """The rows that arrived and, where the plan keeps them, those of the milestones in `future` that did not."""
        rows = {row.key: row for row in self.rows}
        shown = (line for line in self._arranged if line.key in rows.keys() | future)
        return [rows.get(line.key) or EditorRow(line, place=self.base.position(line.key)) for line in shown]

    @cached_property
    def _arranged(self) -> Plan:
        """Every line of the base and every new one, in the order of the rows."""
        known = Plan((*self.base.lines, *(row.line for row in self.rows if row.is_new)))
        return known.arranged(row.key for row in self.rows)

    def _posted(self) -> dict[UUID, str]:
        """The key of each row with the name that it was posted by."""
        names = self.data.getlist("key")
        rows: dict[UUID, str] = {}
        for name in names:
            if key := self._key(name):
                rows.setdefault(key, name)
        if len(rows) != len(names):
            self._say_damaged()
        return rows

    def _key(self, name: str) -> UUID | None:
        place = read_number(name)
        if place is None:
            return read_key(name)
        line = self.base.at(place)
        return line.key if line else None

    def _say_damaged(self) -> None:
        self.errors = [_("Part of this form did not arrive as it was sent. Check the rows below, then save again.")]

    def _row(self, key: UUID, name: str) -> EditorRow | None:
        before = self.base.get(key)
        choices = {about: choice for about in (*FIELDS, PLACE, DELETE, BACK) if (choice := self._choice(key, about))}
        deleted = f"delete-{name}" in self.data or f"delete-{key}" in self.data
        texts = {field: self.data.get(f"{field}-{name}", self.data.get(f"{field}-{key}")) for field in FIELDS}
        if any(text is not None for text in texts.values()) or any(field in choices for field in FIELDS):
            return self._opened(key, before, texts, choices, deleted)
        if before is None:
            self._say_damaged()
            return None
        return EditorRow(before, choices=choices, is_deleted=deleted, place=self.base.position(key))

    def _opened(
        self, key: UUID, before: Line | None, texts: dict[str, str | None], choices: dict[str, Choice], deleted: bool
    ) -> EditorRow:
        typed: dict[str, str] = {}
        values: dict[str, Any] = {}
        errors: dict[str, str] = {}
        for name in FIELDS:
            old = getattr(before, name) if before else UNFINISHED[name]
            was = as_typed(old) if before else ""
            typed[name] = _typed(texts[name], choices.get(name), was)
            try:
                is_left = before and typed[name] == was  # which needs no reading: it was right when it was saved
                values[name] = old if is_left else self._clean(name, typed[name], old)
            except ValidationError as error:
                values[name], message = old, " ".join(error.messages)
                if name in choices:
                    choices[name] = replace(choices[name], error=message)
                else:
                    errors[name] = message
        line = Line(key=key, **values)
        return EditorRow(line, typed, errors, choices, is_new=before is None, is_deleted=deleted)

    def _clean(self, name: str, typed: str, old: Value) -> Value:
        value = MILESTONE_FIELDS[name].clean(typed)
        if name == "due_date" and (problem := due_date_problem(value, old, self.today)):
            raise ValidationError(problem)
        return value

    def _choice(self, key: UUID, about: str) -> Choice | None:
        """The question about a collision that an earlier answer put, with what was chosen."""
        mine = self.data.get(f"mine-{about}-{key}") if self._asks else None
        if mine is None:
            return None
        chosen = self.data.get(f"choice-{about}-{key}", "")
        error = "" if chosen in {"theirs", "mine"} else _("Choose how to go on with this.")
        line = self._line(read_key(mine)) if about == PLACE else self.base.get(key)
        return question(key, about, mine, line, chosen="" if error else chosen, error=error)

    def _line(self, key: UUID | None) -> Line | None:
        """The line of the plan, or of a row that is new to it, by its key."""
        if key is None or key in self.base.by_key or f"title-{key}" not in self.data:
            return self.base.get(key) if key else None
        return Line(key, self.data[f"title-{key}"], "", Decimal(0), None)

    def _is_dropped(self, row: EditorRow | None) -> bool:
        if row is None:
            return False
        delete, back = row.choices.get(DELETE), row.choices.get(BACK)
        return row.is_deleted or bool(delete and delete.is_mine) or bool(back and back.is_theirs)

    def _placed(self, plan: Plan) -> Plan:
        """The plan with every row moved whose own place was chosen over the saved one.

        A row that is to follow another one of them waits for it.
        """
        places = {row.key: choice.mine for row in self.rows if (choice := row.choices.get(PLACE)) and choice.is_mine}
        after = {key: read_key(mine) for key, mine in places.items() if mine == FIRST or read_key(mine) in plan.by_key}
        while after:
            key = next((key for key, target in after.items() if target not in after), next(iter(after)))
            plan = self._moved_after(plan, key, after.pop(key))
        return plan

    def _moved_after(self, plan: Plan, key: UUID, target: UUID | None) -> Plan:
        """The plan with the line of this key after another one, or first; never above those that post no row (B4)."""
        if key == target:
            return plan
        posted = {row.key for row in self.rows}
        others = [other for other in plan.keys if other != key]
        highest = next((place for place, other in enumerate(others) if other in posted), len(others))
        place = max(highest, others.index(target) + 1 if target else 0)
        return plan.arranged([*others[:place], key, *others[place:]])


def _typed(text: str | None, choice: Choice | None, was: str) -> str:
    """A field as it stands: as it was where nothing arrived."""
    if choice:
        return choice.mine if choice.is_mine else was
    return was if text is None else text


def _problems(row: EditorRow) -> Iterator[str]:
    for name, message in row.errors.items():
        yield f"{label(name)}: {message}"
    for about, choice in row.choices.items():
        if choice.error:
            yield f"{label(about)}: {choice.error}" if about in FIELDS else choice.error
