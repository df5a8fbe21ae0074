"""The environment that Django's processes get, and the database that it names. Starts PostgreSQL if none is named."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from launcher.postgres import Server
from launcher.progress import step

WEB_LOGIN = "cairn_web"


@contextmanager
def site(data: Path, mode: str, *, throwaway: bool = False) -> Iterator[dict[str, str]]:
    """The environment for manage.py, the site and the suite, with its database up for as long as the block lasts.

    With DATABASE_URL set no embedded server is touched.
    """
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    environ = {**os.environ, "CAIRN_MODE": mode, "CAIRN_DATA": str(data), "PYTHONUNBUFFERED": "1"}
    if not environ.get("SECRET_KEY"):
        environ["SECRET_KEY"] = secret_key(data)
    if environ.get("DATABASE_URL"):
        yield environ
        return
    server = Server(data, throwaway=throwaway)
    with step("Making and starting PostgreSQL" if server.is_new() else "Starting PostgreSQL"):
        server.join()
    try:
        kept = {name: value for name, value in environ.items() if not name.startswith("PG")}
        whole = {**kept, "DATABASE_URL": server.url, "CAIRN_WEB_LOGIN": WEB_LOGIN}
        yield {**serving(whole), "OWNER_DATABASE_URL": server.url} if mode == "production" else whole
    finally:
        server.leave()


def serving(environ: dict[str, str]) -> dict[str, str]:
    """The environment of the web and the worker: on our own server they log in as a role that can only serve."""
    login = environ.get("CAIRN_WEB_LOGIN")
    if not login:
        return environ
    url = urlsplit(environ["DATABASE_URL"])
    return {**environ, "DATABASE_URL": urlunsplit(url._replace(netloc=f"{login}@{url.netloc.rpartition('@')[2]}"))}


def secret_key(data: Path) -> str:
    """This data folder's own key, made once; readable by nobody else."""
    path = data / "secret_key"
    if not path.exists():
        fresh = data / f"secret_key.{os.getpid()}"
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as writing:
            writing.write(secrets.token_urlsafe(50))
        with suppress(FileExistsError):  # another start was first: its key stands
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text()
