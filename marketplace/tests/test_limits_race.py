"""Many ask at once: the bucket's row is the guard, and with it taken away more get through than may."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from marketplace import limits
from marketplace.tests.test_limits import taken

# Without the row's lock: what is there is read first, and written down afterwards.
UNGUARDED = """
WITH seen AS MATERIALIZED (
    SELECT coalesce(max(full_at), cairn_now()) AS full_at, pg_sleep(0.05)
    FROM marketplace_limit WHERE key = %(key)s
), fits AS (
    SELECT greatest(full_at, cairn_now()) + make_interval(secs => %(cost)s) AS full_at FROM seen
)
INSERT INTO marketplace_limit AS bucket (key, full_at)
SELECT %(key)s, full_at FROM fits WHERE full_at <= cairn_now() + make_interval(secs => %(span)s)
ON CONFLICT (key) DO UPDATE SET full_at = excluded.full_at
RETURNING true
"""


@pytest.mark.parametrize("guard", [True, False])
def test_no_count_is_lost_when_many_ask_at_once(own_database, settings, monkeypatch, guard):
    """With the guard off more get through than may: so the test would notice."""
    settings.LIMITS = {"tries": [(3, 60)]}
    if not guard:
        monkeypatch.setattr(limits, "TAKE", UNGUARDED)
    let_through = [sum(race(str(uuid.uuid4()))) for _round in range(5)]
    assert (max(let_through) > 3) is not guard
    assert guard is False or let_through == [3] * 5


def race(who: str, threads: int = 8) -> list[int]:
    def one(_number: int) -> int:
        try:
            return taken("tries", who, 2)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, range(threads)))
