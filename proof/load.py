"""Two hundred signed-in people for two minutes: all read, some act, and each of them waits for the answer.

How long each kind of page took, and that nothing was lost while the machine had its hands full. The limits on what one
person may do are off (proof/settings.py): here a few people do the work of many.
"""

import math
import os
import re
import threading
import time
from functools import partial
from random import Random

from proof.browser import Browser, NoAnswer
from proof.databases import migrated, working_on
from proof.living import Life, life
from proof.plan import Plan, Result
from proof.timed import Timed, Times

NAME = "proof_load"
SECONDS, QUICK_SECONDS = 120, 20
PAIRS, QUICK_PAIRS = 100, 20  # two people each
ACTING = 0.1  # of all people, so many are about to do something at any time
THINKING = (2.0, 14.0)  # seconds between one page and the next
PAGES = ("/", "/jobs/", "/jobs/?show=ended", "/payments/", "/balance/", "/statement/", "/messages/", "/notifications/")
LINK = re.compile(r'href="(/contracts/[0-9a-f-]{36}/[^"#]*)"')


def prove(plan: Plan) -> Result:
    """All at once; then what was wished is compared with the books."""
    result, times = Result("load"), Times()
    migrated()
    pairs, seconds = (QUICK_PAIRS, QUICK_SECONDS) if plan.quick else (PAIRS, SECONDS)
    place = plan.data / "site"
    place.mkdir()
    with working_on(NAME), life(NAME, place, pairs, result, browser=partial(Timed, times=times)) as lived:
        took = visited(plan, lived, seconds)
        result.notes += [summary(2 * pairs, took, lived, times), *times.lines]
        result.failures += times.complaints
        lived.judge("after the load")
    return result


def summary(people: int, took: float, lived: Life, times: Times) -> str:
    count = len(times.every)
    return (
        f"{people} people, {count:,} requests in {took:.0f} s ({count / took:.0f} each second); {os.cpu_count()} cores "
        f"for the site, PostgreSQL and the people, with {os.getloadavg()[0]:.0f} at work on average. "
        f"Of {sum(lived.told.values()):,} posts: {lived.told}."
    )


def visited(plan: Plan, lived: Life, seconds: float) -> float:
    """Everybody reads, one page after the other; some of them act meanwhile, in the same sessions."""
    sessions = lived.crowd.sessions
    for browser in sessions.values():
        browser.get("/jobs/")  # who has a page open has a token, the same in all their windows
    begun = time.monotonic()
    readers = [
        threading.Thread(target=read, args=[browser, lived.crowd.stop, plan.chance(f"reader {number}")])
        for number, browser in enumerate(sessions.values())
    ]
    with lived.acting(plan, math.ceil(len(sessions) * ACTING)):
        for reader in readers:
            reader.start()
        time.sleep(seconds)
    for reader in readers:
        reader.join()
    return time.monotonic() - begun


def read(browser: Browser, stop: threading.Event, chance: Random) -> None:
    """One person, who opens this and that, follows links to contracts, and thinks in between."""
    links: list[str] = []
    while not stop.wait(chance.uniform(*THINKING)):
        try:
            page = browser.get(chance.choice([*PAGES, *links]))
        except NoAnswer:
            continue  # it is counted
        links = sorted(set(LINK.findall(page.text)))[:20] or links
