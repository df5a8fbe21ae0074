"""The machines of the site are an hour ahead, or an hour behind: deadlines stay the database's.

Sessions and links from mail are good for everybody whose clock differs by an hour; and a worker that was down for
three days does everything that came due meanwhile, once and in its order.
"""

from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.db import connections

from contracts import tasks
from contracts.tests.dealing import Deal
from marketplace import clock as database
from proof import books, late, links
from proof.begun import asked, submitted
from proof.browser import Answer, Browser
from proof.databases import address, migrated, working_on
from proof.plan import Plan, Result
from proof.promised import promised
from proof.restored import signed_in, waiting
from proof.working import to_do
from proof.wrong_clock import NAIVE_WORKER, library, work, wrong_by
from tests.web import Web

NAME = "proof_clock"
HOUR, HALF = timedelta(hours=1), timedelta(minutes=30)
OFFSETS = {"an hour ahead": HOUR, "an hour behind": -HOUR}


def prove(plan: Plan) -> Result:
    """Where libfaketime is not installed, only what needs no wrong clock."""
    result = Result("clock")
    migrated()
    place = plan.data / "site"
    place.mkdir()
    if library():
        for said in plan.chance("clock").sample(sorted(OFFSETS), 1) if plan.quick else OFFSETS:
            with on_a_copy(place):
                web(said, OFFSETS[said], place, result)
        with on_a_copy(place):
            worker(place, result)
    else:
        result.skipped.append("Wrong clocks, as libfaketime is not installed (Debian: the package libfaketime).")
    with on_a_copy(place):
        late.prove(plan, NAME, place, result)
    return result


def on_a_copy(place: Path) -> object:
    settings.SANDBOX_DIR = place / "sandbox"
    return working_on(NAME)


def web(said: str, offset: timedelta, place: Path, result: Result) -> None:
    """A web server with a wrong clock beside one with the right one, on one database."""
    deal, where = waiting(), {"DATABASE_URL": address(NAME), "CAIRN_DATA": str(place)}
    with Web(where | wrong_by(offset), place) as wrong, Web(where, place) as right:
        result.fault(f"the web server's clock is {said}")
        result.control(f"a clock that is {said}", noticed=shows(wrong, offset) and not shows(right, offset))
        there, here = signed_in(wrong.port, deal.payer.email), signed_in(right.port, deal.payer.email)
        for name, port, session in (("wrong", right.port, there.session), ("right", wrong.port, here.session)):
            expect(f"A session from the {name} clock", Browser(port, session).get("/jobs/"), 200, result)
        result.failures += [f"{said}: {each}" for each in promised(wrong.port, result)]
        for what, path, status in links.links(deal.payer):
            expect(f"{said}: {what}", Browser(wrong.port, "").get(path), status, result)
    books.check(result, f"with a web server {said}", alarms=False, thorough=True)


def shows(web: Web, offset: timedelta) -> bool:
    """Whether its answers are dated so, give or take a few minutes."""
    dated = parsedate_to_datetime(Browser(web.port, "").get("/accounts/login/").headers["Date"])
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    return abs(dated - now - offset) < timedelta(minutes=5)


def expect(what: str, answer: Answer, status: int, result: Result) -> None:
    result.operations += 1
    if answer.status != status:
        result.failures.append(f"{what} answers {answer.status} and not {status}.")


def worker(place: Path, result: Result) -> None:
    """Half an hour too early nobody does anything, however late it is to them; when it is due, everybody would."""
    deals = {"released": submitted(), "refund_lapsed": asked()}
    database.advance(timedelta(days=7) - HALF)
    check(place, result, deals, {"released": 0, "refund_lapsed": 0}, "half an hour before a refund request lapses")
    database.advance(HOUR)
    check(place, result, deals, {"released": 0, "refund_lapsed": 1}, "half an hour after it lapsed")
    database.advance(timedelta(days=7) - HOUR)
    check(place, result, deals, {"released": 0, "refund_lapsed": 1}, "half an hour before an automatic release")
    naive = deals | {"released": submitted()}
    database.advance(timedelta(days=14) - HALF)
    work(NAME, place, HOUR, NAIVE_WORKER)
    result.control("the database's clock", noticed=bool(done(naive["released"], "released")))
    check(place, result, deals, {"released": 1, "refund_lapsed": 1}, "long after the release was due")
    books.check(result, "after workers with wrong clocks", alarms=False, thorough=True)


def check(place: Path, result: Result, deals: dict[str, Deal], expected: dict[str, int], when: str) -> None:
    """Both workers come by."""
    for said, offset in OFFSETS.items():
        to_do(tasks.sweep)
        work(NAME, place, offset)
        result.fault(f"the worker's clock is {said}")
        result.operations += 1
        found = {kind: done(deal, kind) for kind, deal in deals.items()}
        if found != expected:
            result.failures.append(f"A worker {said}, {when}: {found} and not {expected}.")


def done(deal: Deal, kind: str) -> int:
    return deal.told.count(kind)
