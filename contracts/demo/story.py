"""The story of the demo: the chapters of all its contracts, lived in the order of time.

The clock begins in the past and has caught up at the end. Knows no contract of it and no bulk.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from contracts import timers
from contracts.demo.lives import stories
from contracts.demo.stage import set_up
from contracts.models import Contract
from marketplace import clock

BEGINNING = timedelta(days=160)
NEVER = -1


def live(today: date) -> Iterator[Contract]:
    """Live through all of it and yield each contract when it is as it stays. Begins in the past.

    Whatever comes due on the way, the sweep does.
    """
    told = stories(set_up(today))
    waiting = {title: next(story) for title, story in told.items()}
    while waiting:
        title = max(waiting, key=waiting.__getitem__)
        _wait_until(waiting[title])
        waiting[title] = next(told[title], NEVER)
        if waiting[title] == NEVER:
            del waiting[title]
            yield Contract.objects.get(title=title)
    _wait_until(0)


def _wait_until(ago: int) -> None:
    """Let time pass until so many days ago, and do what came due by then."""
    clock.advance(max(timedelta(0), clock.behind() - timedelta(days=ago)))
    timers.sweep()
