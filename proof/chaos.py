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
PAIRS, CLIENTS = 24, 6
AFTERWARDS = 60
NAME = "proof_chaos"


@dataclass(frozen=True)
class Extent:
    """How long at most, and of how many operations; with how many pairs; which wishes (all when none is named).

    `clicks` is how often somebody clicks twice, and `without` a guard that is taken away: then nothing else breaks.
    """

    seconds: float
    operations: float = math.inf
    pairs: int = PAIRS
    clients: int = CLIENTS
    only: tuple[str, ...] = ()
    clicks: float = DOUBLE_CLICKS
    without: str = ""


KEYS = Extent(60, 15, 6, 3, ("bonus",), clicks=1.0, without="keys")
COMMITS = Extent(60, 25, 6, 3, ("release", "submit"), clicks=0.0, without="commits")
CONTROLS = {"the keys of forms": KEYS, "COMMIT": COMMITS}


def prove(plan: Plan) -> Result:
    """The chaos, and then twice a short one on a site that lacks a guard: which must be noticed."""
    result = Result("chaos")
    with Server(plan.data.parent / "server") as server:
        live(plan, Extent(QUICK_SECONDS if plan.quick else SECONDS), server, result)
        for shown, extent in CONTROLS.items():
            found = Result("chaos")
            live(plan, extent, server, found)
            result.control(shown, noticed=bool(found.lost or found.doubled))
            result.notes.append(f"Without {shown}: {found.lost} lost, {found.doubled} doubled of {found.operations}.")
    return result


def live(plan: Plan, extent: Extent, server: Server, result: Result) -> None:
    migrated()
    place = plan.data / (extent.without or "all")
    place.mkdir()
    with working_on(NAME), standing(place, server, extent.without) as site:
        crowd, before = people(place, extent, site, result), effects()
        disturbed(plan, extent, site, crowd, result)
        afterwards(site, crowd, before, result)


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
    """Pairs, and a browser for each of them. Where a guard is missing they have a contract already."""
    begun = [] if not extent.without else ["1000.00"] * 5
    pairs = [pair(*begun) for _each in range(extent.pairs)]
    users = [user for each in pairs for user in (each.deal.payer, each.deal.earner)]
    browsers = {user.pk: site.web.browser(user, OPEN_FOR) for user in users}
    return Crowd(pairs, browsers, History(place / "history.jsonl"), result, extent.only, extent.clicks)


def disturbed(plan: Plan, extent: Extent, site: Site, crowd: Crowd, result: Result) -> None:
    """Clients wish while faults come, until it was long enough."""
    chances = [plan.chance(f"client {number}") for number in range(extent.clients)]
    threads = [threading.Thread(target=crowd.client, args=[chance]) for chance in chances]
    for thread in threads:
        thread.start()
    faults = Faults(site, plan.chance("faults"), result)
    if extent.without:
        faults.kinds = {"": lambda _chance: None}
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


def afterwards(site: Site, crowd: Crowd, before: Counter[str], result: Result) -> None:
    """Settle what is open, let the clock do its part, and compare everything that was not there `before`."""
    connections.close_all()
    time.sleep(1)
    crowd.settle(AFTERWARDS)
    site.worker.kill()
    chaos_end.work_off(site)
    crowd.settle(AFTERWARDS)
    judged = verdict(crowd.history.lines, effects() - before)
    result.lost, result.doubled = result.lost + len(judged.lost), result.doubled + len(judged.doubled)
    result.failures += [f"{each} {crowd.history.about(each)}" for each in judged.failures]
    result.failures += chaos_end.complaints(site)
    books.check(result, "after the chaos", thorough=True)
    told = Counter(line.told.value for line in crowd.history.lines)
    result.notes.append(f"{told.total()} posts, of them {dict(told)}; {len(crowd.troubles)} pages did not open.")
    result.notes.append(f"Acknowledged: {crowd.history.kinds}.")
    result.notes.append(f"{site.proxy.swallowed} answers to a COMMIT were swallowed.")
    result.notes.append(f"The worker ended by itself {site.gone} times, and was started again.")
