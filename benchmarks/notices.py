"""Notices, from the commit to an open page and to a mail server; and what a backlog of them does to everybody else.

An open page is a stream to the real web server; the worker and the mail server are processes and threads of their own.
"""

import asyncio
import time
from collections.abc import Callable
from functools import partial

from django.db import connections

from benchmarks import live_clients, posting
from benchmarks.arms import alternate, ratios
from benchmarks.live import connected
from benchmarks.plan import Plan, Result
from benchmarks.servers import Served
from benchmarks.visitors import Visit, visit, visitors
from notifications.models import Channel, Delivery, DeliveryStatus
from proof.databases import migrated, working_on
from proof.timed import percentile
from tests.factories import Agreed, submitted
from tests.web import signed_in

NAME = "bench_notices"
RATES = (1, 10, 100)  # a second
CONTRACTS = 50
SETTLE, PATIENCE = 1, 120  # seconds: what is under way to pages has so many, and a round's emails at most
VISITORS = 2
SENT = """SELECT extract(epoch FROM d.sent_at - e.at) FROM notifications_delivery AS d
JOIN notifications_post AS p ON p.id = d.post_id JOIN contracts_event AS e ON e.id = p.event_id
WHERE d.channel = 'email' AND d.status = 'sent' AND e.id > %s"""


def measure(plan: Plan) -> Result:
    result = Result("notices")
    migrated()
    with (
        working_on(NAME),
        visitors() as pool,
        posting.post_office() as office,
        Served(NAME, plan.data / "web") as server,
    ):
        worlds = [submitted(1) for _each in range(plan.size(5, CONTRACTS))]
        with posting.worker(NAME, office.port, plan.data / "sender"):
            for rate in RATES:
                told_at(plan, result, rate, worlds, server)
        drained(plan, result, pool, office, server)
    return result


def told_at(plan: Plan, result: Result, rate: int, worlds: list[Agreed], server: Served) -> None:
    """Each round for some seconds; the 95th percentile of each is a value."""
    bell: list[float] = []
    mail: list[float] = []
    for _round in range(plan.rounds):
        last, heard = last_event(), live_clients.Heard()
        reached = asyncio.run(listening(worlds, server, heard, partial(told, worlds, rate, plan, heard)))
        bell.append(latest(heard.after, "no page heard of it"))
        mail.append(latest(sent_since(last), "no email was taken"))
    result.add("notices.bell", f"{rate} a second", bell)
    result.add("notices.smtp", f"{rate} a second", mail)
    if reached < 0.9 * rate:
        result.notes.append(f"{rate} a second: it came to {reached:.0f}, as much as one process can do here")


def told(worlds: list[Agreed], rate: int, plan: Plan, heard: live_clients.Heard) -> float:
    def before(world: Agreed) -> None:
        heard.said[str(world.contract.pk)] = time.perf_counter()

    reached = posting.at_rate(worlds, rate, plan.size(3, 10), before)
    time.sleep(SETTLE)
    until = time.monotonic() + PATIENCE
    while waiting():
        if time.monotonic() > until:
            raise TimeoutError(f"Emails still wait {PATIENCE} seconds after the last notice.")
        time.sleep(0.1)
    return reached


async def listening(worlds, server: Served, heard: live_clients.Heard, do: Callable[[], float]) -> float:
    """Do it in a thread while the client of each contract has a page open."""
    sessions = await asyncio.to_thread(lambda: [(world.client.pk, signed_in(world.client)) for world in worlds])
    pages = [live_clients.stream(server.port, f"/live/{user}/", session, heard) for user, session in sessions]
    tasks = [asyncio.create_task(page) for page in pages]
    await connected(heard, len(pages))
    try:
        return await asyncio.to_thread(do)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def latest(seconds: list[float], otherwise: str) -> float:
    """The 95th percentile; RuntimeError when there was nothing."""
    if not seconds:
        raise RuntimeError(f"Of a whole round {otherwise}.")
    return percentile(sorted(seconds), 95)


def last_event() -> int:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM contracts_event")
        return cursor.fetchone()[0]


def sent_since(event: int) -> list[float]:
    """Seconds from each event to when its email was taken."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(SENT, [event])
        return [float(seconds) for (seconds,) in cursor.fetchall()]


def drained(plan: Plan, result: Result, pool, office, server: Served) -> None:
    """Pages in turn with the worker at rest and with it at a backlog."""
    size = plan.size(2_000, 100_000)
    world = posting.backlog(size)
    visits = [Visit(f"/contracts/{world.contract.pk}/", signed_in(world.client))] * VISITORS
    seconds, rates = plan.size(2, 10), []

    def pages() -> float:
        taken = pool.submit(visit, server.port, visits, seconds).result()
        return sum(taken) / len(taken)

    def beside() -> float:
        posting.it_is_time()
        with posting.worker(NAME, office.port, plan.data / "drain"):
            begins_to_send()
            before, begun = waiting(), time.perf_counter()
            taken = pages()
            rates.append((before - waiting()) / (time.perf_counter() - begun))
        return taken

    pages()
    rounds = alternate({"beside": beside, "alone": pages}, plan.rounds)
    result.add("notices.pages", f"{VISITORS} people at once", ratios(rounds, "beside", "alone"))
    result.add("notices.drain", f"of {size:,}", rates)
    result.notes.append("the worker sends for 40 seconds of each minute; the rate is that while it sends")


def begins_to_send() -> None:
    """Waits until the worker has sent one."""
    before, until = waiting(), time.monotonic() + 30
    while waiting() == before:
        if time.monotonic() > until:
            raise TimeoutError("The worker sends nothing.")
        time.sleep(0.1)


def waiting() -> int:
    return Delivery.objects.filter(channel=Channel.EMAIL, status=DeliveryStatus.WAITING).count()
