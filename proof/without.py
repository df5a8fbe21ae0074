"""Guards taken away on purpose: controls, with which whoever watches has to complain. Knows two of them."""

from collections.abc import Callable
from io import BytesIO
from random import Random
from urllib.parse import parse_qsl, urlencode
from uuid import uuid4

from django.db.backends.base.base import BaseDatabaseWrapper

OFTEN = 0.3


def removed(site: Callable, guard: str) -> Callable:
    """The site without this guard, or as it is when none is named."""
    if guard == "commits":
        forget_commits()
    return ignoring_keys(site) if guard == "keys" else site


def ignoring_keys(site: Callable) -> Callable:
    """Each post has a key of its own, as if forms had none: who posts again does it again."""

    def application(environ: dict, start_response: Callable) -> object:
        if environ["REQUEST_METHOD"] == "POST" and "urlencoded" in environ.get("CONTENT_TYPE", ""):
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            fields = parse_qsl(body.decode(), keep_blank_values=True)
            own = "offer_key" if "offer_key" in dict(fields) else "key"  # the other keys there are those of rows
            body = urlencode([(name, str(uuid4()) if name == own else value) for name, value in fields]).encode()
            environ = environ | {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        return site(environ, start_response)

    return application


def forget_commits() -> None:
    """Now and then what was to be committed is undone, and nobody is told: a database that lies."""
    real, chance = BaseDatabaseWrapper._commit, Random(OFTEN)

    def commit(self: BaseDatabaseWrapper) -> None:
        if self.connection is not None and chance.random() < OFTEN:
            self._rollback()
            return
        real(self)

    BaseDatabaseWrapper._commit = commit
