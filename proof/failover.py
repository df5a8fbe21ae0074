"""The primary dies under load, and its standby takes its place: what was acknowledged is there, and there once.

Commits wait for the standby. The site knows all the servers and is not started anew; whoever asks in between is told
when to come again. As a control, a standby that commits do not wait for, and that hears nothing more: that is noticed.
"""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from django.db import connections

from launcher.postgres import standby
from proof.browser import Answer, Browser, NoAnswer
from proof.databases import migrated, working_on
from proof.effects import effects
from proof.history import Told, verdict
from proof.living import Life, life
from proof.plan import Plan, Result
from tests.succession import Succession

NAME = "proof_failover"
ROUNDS, QUICK_ROUNDS = 5, 1
SENTENCE = "Nothing that you saved before is lost."
PATIENCE = 30
DEATH = "kill -9 of the primary with all its processes"


@dataclass(frozen=True)
class Extent:
    """How many pairs and clients; how much was acknowledged before the death, and is after it; seconds in between."""

    pairs: int = 12
    clients: int = 8
    before: tuple[int, int] = (30, 90)
    between: tuple[float, float] = (0.2, 2.0)
    after: int = 30


@dataclass
class Calm(Browser):
    """A browser that counts what it is answered, for all of them."""

    answers: Counter = field(default_factory=Counter)

    def _ask(self, method: str, path: str, body: str | bytes | None, headers: dict[str, str]) -> Answer:
        answer = super()._ask(method, path, body, headers)
        self.answers[answer.status] += 1
        return answer


def prove(plan: Plan) -> Result:
    """One death after the other, each time of whoever took the last one's place; then the control."""
    result, rounds = Result("failover"), QUICK_ROUNDS if plan.quick else ROUNDS
    with Succession(plan.data / "servers", rounds + 2) as servers, servers.spoken_to("postgres"):
        migrated()
        with working_on(NAME):
            for number in range(1, rounds + 1):
                servers.follow()
                fail_over(plan, number, Extent(), servers, result)
            control(plan, Extent(), servers, result)
    return result


def fail_over(plan: Plan, number: int, extent: Extent, servers: Succession, result: Result) -> None:
    """People act, the primary dies, the standby takes over; then everything is compared."""
    with living(plan, extent, result) as (lived, answers):
        chance = plan.chance(f"death {number}")
        with lived.acting(plan, extent.clients):
            acknowledged(lived, chance.randint(*extent.before))
            died = time.monotonic() - lived.crowd.begun
            servers.kill()
            result.fault(DEATH)
            result.failures += told_calmly(lived)
            time.sleep(chance.uniform(*extent.between))
            servers.succeed()
            acknowledged(lived, extent.after)
        lived.judge(f"after death {number}")
        result.failures += [f"{answers[500]} pages answered 500."] * bool(answers[500])
        result.notes.append(f"Death {number}: {summary(lived, died)} Answers: {dict(sorted(answers.items()))}.")


@contextmanager
def living(plan: Plan, extent: Extent, result: Result) -> Iterator[tuple[Life, Counter]]:
    """New people at the site; the gateway is the same one each time, as the books are."""
    place, answers = plan.data / "site", Counter()
    place.mkdir(exist_ok=True)
    with life(NAME, place, extent.pairs, result, browser=partial(Calm, answers=answers)) as lived:
        yield lived, answers


def acknowledged(lived: Life, more: int) -> None:
    """Wait until so many more things are."""
    until, enough = time.monotonic() + PATIENCE, done(lived) + more
    while done(lived) < enough and time.monotonic() < until:
        time.sleep(0.01)


def done(lived: Life) -> int:
    return lived.told.get(Told.ACKNOWLEDGED, 0)


def told_calmly(lived: Life) -> list[str]:
    """What whoever asks for a page now is told: when to come again. One sentence for what is not as it should be."""
    somebody = next(iter(lived.crowd.sessions.values()))
    try:
        page = somebody.get("/jobs/")
    except NoAnswer as problem:
        return [f"Without a primary, a page does not answer: {problem}"]
    is_calm = page.status == 503 and SENTENCE in page.text and int(page.headers.get("Retry-After", 0)) > 0
    return [] if is_calm else [f"Without a primary, a page answers {page.status}: {page.text[:200]}"]


def summary(lived: Life, died: float) -> str:
    """How many were told that something is done, before and after; and for how long nobody was."""
    done = sorted(line.ended for line in lived.crowd.history.lines if line.told is Told.ACKNOWLEDGED)
    after = [ended for ended in done if ended > died]
    without = after[0] - max((ended for ended in done if ended <= died), default=died) if after else 0.0
    return f"{len(done) - len(after)} acknowledged before it, {len(after)} after it, nobody for {without:.1f} s."


def control(plan: Plan, extent: Extent, servers: Succession, result: Result) -> None:
    """The same with a standby that nobody waits for, and that hears nothing more a while before: much is lost."""
    servers.follow(waited_for=False)
    found = Result("failover")
    with living(plan, extent, found) as (lived, _answers):
        with lived.acting(plan, extent.clients):
            acknowledged(lived, 1)
            standby.lose(servers.standby)
            acknowledged(lived, extent.before[0])
            servers.kill()
            servers.succeed()
        connections.close_all()
        lost = verdict(lived.crowd.history.lines, effects() - lived.before).lost
    result.control("commits that wait for the standby", noticed=bool(lost))
    result.notes.append(f"Where commits did not wait for it, {len(lost)} of {found.operations} operations were lost.")
