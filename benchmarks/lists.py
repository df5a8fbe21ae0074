"""First pages and second pages of every list, for a typical and a heavy user, as contracts grow: flat or not.

Each size is a database of its own, made by `demo --contracts` and told a message for each contract.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from html import unescape
from urllib.parse import urljoin

from django.contrib import admin
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.urls import reverse

from benchmarks.arms import alternate, ratios, seconds
from benchmarks.plan import Plan, Result
from benchmarks.rooms import captured, sure
from contracts.demo.large import HEAVY
from contracts.models import Contract
from marketplace.models import Membership, User
from proof.databases import MIGRATED, clone, drop, migrated, point_at
from tests.staff import at_work, staff

SMALLEST = 1_000
TIMES = 5
# An OFFSET, or a COUNT that is not of a bounded sub-query.
COSTLY = re.compile(r"\bOFFSET\b|^SELECT COUNT\((?!.*\bLIMIT\b)", re.IGNORECASE)
TALK = (
    "INSERT INTO notifications_post (contract_id, key, audience, by_id, text, at)"
    " SELECT c.id, gen_random_uuid(), 'both', e.by_id, 'How is it going?', c.updated_at"
    " FROM contracts_contract AS c JOIN contracts_planrevision AS e ON e.contract_id = c.id AND e.number = 1",
    "INSERT INTO notifications_conversation (contract_id, client_id, talent_id, last_id)"
    " SELECT c.id, c.client_id, c.talent_id, p.id"
    " FROM contracts_contract AS c JOIN notifications_post AS p ON p.contract_id = c.id",
    "VACUUM (ANALYZE)",
)
LINK = re.compile(r'hx-get="([^"]*after=[^"]*)"')


def measure(plan: Plan) -> Result:
    result = Result("lists")
    migrated()
    sizes = plan.size((1_000, 3_000), (1_000, 100_000), (1_000, 100_000, 1_000_000))
    with ExitStack() as stack:
        names = {size: stack.enter_context(filled(size, result)) for size in sizes}
        # Signed in only now: to fill a large one takes longer than a session of staff lasts.
        sites = {size: opened(name) for size, name in names.items()}
        for name in sites[SMALLEST]:
            compare(plan, result, name, {size: sites[size][name] for size in sizes})
        count(result, sites[max(sizes)])
    return result


@contextmanager
def filled(size: int, result: Result) -> Iterator[str]:
    """The name of a database with so many contracts."""
    name = f"bench_lists_{size}"
    clone(name, MIGRATED)
    point_at(name)
    try:
        took = seconds(partial(call_command, "demo", contracts=size, verbosity=0))()
        with connections["owner"].cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            for statement in TALK:
                cursor.execute(statement)
        result.notes.append(f"`demo --contracts {size}`: {took:.0f} s")
        yield name
    finally:
        connections.close_all()
        drop(name)


def opened(database: str) -> dict[str, "Page"]:
    """Its pages by name."""
    point_at(database)
    return {what: Page(database, browser, address) for what, (browser, address) in pages().items()}


class Page:
    """An address of one of the databases, asked for in somebody's browser."""

    def __init__(self, database: str, browser: Client, address: str) -> None:
        self.database, self.browser, self.address = database, browser, address

    def open(self) -> str:
        return sure(self.browser.get(self.address)).content.decode()

    def statements(self) -> list[str]:
        self.here()
        return captured(self.open)

    def here(self) -> None:
        """Talk to its database; the first answer, over a new connection, counts for nothing."""
        if connections["default"].settings_dict["NAME"] != self.database:
            point_at(self.database)
        self.open()

    def seconds(self) -> float:
        self.here()
        return seconds(self.open, TIMES)()


def compare(plan: Plan, result: Result, what: str, at: dict[int, Page]) -> None:
    rounds = alternate({str(size): page.seconds for size, page in at.items()}, plan.rounds)
    for size in at:
        if size != SMALLEST:
            result.add("lists.growth", f"{what}, {size:,} contracts", ratios(rounds, str(size), str(SMALLEST)))
    times = ", ".join(f"{size:,}: {min(each[str(size)] for each in rounds) * 1000:.1f}" for size in at)
    result.notes.append(f"{what}, the fastest in ms: {times}")


def count(result: Result, pages: dict[str, Page]) -> None:
    """Statements that read what they do not show."""
    costly = {name: [sql for sql in page.statements() if COSTLY.search(sql)] for name, page in pages.items()}
    result.add("lists.offset", f"all {len(pages)} lists", [sum(map(len, costly.values()))])
    result.notes += [f"{name}: {sql[:200]}" for name, found in costly.items() for sql in found]


def pages() -> dict[str, tuple[Client, str]]:
    """Every list by name, with who looks at it."""
    found: dict[str, tuple[Client, str]] = {}
    for who, user in (("heavy", User.objects.get(email=HEAVY)), ("typical", typical())):
        browser = Client()
        browser.force_login(user)
        room = Contract.objects.visible_to(user).order_by("-updated_at").first()
        own = {
            "My Jobs": "/jobs/",
            "ended jobs": "/jobs/?show=ended",
            "search": "/jobs/?q=boat",
            "search that finds nothing": "/jobs/?q=nowhere",
            "Messages": "/messages/",
        }
        own["Activity"] = f"/contracts/{room.pk}/activity/"
        own |= {f"{name}, second page": following(browser, own[name]) for name in ("My Jobs", "Messages")}
        found |= {f"{name}, {who} user": (browser, address) for name, address in own.items() if address}
    root = at_work(staff(superuser=True))
    return found | {f"administration, {name}": (root, address) for name, address in admin_lists(filled=True)}


def typical() -> User:
    """A talent with about twenty contracts."""
    return Membership.objects.filter(party__kind="freelancer").order_by("pk")[3].user


def following(browser: Client, address: str) -> str:
    """Where the list goes on; nothing for a list that fits on a page."""
    found = LINK.search(browser.get(address).content.decode())
    return urljoin(address, unescape(found[1])) if found else ""


def admin_lists(*, filled: bool = False) -> Iterator[tuple[str, str]]:
    """Name and address of each; of those with rows in them alone, if they are to be `filled`."""
    for model in admin.site._registry:
        is_ours = model._meta.app_label in {"marketplace", "escrow", "contracts", "notifications"}
        if is_ours and (model._default_manager.exists() or not filled):
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
            yield str(model._meta.verbose_name_plural), reverse(name)
