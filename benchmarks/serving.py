"""The contract room over HTTP for people who are signed in, by one web server or another; all with two processes."""

from contextlib import ExitStack
from functools import partial

from benchmarks import elsewhere
from benchmarks.arms import Arm, alternate, described, ratios
from benchmarks.plan import Plan, Result
from benchmarks.servers import Granian, GranianThreads, Served, Sync
from benchmarks.visitors import Visit, visit, visitors
from benchmarks.visitors import described as times_of
from proof.databases import migrated, working_on
from proof.timed import percentile
from tests.factories import agreed
from tests.web import signed_in

NAME = "bench_serving"
VISITORS = 8
MILESTONES = 12
GUNICORN = "gunicorn, 4 threads"
SERVERS = {
    GUNICORN: Served, "gunicorn, sync": Sync, "granian, 1 thread": Granian, "granian, 4 threads": GranianThreads,
}  # fmt: skip


def measure(plan: Plan) -> Result:
    result = Result("serving")
    migrated()
    with working_on(NAME), visitors() as pool, ExitStack() as stack:
        visits = [room() for _each in range(VISITORS)]
        served = {name: server for name in SERVERS if (server := started(name, plan, result, stack))}
        for server in served.values():
            pool.submit(visit, server.port, visits, 1).result()
        times: dict[str, list[float]] = {name: [] for name in served}
        arms: dict[str, Arm] = {
            name: partial(rate, pool, server.port, visits, plan.seconds, times[name]) for name, server in served.items()
        }
        rounds = alternate(arms, plan.rounds)
    for name in served:
        if name != GUNICORN:
            result.add("serving.granian", name, ratios(rounds, name, GUNICORN))
        result.add("serving.p95", name, [percentile(sorted(times[name]), 95) * 1000])
        result.notes.append(f"{name}: {times_of(times[name])}")
    result.notes.append(f"{VISITORS} people at once: {described(rounds)}")
    return result


def room() -> Visit:
    """The room of somebody's contract."""
    world = agreed(MILESTONES)
    return Visit(f"/contracts/{world.contract.pk}/", signed_in(world.client))


def started(name: str, plan: Plan, result: Result, stack: ExitStack) -> Served | None:
    """The server, until the stack is left; None when it does not start, and then it is said why."""
    try:
        return stack.enter_context(SERVERS[name](NAME, plan.data / name.replace(", ", "-").replace(" ", "-")))
    except (elsewhere.Missing, RuntimeError) as problem:
        result.missing.append(f"{name}: {str(problem)[:300]}")
        return None


def rate(pool, port: int, visits: list[Visit], seconds: float, times: list[float]) -> float:
    """Answers a second; how long each took is kept."""
    taken = pool.submit(visit, port, visits, seconds).result()
    times += taken
    return len(taken) / seconds
