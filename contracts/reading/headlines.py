"""A change in one phrase that says the thing itself: for the subject of an email, the bell and a post.

Knows the change alone: not who made it, and not whether it was made or asked for. Whoever tells says that before it:
"Ada" + "moved 2 milestones and raised one by $300.00", or "Ada asks to" + "move 2 milestones and raise one by $300.00".
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from contracts.plan import ChangeSet, FieldChange, Row
from contracts.reading.plain import clipped
from contracts.reading.words import day, money

LONGEST = 90
TITLE_LONGEST = 32  # so that two of them fit


class Phrase(NamedTuple):
    """One change as it is told when it was made, and after "asks to"."""

    made: str
    asked: str


NOTHING = Phrase(lazy("changed nothing"), lazy("change nothing"))
# In the order of the phrase, so that the last are those that may be left out.
PHRASES: Mapping[str, Phrase] = {
    "added": Phrase(lazy("added {what}"), lazy("add {what}")),
    "removed": Phrase(lazy("removed {what}"), lazy("remove {what}")),
    "moved": Phrase(lazy("moved {what}"), lazy("move {what}")),
    "raised": Phrase(lazy("raised {what} by {amount}"), lazy("raise {what} by {amount}")),
    "lowered": Phrase(lazy("lowered {what} by {amount}"), lazy("lower {what} by {amount}")),
    "title": Phrase(lazy("renamed {what}"), lazy("rename {what}")),
    "due_date": Phrase(lazy("changed {what}"), lazy("change {what}")),
    "no_due_date": Phrase(lazy("removed {what}"), lazy("remove {what}")),
    "description": Phrase(lazy("changed {what}"), lazy("change {what}")),
}
# Where one milestone is all that changed, there is room to say more of it.
OF_ONE: Mapping[str, Phrase] = {
    **PHRASES,
    "added": Phrase(lazy("added {what} at {amount}"), lazy("add {what} at {amount}")),
    "removed": Phrase(lazy("removed {what} and its {amount}"), lazy("remove {what} and its {amount}")),
    "moved": Phrase(lazy("moved {what} from {old} to {new}"), lazy("move {what} from {old} to {new}")),
    "title": Phrase(lazy("renamed {what} to {new}"), lazy("rename {what} to {new}")),
    "due_date": Phrase(lazy("changed {what} to {new}"), lazy("change {what} to {new}")),
}


def headline(changes: ChangeSet, *, asked: bool = False) -> str:
    """What changed, as a verb phrase of about LONGEST characters without a full stop.

    In the past as it is, and after "asks to" where `asked`: for a request, its answer and its reminders. What does not
    fit is left out and said to be so: the full diff stands beside it or behind a link.
    """
    if not changes:
        return str(NOTHING.asked if asked else NOTHING.made)
    return _joined([(phrase.asked if asked else phrase.made).format(**values) for phrase, values in _parts(changes)])


type _Part = tuple[Phrase, Mapping[str, object]]


def _parts(changes: ChangeSet) -> Iterator[_Part]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in changes.changed:
        for kind in _kinds(row):
            found[kind].append(row)
    kinds = [kind for kind in PHRASES if kind in found]
    return _about_one(changes.changed[0], kinds) if len(changes.changed) == 1 else _about_many(found, kinds)


def _kinds(row: Row) -> Iterator[str]:
    for kind in row.kinds:
        if kind != "edited":
            yield kind
    for field in row.fields:
        yield _kind_of_edit(field)


def _kind_of_edit(field: FieldChange) -> str:
    if field.name == "amount":
        return "raised" if field.new > field.old else "lowered"
    return "no_due_date" if field.name == "due_date" and field.new is None else field.name


def _about_one(row: Row, kinds: Sequence[str]) -> Iterator[_Part]:
    """By its title, which is said once; of a renamed one the title that the reader knows."""
    title = _quoted((row.before or row.line).title)
    for index, kind in enumerate(kinds):
        yield OF_ONE[kind], {"what": _its(kind) if index else _of(kind, title), **_values(row, kind)}


def _of(kind: str, title: str) -> str:
    if kind in ("due_date", "no_due_date"):
        return _("the due date of %(title)s") % {"title": title}
    return _("the description of %(title)s") % {"title": title} if kind == "description" else title


def _its(kind: str) -> str:
    if kind in ("due_date", "no_due_date"):
        return _("its due date")
    return _("its description") if kind == "description" else _("it")


def _values(row: Row, kind: str) -> Mapping[str, object]:
    if kind == "moved":
        return {"old": row.old_position, "new": row.new_position}
    if kind == "title":
        return {"new": _quoted(row.line.title)}
    return {"new": day(row.line.due_date)} if kind == "due_date" else {"amount": money(_amount(row))}


def _about_many(found: Mapping[str, Sequence[Row]], kinds: Sequence[str]) -> Iterator[_Part]:
    for index, kind in enumerate(kinds):
        rows = found[kind]
        total = money(sum((_amount(row) for row in rows), Decimal("0.00")))
        amount = total if len(rows) == 1 else _("%(amount)s in total") % {"amount": total}
        yield PHRASES[kind], {"what": _counted(kind, len(rows), first=not index), "amount": amount}


def _counted(kind: str, count: int, *, first: bool) -> str:
    """How many: of milestones, which are named as such the first time, or of dates and descriptions."""
    number = {"count": count}
    if kind in ("due_date", "no_due_date"):
        return ngettext("one due date", "%(count)d due dates", count) % number
    if kind == "description":
        return ngettext("one description", "%(count)d descriptions", count) % number
    return (
        ngettext("one milestone", "%(count)d milestones", count) if first else ngettext("one", "%(count)d", count)
    ) % number


def _amount(row: Row) -> Decimal:
    """By how much a line was raised or lowered, or what a line that only one plan has is worth."""
    return abs(row.after.amount - row.before.amount) if row.before and row.after else row.line.amount


def _quoted(title: str) -> str:
    return f"“{clipped(title, TITLE_LONGEST)}”"


def _joined(parts: Sequence[str]) -> str:
    text = get_text_list(parts, _("and"))
    while len(text) > LONGEST and len(parts) > 1:
        parts = parts[:-1]
        text = _("%(changes)s, and more") % {"changes": ", ".join(parts)}
    return text
