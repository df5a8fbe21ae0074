"""What the web's and the worker's processes hold after many requests and jobs, against after the first of them."""

import time
from collections.abc import Callable
from pathlib import Path

from django.db import connections

from benchmarks import posting, usage
from benchmarks.plan import Plan, Result
from benchmarks.servers import Served
from benchmarks.visitors import Visit, visit, visitors
from proof.databases import migrated, working_on
from tests.factories import agreed
from tests.web import signed_in

NAME = "bench_memory"
MILESTONES = 50
PARTS = 10  # the first is what the others are compared with
JOBS = """INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args)
SELECT 'default', 'send_post', -1, jsonb_build_object('post', n) FROM generate_series(1, %s) AS n"""


def measure(plan: Plan) -> Result:
    result = Result("memory")
    migrated()
    with working_on(NAME), visitors() as pool:
        requests = plan.size(300, 10_000)
        with Served(NAME, plan.data / "web") as server:
            web = measured(
                lambda: pool.submit(visit, server.port, visits(), 3_600, requests // PARTS // len(PAGES)).result(),
                lambda: usage.memory(server.workers()),
            )
        told(result, "web", f"{requests:,} requests", web)
        worker(plan, result)
    return result


PAGES = ("/jobs/", "/messages/", "/notifications/", "{room}", "{room}milestones/", "{room}activity/")


def visits() -> list[Visit]:
    world = agreed(MILESTONES)
    session = signed_in(world.client)
    return [Visit(page.format(room=f"/contracts/{world.contract.pk}/"), session) for page in PAGES]


def measured(do: Callable[[], object], megabytes: Callable[[], float]) -> list[float]:
    """Megabytes after each part of the work."""
    found = []
    for _part in range(PARTS):
        do()
        found.append(megabytes())
    return found


def told(result: Result, who: str, what: str, megabytes: list[float]) -> None:
    result.add(f"memory.{who}", what, [megabytes[-1] / megabytes[0]])
    result.notes.append(f"{who}, MB over {what}: {', '.join(f'{each:.0f}' for each in megabytes)}")


def worker(plan: Plan, result: Result) -> None:
    """As many jobs: emails that are nobody's any more, each looked for and found to be none."""
    jobs = plan.size(300, 10_000)
    with posting.post_office() as office, posting.worker(NAME, office.port, plan.data / "worker") as process:
        found = measured(lambda: worked_off(jobs // PARTS), lambda: usage.memory(family(process.guard.pid)))
    told(result, "worker", f"{jobs:,} jobs", found)


def worked_off(jobs: int) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(JOBS, [jobs])
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')")
        while cursor.fetchone()[0]:
            time.sleep(0.2)
            cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')")


def family(pid: int) -> list[int]:
    """The processes that it started, and those that these did."""
    own = [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [*own, *(child for one in own for child in family(one))]
