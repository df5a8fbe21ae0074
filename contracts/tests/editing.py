"""How tests edit a plan: the plan as it would stand in the editor, the two operations, and the traces they leave."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from contracts.models import Contract
from contracts.operations.plan import add_milestone, save_plan
from contracts.plan import ChangeSet, Line, Plan
from marketplace.models import User
from tests.factories import line

TODAY = date(2026, 11, 22)
YESTERDAY, TOMORROW, A_MONTH_ON = (TODAY + timedelta(days=days) for days in (-1, 1, 30))


def save(contract: Contract, mine: Plan, *, by: User, base: int = 1) -> ChangeSet | None:
    return save_plan(contract=contract, by=by, base=base, mine=mine, today=TODAY)


def add(contract: Contract, new: Line, *, by: User) -> ChangeSet | None:
    return add_milestone(contract=contract, by=by, line=new, today=TODAY)


def edited(before: Plan, place: int, **values: object) -> Plan:
    """The plan with other values in the line at this place, counted from 1."""
    changed = [replace(at, **values) if at == before.lines[place - 1] else at for at in before]
    return Plan(tuple(changed))


def longer(before: Plan, *lines: Line) -> Plan:
    return Plan((*before.lines, *lines))


def traces(contract: Contract) -> tuple:
    """All that an operation may leave behind on a contract."""
    contract.refresh_from_db()
    events, revisions = contract.events.count(), contract.revisions.count()
    return contract.plan(), contract.plan_version, contract.updated_at, events, revisions


def moved(before: Plan, place: int, to: int) -> Plan:
    """The plan with the line at `place` dragged to the place `to`, both counted from 1."""
    lines = list(before.lines)
    lines.insert(to - 1, lines.pop(place - 1))
    return Plan(tuple(lines))


def without(before: Plan, place: int) -> Plan:
    return Plan(tuple(at for at in before if at != before.lines[place - 1]))


def reworked(before: Plan) -> Plan:
    """The last line dragged to the third place, the one there edited, the fourth gone, a new one at the end."""
    wish = moved(edited(before, 3, amount=Decimal("333.00")), 5, 3)
    return longer(without(wish, 5), line("New"))
