"""What 500 open pages cost, and how soon they hear: streams as Cairn has them, beside polling, a way not taken.

CPU is that of the web processes, in percent of one core; memory is their proportional share. Latency is from before
the commit to the socket of a client in this process.
"""

import asyncio
import random
import statistics
import threading
import time
import uuid
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

from django.db import connections

from benchmarks import live_clients, live_polling, usage
from benchmarks.plan import Plan, Result
from benchmarks.servers import Served
from benchmarks.visitors import Visit, visit, visitors
from notifications.live import announce
from proof.databases import migrated, working_on
from tests.factories import UserFactory
from tests.web import signed_in

NAME = "bench_live"
PEOPLE = 500
RATE = 10  # announcements a second
AT_ONCE = 4  # users whom one concerns
VISITORS, WARM = 24, 3  # enough for all threads of both processes, for seconds: each is at work before any page is open
CALM = 30  # percent of a core
PATIENCE = 60
COUNT = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND application_name = 'cairn live'"


class Polling(Served):
    """The same server, with an address that browsers poll."""

    def command(self) -> list[str]:
        return [word.replace("marketplace.wsgi", "benchmarks.live_polling") for word in super().command()]


@dataclass
class Way:
    """How browsers hear of news: at which server, as which client, under which address."""

    server: type[Served]
    client: object
    address: object
    heard: live_clients.Heard = field(default_factory=live_clients.Heard)


def measure(plan: Plan) -> Result:
    result = Result("live")
    people = plan.size(50, PEOPLE)
    migrated()
    with working_on(NAME), visitors() as pool:
        users = [(user.pk, signed_in(user)) for user in UserFactory.create_batch(people)]
        ways = {
            "stream": Way(Served, live_clients.stream, lambda user_id: f"/live/{user_id}/"),
            "polling": Way(Polling, live_clients.poll, live_polling.address),
        }
        for name, way in ways.items():
            with way.server(NAME, plan.data / name) as server:
                pool.submit(visit, server.port, [Visit("/jobs/", users[0][1])] * VISITORS, WARM).result()
                asyncio.run(watched(plan, result, name, way, users=users, server=server))
    return result


async def watched(plan: Plan, result: Result, name: str, way: Way, *, users: list, server: Served) -> None:
    memory = usage.memory(server.workers())
    clients = [way.client(server.port, way.address(user), session, way.heard) for user, session in users]
    async with crowd(clients, way.heard, server):
        rest = await busy(server, plan.size(3, 20))
        with talking(users, way.heard):
            share = await busy(server, plan.size(3, 15))
        more = usage.memory(server.workers()) - memory
        opened = await asyncio.to_thread(held)
    if name == "stream":
        result.add("live.memory", f"{len(users)} pages", [more])
        result.add("live.connections", f"{len(users)} pages", [opened])
    result.notes.append(
        f"{name}, {len(users)} pages: {more:.0f} MB more and {opened} connections to hear; CPU {rest:.1f} % at rest,"
        f" {share:.1f} % at {RATE} announcements a second; {latency(way.heard)}; made anew {way.heard.lost}"
    )


def held() -> int:
    """Database connections that hear for open pages; those that pages are read over are there in any case."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(COUNT, [NAME])
        found = cursor.fetchone()[0]
    connections["owner"].close()
    return found


@asynccontextmanager
async def crowd(clients: list[Coroutine], heard: live_clients.Heard, server: Served) -> AsyncIterator[None]:
    """All have connected, and the processes have little to do any more; afterwards all go."""
    tasks = [asyncio.create_task(one) for one in clients]
    await connected(heard, len(clients))
    until = time.monotonic() + PATIENCE
    while await busy(server, 0.5) > CALM:
        if time.monotonic() > until:
            raise TimeoutError("All pages are connected, and it does not get calm.")
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def connected(heard: live_clients.Heard, pages: int) -> None:
    """Waits until so many pages hear."""
    until = time.monotonic() + PATIENCE
    while heard.connected < pages:
        await asyncio.sleep(0.1)
        if time.monotonic() > until:
            raise TimeoutError(f"{heard.connected} of {pages} pages are connected.")


@contextmanager
def talking(users: list, heard: live_clients.Heard) -> Iterator[None]:
    """While it lasts, announcements at the rate, each of a contract of its own and to a few of the users."""
    stop = threading.Event()

    def talk() -> None:
        while not stop.wait(1 / RATE):
            contract = uuid.uuid4()
            heard.said[str(contract)] = time.perf_counter()
            announce(contract, [user for user, _session in random.sample(users, AT_ONCE)])
        connections.close_all()

    thread = threading.Thread(target=talk)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


async def busy(server: Served, seconds: float) -> float:
    """Percent of one core."""
    begun, before = time.perf_counter(), usage.spent(server.workers())
    await asyncio.sleep(seconds)
    return 100 * (usage.spent(server.workers()) - before) / (time.perf_counter() - begun)


def latency(heard: live_clients.Heard) -> str:
    parts = statistics.quantiles(heard.after, n=20)
    return f"heard {len(heard.after)}, p50 {parts[9] * 1000:.0f} ms, p95 {parts[18] * 1000:.0f} ms"
