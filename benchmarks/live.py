"""What 500 open pages cost, and how soon they hear: streams as Cairn has them, beside the two ways not taken.

    CAIRN_MODE=demo DATABASE_URL=... python benchmarks/live.py [stream polling asgi]

Makes a database of its own on that server and drops it; all sockets are on the loopback. CPU is that of the web
processes, in percent of one core; memory is their proportional share. Latency is from before the commit to the socket
of a client in this process. Absolute figures follow the machine's mood: compare what was measured in one run.
"""

import argparse
import asyncio
import os
import random
import statistics
import sys
import threading
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Coroutine, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")

import django

django.setup()

import live_clients
import live_polling
from django.db import connections
from live_site import Site, World, making
from live_visitors import visit

from notifications.live import announce

ARMS = {
    "stream": ("marketplace.wsgi", "gthread", live_clients.stream, lambda user_id: f"/live/{user_id}/"),
    "polling": ("live_polling", "gthread", live_clients.poll, live_polling.address),
    "asgi": ("live_asgi", "asgi", live_clients.stream, lambda user_id: f"/live/{user_id}/"),
}
RATE = 10  # announcements a second
AT_ONCE = 4  # users whom one concerns
SHORT = 4  # seconds of a round
CALM = 30  # percent


def main() -> None:
    options = arguments()
    with making(options.clients) as world, ProcessPoolExecutor(1) as visitors:
        for name in options.arms:
            asyncio.run(measure(name, world, options, visitors))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--rest", type=float, default=30, help="seconds at rest; a stream lives up to 300")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--port", type=int, default=18_101)
    parser.add_argument("arms", nargs="*", default=["stream", "polling"], choices=[*ARMS, []])
    return parser.parse_args()


async def measure(name: str, world: World, options: argparse.Namespace, visitors: ProcessPoolExecutor) -> None:
    application, worker, client, address = ARMS[name]
    heard = live_clients.Heard()

    def clients() -> list[Coroutine]:
        return [client(options.port, address(one), cookie, heard) for one, cookie in world.users]

    def visits(seconds: float) -> Awaitable[list[float]]:
        loop = asyncio.get_running_loop()
        return loop.run_in_executor(visitors, visit, options.port, world.room, world.visitor, seconds)

    with Site(application, worker, options.port) as site:
        await visits(3)
        say(name, "nobody is connected", "", site)
        async with crowd(clients(), heard, site):
            say(name, f"{options.clients} connected, at rest", await busy(site, options.rest), site)
            with talking(world, heard):
                share = await busy(site, options.seconds)
            say(name, f"{RATE} announcements a second", f"{share}; {latency(heard)}", site)
            kept = await asyncio.to_thread(world.connections)
            say(name, f"database connections: {kept}", f"connections made anew: {heard.lost}", site)
        rounds = [await one_round(clients, visits, world, heard, site) for _each in range(options.rounds)]
        say(name, "room, without and with all that, in turn", compared(rounds), site)


async def one_round(clients, visits, world: World, heard: live_clients.Heard, site: Site) -> tuple[list, list]:
    """How long each visit took with nobody connected, and with all connected and announcements."""
    without = await visits(SHORT)
    async with crowd(clients(), heard, site):
        with talking(world, heard):
            return without, await visits(SHORT)


def compared(rounds: list[tuple[list[float], list[float]]]) -> str:
    """Pages a second and 95th percentile; the ratio is the median of those of the rounds."""
    ratio = statistics.median(len(after) / len(before) for before, after in rounds)
    return f"{described([one[0] for one in rounds])} -> {described([one[1] for one in rounds])}, ratio {ratio:.2f}"


def described(rounds: list[list[float]]) -> str:
    times = [one for each in rounds for one in each]
    return f"{len(times) / len(rounds) / SHORT:.0f}/s p95 {statistics.quantiles(times, n=20)[18] * 1000:.0f} ms"


@asynccontextmanager
async def crowd(clients: list[Coroutine], heard: live_clients.Heard, site: Site) -> AsyncIterator[None]:
    """All have connected, and the processes have little to do any more; afterwards all go."""
    heard.connected = heard.lost = 0
    tasks = [asyncio.create_task(one) for one in clients]
    while heard.connected < len(clients):
        await asyncio.sleep(0.1)
    while True:
        before = site.spent()
        await asyncio.sleep(0.5)
        if site.share(before, 0.5) < CALM:
            break
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@contextmanager
def talking(world: World, heard: live_clients.Heard) -> Iterator[None]:
    """While it lasts, announcements at the rate, each of a contract of its own and to a few of the users."""
    heard.after.clear()
    stop = threading.Event()

    def talk() -> None:
        while not stop.wait(1 / RATE):
            contract = uuid.uuid4()
            heard.said[str(contract)] = time.perf_counter()
            announce(contract, [user for user, _cookie in random.sample(world.users, AT_ONCE)])
        connections.close_all()

    thread = threading.Thread(target=talk)
    thread.start()
    yield
    stop.set()
    thread.join()


async def busy(site: Site, seconds: float) -> str:
    begun, before = time.perf_counter(), site.spent()
    await asyncio.sleep(seconds)
    return f"CPU {site.share(before, time.perf_counter() - begun):.1f} %"


def latency(heard: live_clients.Heard) -> str:
    parts = statistics.quantiles(heard.after, n=20)
    return f"heard {len(heard.after)}, p50 {parts[9] * 1000:.0f} ms, p95 {parts[18] * 1000:.0f} ms"


def say(name: str, what: str, figures: str, site: Site) -> None:
    print(f"{name:8} {what:42} {figures:62} memory {site.memory():6.1f} MB", flush=True)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
