"""A contract with a plan of some size and its client's browser, without a screen: what pages are asked for with."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contracts.models import Contract
from contracts.plan import Line
from tests.factories import agreed

HTMX = {"HX-Request": "true"}
POSTED = "application/x-www-form-urlencoded"
CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@dataclass
class Room:
    """`size` milestones lie ahead, all of which can be edited; one before them is paid."""

    size: int
    contract: Contract
    browser: Client

    @classmethod
    def of(cls, size: int) -> "Room":
        world = agreed(size)
        browser = Client()
        browser.force_login(world.client)
        return cls(size, world.contract, browser)

    @property
    def address(self) -> str:
        return f"/contracts/{self.contract.pk}/"

    @property
    def ahead(self) -> list[Line]:
        """The milestones that can be edited, as they are."""
        pinned = set(self.contract.milestones.exclude(status="future").values_list("pk", flat=True))
        return [line for line in self.contract.plan() if line.key not in pinned]

    def get(self, page: str = "", **headers: str) -> HttpResponse:
        return sure(self.browser.get(self.address + page, headers=headers))

    def post(self, page: str, fields: list[tuple[str, str]]) -> HttpResponse:
        answer = self.browser.post(self.address + page, urlencode(fields), content_type=POSTED, headers=HTMX)
        return sure(answer)

    def edited(self, text: str, lines: int | None = None) -> list[tuple[str, str]]:
        """What the editor posts when its first `lines`, or all, were opened and edited, and the order turned round."""
        self.contract.refresh_from_db()
        ahead = self.ahead
        fields = [("revision", str(self.contract.plan_version))]
        for line in ahead[: lines or len(ahead)][::-1]:
            key = str(line.key)
            fields += [
                ("key", key), (f"title-{key}", f"{text} {line.title}"[:60]), (f"description-{key}", line.description),
                (f"amount-{key}", str(line.amount + Decimal("0.50"))), (f"due_date-{key}", ""),
            ]  # fmt: skip
        places = self.contract.plan().position
        return fields + [("key", str(places(line.key))) for line in ahead[lines or len(ahead) :]]


def sure(answer: HttpResponse) -> HttpResponse:
    """The answer, unless it is a refusal: that costs less and would look fast."""
    if answer.status_code not in {200, 204, 304}:
        raise RuntimeError(f"A page answers {answer.status_code}: {answer.content[:300]!r}")
    return answer


def statements(do: Callable[[], object]) -> int:
    """How many statements it takes, session and user included, until it is committed.

    What only begins and ends transactions is none. Telling of it comes after the commit, see `afterwards`.
    """
    return len(_work(_parts(do)[0]))


def afterwards(do: Callable[[], object]) -> int:
    """How many it takes once it is committed: telling of it, before the answer goes out."""
    return sum(len(_work(part)) for part in _parts(do)[1:])


def captured(do: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        do()
    return [each["sql"] for each in asked.captured_queries]


def _parts(do: Callable[[], object]) -> list[list[str]]:
    """The statements between one COMMIT and the next."""
    parts: list[list[str]] = [[]]
    for sql in captured(do):
        parts[-1].append(sql)
        if sql.startswith("COMMIT"):
            parts.append([])
    return parts


def _work(part: list[str]) -> list[str]:
    return [sql for sql in part if not sql.startswith(CONTROL)]


def weight(answer: HttpResponse) -> tuple[float, float]:
    """Kilobytes as they are and as a proxy would compress them."""
    return len(answer.content) / 1000, len(gzip.compress(answer.content, 6)) / 1000
