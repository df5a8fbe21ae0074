"""How often somebody may do a thing, whatever process they reach. Knows names and figures, and nothing of what is done.

`settings.LIMITS` is the table: a name, and for each span of seconds how many. Somebody has a bucket per span that holds
so many and fills up evenly; a row keeps the moment at which it will be full again. One statement takes from it and
refuses, under the row's own lock, so no count is lost however many ask at once. Call it outside of a transaction: what
was tried counts, also when it fails, and nobody waits for anybody's commit.
"""

from collections.abc import Callable
from functools import wraps
from math import ceil

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

TAKE = """
INSERT INTO marketplace_limit AS bucket (key, full_at)
SELECT %(key)s, cairn_now() + make_interval(secs => %(cost)s) WHERE %(cost)s <= %(span)s
ON CONFLICT (key) DO UPDATE SET full_at = greatest(bucket.full_at, cairn_now()) + make_interval(secs => %(cost)s)
WHERE greatest(bucket.full_at, cairn_now()) + make_interval(secs => %(cost)s)
   <= cairn_now() + make_interval(secs => %(span)s)
RETURNING true
"""
WAIT = """
SELECT extract(epoch FROM full_at - cairn_now()) + %(cost)s - %(span)s FROM marketplace_limit WHERE key = %(key)s
"""
FORGET = "DELETE FROM marketplace_limit WHERE full_at < cairn_now()"


class TooMany(Exception):
    """Nothing was done; it may be tried again in `wait` seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait

    def __str__(self) -> str:
        return _("That was a lot in a short time, so nothing was done. Wait %(wait)s, then try again.") % {
            "wait": spoken(self.wait)
        }


def spend(name: str, who: object, amount: int = 1) -> None:
    """Count `amount` of what `name` limits for `who`: a user's id, a party's, an address. Raises TooMany."""
    for most, span in settings.LIMITS[name] if amount else ():
        bucket = {"key": f"{name}:{span}:{who}", "cost": amount * span / most, "span": span}
        with connection.cursor() as cursor:
            cursor.execute(TAKE, bucket)
            if cursor.rowcount:
                continue
            cursor.execute(WAIT, bucket)
            raise TooMany(max(1, ceil((cursor.fetchone() or [span])[0])))


def hold_to(request: HttpRequest, name: str, amount: int = 1) -> None:
    """Count it for the user who asks; the answer will say when to try again. Raises TooMany."""
    try:
        spend(name, request.user.pk, amount)
    except TooMany as refusal:
        request.retry_after = refusal.wait
        raise


def limited(name: str, *methods: str) -> Callable:
    """For a view without a form to keep: so many answers, then a page with 429. For all methods, or those named."""

    def around(view: Callable) -> Callable:
        @wraps(view)
        def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            try:
                if not methods or request.method in methods:
                    hold_to(request, name)
            except TooMany as refusal:
                return render(request, "429.html", {"problem": str(refusal)}, status=429)
            return view(request, *args, **kwargs)

        return answer

    return around


def forget() -> None:
    """Delete the buckets that are full again: they say nothing."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET)


def spoken(seconds: int) -> str:
    """A time to wait, as a person would say it."""
    if seconds < 60:
        return ngettext("%(count)d second", "%(count)d seconds", seconds) % {"count": seconds}
    minutes = ceil(seconds / 60)
    if minutes < 120:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    hours = ceil(minutes / 60)
    return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
