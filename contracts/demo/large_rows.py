"""One contract of the large set as rows for COPY: plausible titles, amounts and dates. Knows no connection.

No money was ever paid for one: all milestones are still ahead, or were cancelled when it ended. So nothing of it
has to stand in the ledger, and every invariant holds.
"""

import json
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from contracts import conditions
from contracts.models import EventKind
from contracts.states import ContractStatus, MilestoneStatus

NULL = r"\N"
THINGS = ("Reading room", "Ticket desk", "Field guide", "Season poster", "Boat shed", "Winter garden", "Newsletter")
WORKS = ("survey", "redesign", "translation", "photographs", "repair plan", "catalogue", "training")
STEPS = ("Talk it through", "First draft", "Second draft", "Build", "Try it out", "Mend what was found", "Hand over")


class Side(NamedTuple):
    """A party and the user who acts for it."""

    user_id: int
    party_id: str


@dataclass
class LargeContract:
    """The contract with this number: one in seven has ended, one in three had its plan changed."""

    number: int
    client: Side
    talent: Side
    size: int
    updated: datetime
    chance: random.Random
    key: str = field(default_factory=lambda: str(uuid.uuid4()))

    def __post_init__(self) -> None:
        self.ended = self.number % 7 == 3
        self.changed = self.number % 3 == 0 and self.size > 1
        self.started = self.updated - timedelta(days=self.chance.randrange(20, 300))
        self.lines = [self.line(place) for place in range(self.size)]

    def rows(self, ids: dict[str, int]) -> dict[str, list[str]]:
        """The rows of every table, in COPY's text format; takes its ids from `ids` and moves them on."""
        job = taken(ids, "marketplace_job")
        revisions = list(self.revisions(ids))
        return {
            "marketplace_job": [row(job, self.client.party_id, self.title, "", self.started)],
            "contracts_contract": [self.contract(job, len(revisions))],
            "contracts_milestone": [self.milestone(place) for place in range(self.size)],
            "contracts_planrevision": [revision for revision, _event in revisions],
            "contracts_event": [event for _revision, event in revisions],
        }

    @property
    def title(self) -> str:
        thing, work = THINGS[self.number % len(THINGS)], WORKS[self.number // len(THINGS) % len(WORKS)]
        return f"{thing} {work} {self.number + 1}"

    def contract(self, job: int, version: int) -> str:
        status = ContractStatus.ENDED if self.ended else ContractStatus.ACTIVE
        return row(
            self.key, job, self.client.party_id, self.talent.party_id, self.title, "", status.value, version,
            self.started, self.updated, self.started, self.started, self.updated if self.ended else NULL,
            *conditions.current().values(),
        )  # fmt: skip

    def line(self, place: int) -> dict[str, str | None]:
        """A line of the plan, as revisions keep it."""
        due = self.started.date() + timedelta(days=20 * (place + 1))
        return {
            "key": str(uuid.uuid4()),
            "title": f"{STEPS[place % len(STEPS)]} {place // len(STEPS) + 1}",
            "description": "As we talked it over." if place % 4 == 0 else "",
            "amount": f"{self.chance.randrange(20, 4_000)}.{self.chance.choice(('00', '00', '50'))}",
            "due_date": None if place % 5 == 4 else due.isoformat(),
        }

    def milestone(self, place: int) -> str:
        line = self.lines[place]
        return row(
            line["key"], self.key, place + 1, line["title"], line["description"], line["amount"],
            line["due_date"] or NULL, *self.state,
        )  # fmt: skip

    @property
    def state(self) -> tuple[str, datetime | str]:
        """Of every milestone: its status, and when it was closed."""
        if self.ended:
            return MilestoneStatus.CANCELLED.value, self.updated
        return MilestoneStatus.FUTURE.value, NULL

    def revisions(self, ids: dict[str, int]) -> Iterator[tuple[str, str]]:
        """Each revision with its event. A changed plan had one milestone less before."""
        plans = [self.lines[:-1], self.lines] if self.changed else [self.lines]
        moments = [self.started, self.updated]
        for number, (plan, at) in enumerate(zip(plans, moments, strict=False), start=1):
            key, event = taken(ids, "contracts_planrevision"), taken(ids, "contracts_event")
            yield (
                row(key, self.key, number, json.dumps(plan), self.client.user_id, at),
                row(event, self.key, EventKind.PLAN_SAVED.value, self.client.user_id, at, key, "", at),
            )


def taken(ids: dict[str, int], table: str) -> int:
    ids[table] += 1
    return ids[table] - 1


def row(*values: str | int | date | Decimal | None) -> str:
    """One line of COPY's text format. None of our values holds a tab, a line break or a backslash of its own."""
    return "\t".join(map(str, values)) + "\n"
