"""What stands around the layout here: programs, a certificate, a stand-in for Stripe, the place of the database."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.db import connections

from escrow.tests import stand_in_stripe
from launcher.postgres import account

PROGRAMS = {"nginx": "nginx-light", "pgbouncer": "pgbouncer", "openssl": "openssl"}


def missing() -> str:
    """Why the layout cannot be built here; empty where it can."""
    places = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    lacking = [package for program, package in PROGRAMS.items() if not shutil.which(program, path=places)]
    if lacking:
        return f"apt-get install {' '.join(lacking)}, to try the layout of compose.yaml"
    if os.geteuid() == 0 and not account.in_namespace():
        return "pgbouncer refuses root, and this machine makes no user namespace for another"
    return ""


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


@contextmanager
def stand_in() -> Iterator[str]:
    """The address of a stand-in Stripe."""
    words = [sys.executable, stand_in_stripe.__file__]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.terminate()


def certificate(folder: Path) -> None:
    """A key and a certificate that it signed itself."""
    words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    words += ["-subj", "/CN=cairn", "-addext", "subjectAltName=IP:127.0.0.1"]
    words += ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run(words, check=True, capture_output=True)


def database() -> tuple[str, str]:
    """The host, or the folder of its socket, and the port of the suite's database."""
    params = connections["owner"].get_connection_params()
    return str(params.get("host") or "127.0.0.1"), str(params.get("port") or 5432)


def owner() -> tuple[str, str]:
    """The login and the password of its owner."""
    params = connections["owner"].get_connection_params()
    return str(params["user"]), str(params.get("password") or "")


def address(login: str, password: str, name: str) -> str:
    """The address of a database on that server."""
    host, port = database()
    if host.startswith("/"):
        return f"postgres://{login}:{password}@/{name}?host={quote(host, safe='')}&target_session_attrs=read-write"
    return f"postgres://{login}:{password}@{host}:{port}/{name}"
