"""What 500 open pages cost, and how soon they hear: streams as Cairn has them, beside the two ways not taken.

    CAIRN_MODE=demo DATABASE_URL=... python benchmarks/live.py [--clients 500] [--seconds 15] [stream polling asgi]

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
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")

import django

django.setup()

import live_clients
import live_polling
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


def main() -> None:
    options = arguments()
    with making(options.clients) as world, ProcessPoolExecutor(1) as visitors:
        for name in options.arms:
            asyncio.run(measure(name, world, options, visitors))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--port", type=int, default=18_101)
    parser.add_argument("arms", nargs="*", default=["stream", "polling"], choices=[*ARMS, []])
    return parser.parse_args()


async def measure(name: str, world: World, options: argparse.Namespace, visitors: ProcessPoolExecutor) -> None:
    application, worker, client, address = ARMS[name]
    heard = live_clients.Heard()
    with Site(application, worker, options.port) as site:
        load = (options.port, world.room, world.visitor, options.seconds)
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(visitors, visit, *load[:3], 3)
        say(name, "room, nobody connected", await loop.run_in_executor(visitors, visit, *load), site)
        opened = time.perf_counter()
        clients = [client(options.port, address(one), cookie, heard) for one, cookie in world.users]
        tasks = [asyncio.create_task(one) for one in clients]
        await connected(world, heard, site)
        say(name, f"{len(tasks)} connected in {time.perf_counter() - opened:.1f} s", "", site)
        await asyncio.sleep(5)
        say(name, "at rest", await busy(site, asyncio.sleep(options.seconds)), site)
        say(name, "room, at rest", await loop.run_in_executor(visitors, visit, *load), site)
        stop = threading.Event()
        talking = loop.run_in_executor(None, talk, world, heard, stop)
        share = await busy(site, asyncio.sleep(options.seconds))
        say(name, f"{RATE} announcements a second", f"{share}; {latency(heard)}", site)
        heard.after.clear()
        room = await loop.run_in_executor(visitors, visit, *load)
        say(name, "room, with announcements", f"{room}; {latency(heard)}", site)
        stop.set()
        await talking
        kept = await asyncio.to_thread(world.connections)
        say(name, f"lost {heard.lost}", f"database connections: {kept}", site)
        for task in tasks:
            task.cancel()


async def connected(world: World, heard: live_clients.Heard, site: Site) -> None:
    """All have asked, and the processes have little to do any more."""
    while heard.connected < len(world.users):
        await asyncio.sleep(0.1)
    while site.share(before := site.spent(), await slept(0.5)) > 50:
        assert before >= 0  # noqa: S101


async def slept(seconds: float) -> float:
    await asyncio.sleep(seconds)
    return seconds


async def busy(site: Site, waiting) -> str:
    begun, before = time.perf_counter(), site.spent()
    await waiting
    return f"CPU {site.share(before, time.perf_counter() - begun):.1f} %"


def talk(world: World, heard: live_clients.Heard, stop: threading.Event) -> None:
    """Announce at the rate, each time a contract of its own, to a few of the users."""
    while not stop.wait(1 / RATE):
        contract = uuid.uuid4()
        heard.said[str(contract)] = time.perf_counter()
        announce(contract, [user for user, _cookie in random.sample(world.users, AT_ONCE)])


def latency(heard: live_clients.Heard) -> str:
    parts = statistics.quantiles(heard.after, n=20)
    return f"heard {len(heard.after)}, p50 {parts[9] * 1000:.0f} ms, p95 {parts[18] * 1000:.0f} ms"


def say(name: str, what: str, figures: str, site: Site) -> None:
    print(f"{name:8} {what:42} {figures:58} memory {site.memory():6.1f} MB", flush=True)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
