"""One try: post it, look what was written, take it back. Knows nothing of what is tried."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from tests.inputs.reading import Fields

FORM = "application/x-www-form-urlencoded"
# What may change though nothing was done: sessions, counters of tries, queues.
ASIDE = ("django_session", "marketplace_cache", "procrastinate_%", "%limit%", "account_emailconfirmation")
TABLES = """
    SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    AND NOT relname LIKE ANY(%s) AND has_table_privilege(oid, 'SELECT')
"""


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens in it did not. What insists on a commit of its own may begin in it, as in a test."""
    block = transaction.atomic()
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)


def post(browser: Client, address: str, fields: Fields, **headers: str) -> HttpResponse:
    """As a browser sends a form; a lone surrogate goes out as the byte that it stands for."""
    body = urlencode(fields, errors="surrogateescape")
    return browser.post(address, body, content_type=FORM, headers=headers)


class Fingerprint:
    """A number for all the rows of each table."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(TABLES, [list(ASIDE)])
            names = [name for (name,) in cursor.fetchall()]
        parts = (
            f"SELECT '{name}', count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {name} AS t"  # noqa: S608
            for name in names
        )
        self.sql = " UNION ALL ".join(parts)

    def read(self) -> dict[str, tuple]:
        with connection.cursor() as cursor:
            cursor.execute(self.sql)
            return {name: (count, total) for name, count, total in cursor.fetchall()}

    def changed(self, before: dict[str, tuple]) -> list[str]:
        """The tables that are not as they were."""
        now = self.read()
        return [name for name in now if now[name] != before.get(name)]
