"""Saving a plan of 200 milestones, all edited and reversed: beside save() for each, and beside a formset."""

import time
from collections.abc import Sequence
from decimal import Decimal
from urllib.parse import urlencode

from django import forms
from django.db import transaction
from django.http import QueryDict
from django.template import Context

from benchmarks.arms import Arm, alternate, described, ratios
from benchmarks.plan import Plan, Result
from benchmarks.rooms import Room
from contracts.forms.plan import PlanForm
from contracts.models import Contract, Milestone
from contracts.operations.plan import plan_of_revision, save_plan
from marketplace import clock

FIELDS = ("title", "description", "amount", "due_date")


def compare(plan: Plan, result: Result, room: Room) -> None:
    other = Room.of(room.size)  # what writes no revision is kept apart from what compares with one
    arms = {
        "Save": whole(room), "operation": operation(room), "save() each": one_by_one(other), "formset": formset(other),
    }  # fmt: skip
    rounds = alternate(arms, plan.rounds)
    case = f"{room.size + 1} milestones"
    result.add("pages.save", case, ratios(rounds, "operation", "save() each"))
    result.add("pages.save_form", case, ratios(rounds, "Save", "formset"))
    result.notes.append(f"all of {case} edited and reversed: {described(rounds, '{:.4f}', 'seconds')}")


def context(rows: Sequence[Milestone]) -> Context:
    return Context({"rows": rows})


def timed(do) -> float:
    begun = time.perf_counter()
    do()
    return time.perf_counter() - begun


def words() -> str:
    """Others each time, so that there is something to save."""
    return f"Edited {time.monotonic_ns() % 10**9}"


def whole(room: Room) -> Arm:
    """The request that the Save button makes."""

    def save() -> float:
        fields = room.edited(words())
        return timed(lambda: room.post("milestones/", fields))

    return save


def operation(room: Room) -> Arm:
    """The operation behind it, with what the form made of the post."""

    def save() -> float:
        mine = wish(room)
        contract = Contract.objects.get(pk=room.contract.pk)
        by, today = contract.client.memberships.get(role="owner").user, clock.now().date()
        return timed(lambda: save_plan(contract=contract, by=by, base=contract.plan_version, mine=mine, today=today))

    return save


def wish(room: Room):
    """The plan as the editor would read it from the post."""
    fields = room.edited(words())
    number = room.contract.plan_version
    base = plan_of_revision(room.contract, number)
    form = PlanForm(QueryDict(urlencode(fields)), base=base, revision=number, today=clock.now().date())
    if not form.is_valid():
        raise RuntimeError(f"The plan is refused: {form.errors}")
    return form.plan


def one_by_one(room: Room) -> Arm:
    """The same edits with a save() for each row, in one transaction."""

    def save() -> float:
        text, rows = words(), ahead(room)
        places = [row.position for row in rows]

        def all_of_them() -> None:
            with transaction.atomic():
                for row, place in zip(rows, reversed(places), strict=True):
                    row.title, row.amount, row.position = f"{text} {place}", row.amount + Decimal("0.50"), place
                    row.save()

        return timed(all_of_them)

    return save


class RowForm(forms.Form):
    """A row as a formset would read it, with no constraint of the database asked for."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    title = forms.CharField(max_length=120)
    description = forms.CharField(required=False, max_length=5_000, widget=forms.Textarea)
    amount = forms.DecimalField(max_digits=14, decimal_places=2, min_value=Decimal(5))
    due_date = forms.DateField(required=False)


def formset(room: Room) -> Arm:
    """The same edits through a formset's is_valid() and one bulk_update."""
    many = forms.formset_factory(RowForm, extra=0)

    def save() -> float:
        data = posted(ahead(room), words())

        def all_of_them() -> None:
            forms_of_rows = many(data)
            if not forms_of_rows.is_valid():
                raise RuntimeError(f"The formset is refused: {forms_of_rows.errors}")
            with transaction.atomic():
                rows = {row.pk: row for row in ahead(room)}
                places = [row.position for row in rows.values()]
                for values, place in zip(forms_of_rows.cleaned_data, reversed(places), strict=True):
                    row = rows[values["id"]]
                    row.position = place
                    for name in FIELDS:
                        setattr(row, name, values[name])
                Milestone.objects.bulk_update(rows.values(), ["position", *FIELDS])

        return timed(all_of_them)

    return save


def posted(rows: Sequence[Milestone], text: str) -> dict[str, str]:
    """What a browser would post of a formset with these rows, edited."""
    data = {"form-TOTAL_FORMS": str(len(rows)), "form-INITIAL_FORMS": str(len(rows))}
    for place, row in enumerate(rows):
        values = (str(row.pk), f"{text} {place}", row.description, str(row.amount + Decimal("0.50")), "")
        data |= {f"form-{place}-{name}": value for name, value in zip(("id", *FIELDS), values, strict=True)}
    return data


def queryset(room: Room):
    return Milestone.objects.filter(contract=room.contract.pk, status="future").order_by("position")


def ahead(room: Room) -> list[Milestone]:
    return list(queryset(room))
