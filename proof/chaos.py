"""Mixed money operations on many contracts while everything fails: what was acknowledged is there, and there once.

Five minutes of it, or forty seconds. Afterwards nothing fails any more, what is unknown is settled by posting the same
again, the sweeps come by, and the history is compared with the books, with the gateway's own record and with the mail.
"""

import math
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import DatabaseError, connections

from launcher.postgres import Server
from notifications.tests.post_office import PostOffice
from proof import books, chaos_end
from proof.clients import DOUBLE_CLICKS, OPEN_FOR, Crowd
from proof.databases import migrated, working_on
from proof.dying_web import DyingWeb
from proof.effects import effects
from proof.faults import Faults, Site, Worker
from proof.history import History, verdict
from proof.plan import Plan, Result
from proof.proxy import Proxy
from proof.wishes import pair

SECONDS, QUICK_SECONDS = 320, 40
CONTROL_SECONDS, CONTROL_OPERATIONS = 60, 30
PAIRS, CLIENTS = 24, 6
AFTERWARDS = 60
NAME = "proof_chaos"


@dataclass(frozen=True)
class Extent:
    """How long at most, and of how many operations; with how many pairs; which wishes (all when none is named).

    `without` is a guard that is taken away; then everybody clicks twice, and only answers are swallowed.
    """

    seconds: float
    operations: float = math.inf
    pairs: int = PAIRS
    clients: int = CLIENTS
    only: tuple[str, ...] = ()
    without: str = ""


def prove(plan: Plan) -> Result:
    """The chaos, and then twice a short one on a site that lacks a guard: which must be noticed."""
    result = Result("chaos")
    with Server(plan.data.parent / "server") as server:
        live(plan, Extent(QUICK_SECONDS if plan.quick else SECONDS), server, result)
        for guard, wishes, shown in CONTROLS:
            found = Result("chaos")
            live(plan, Extent(CONTROL_SECONDS, CONTROL_OPERATIONS, 6, 3, wishes, guard), server, found)
            result.control(shown, noticed=bool(found.lost or found.doubled))
    return result


CONTROLS = (
    ("keys", ("bonus", "offer", "accept"), "the keys of forms"),
    ("commits", ("offer", "accept", "release", "submit"), "COMMIT"),
)


def live(plan: Plan, extent: Extent, server: Server, result: Result) -> None:
    migrated()
    place = plan.data / (extent.without or "all")
    place.mkdir()
    with working_on(NAME), standing(place, server, extent.without) as site:
        crowd = people(place, extent, site, result)
        disturbed(plan, extent, site, crowd, result)
        afterwards(site, crowd, result)


@contextmanager
def standing(place: Path, server: Server, without: str) -> Iterator[Site]:
    """The site with all its processes behind the proxy, as start.py has them."""
    settings.SANDBOX_DIR = place / "sandbox"
    office = PostOffice()
    office.open()
    url = f"postgres://cairn@/{NAME}?host={quote(str(place / 'proxy'), safe='')}"
    environ = {"DATABASE_URL": url, "CAIRN_DATA": str(place), "CAIRN_PROOF_SMTP": str(office.port)}
    with Proxy(place / "proxy", server.place.sockets) as proxy:
        web = DyingWeb(NAME, place, without, environ=environ, processes=2)
        with web, Worker(environ, place) as worker:
            yield Site(server, proxy, web, worker, office)
    office.close()


def people(place: Path, extent: Extent, site: Site, result: Result) -> Crowd:
    """Pairs with nothing together yet, and a browser for each of them."""
    pairs = [pair() for _each in range(extent.pairs)]
    users = [user for each in pairs for user in (each.deal.payer, each.deal.earner)]
    browsers = {user.pk: site.web.browser(user, OPEN_FOR) for user in users}
    clicks = 1.0 if extent.without else DOUBLE_CLICKS
    return Crowd(pairs, browsers, History(place / "history.jsonl"), result, extent.only, clicks)


def disturbed(plan: Plan, extent: Extent, site: Site, crowd: Crowd, result: Result) -> None:
    """Clients wish while faults come, until it was long enough."""
    chances = [plan.chance(f"client {number}") for number in range(extent.clients)]
    threads = [threading.Thread(target=crowd.client, args=[chance]) for chance in chances]
    for thread in threads:
        thread.start()
    faults = Faults(site, plan.chance("faults"), result)
    if extent.without:
        faults.kinds = {"COMMIT done, its answer swallowed": site.swallow}
    try:
        faults.inject(extent.seconds, (0.5, 2.0), lambda: looked(site, result, extent))
    finally:
        site.heal()
        crowd.stop.set()
        for thread in threads:
            thread.join()


def looked(site: Site, result: Result, extent: Extent) -> bool:
    """The gateway calls; and the invariants are asked in the middle of it, if the database is there to be asked.

    Answers whether it goes on.
    """
    site.look_after()
    site.caller.call()
    try:
        books.check(result, "during the chaos", alarms=False)
    except DatabaseError:
        connections.close_all()
    return result.operations < extent.operations


def afterwards(site: Site, crowd: Crowd, result: Result) -> None:
    """Settle what is open, let the clock do its part, and compare everything."""
    connections.close_all()
    time.sleep(1)
    crowd.settle(AFTERWARDS)
    site.worker.kill()
    chaos_end.work_off(site)
    judged = verdict(crowd.history.lines, effects())
    result.lost, result.doubled = result.lost + len(judged.lost), result.doubled + len(judged.doubled)
    result.failures += judged.failures
    result.failures += chaos_end.complaints(site)
    books.check(result, "after the chaos")
    told = Counter(line.told.value for line in crowd.history.lines)
    result.notes.append(f"{told.total()} posts, of them {dict(told)}; {len(crowd.troubles)} pages did not open.")
    result.notes.append(f"{site.proxy.swallowed} answers to a COMMIT were swallowed.")
    result.notes.append(f"The worker ended by itself {site.gone} times, and was started again.")
