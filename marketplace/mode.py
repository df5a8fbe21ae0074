"""The environment: which of the three modes the site runs in, and what production does not start without.

Knows no setting. What is refused names the variable, never its value.
"""

import os
from ipaddress import ip_address

import environ

env = environ.Env()

MODE = env.str("CAIRN_MODE", default="production")
if MODE not in {"production", "demo", "test"}:
    raise environ.ImproperlyConfigured(f"CAIRN_MODE is {MODE!r}; it must be production, demo or test.")
PRODUCTION = MODE == "production"
DEMO = MODE == "demo"


def given(name: str) -> str:
    """A variable that has to be there, and not empty."""
    value = env.str(name)
    if not value.strip():
        raise environ.ImproperlyConfigured(f"{name} is empty; production does not start without it.")
    return value


def secret_key() -> str:
    """What sessions, links and tokens are signed with: long, and made by chance."""
    value = given("SECRET_KEY")
    if len(value) < 50 or len(set(value)) < 5:
        raise environ.ImproperlyConfigured("SECRET_KEY is too weak; give it 50 characters or more, made by chance.")
    return value


def hosts(name: str) -> list[str]:
    """The names that the site answers to; never all."""
    found = [host.strip() for host in given(name).split(",") if host.strip()]
    if any(host.startswith("*") for host in found):
        raise environ.ImproperlyConfigured(f"{name} names every host; name the site's own.")
    return found


def kept_safe(variable: str, config: dict) -> dict:
    """A database's address, if nobody can listen in on the way there: it is this machine, or TLS with its name checked.

    CAIRN_DATABASES_HERE names hosts of a network that is on this machine alone, as containers have one. Refused is what
    the driver might take from elsewhere, too: a service file is not looked into.
    """
    options = config.get("OPTIONS", {})
    there = options.get("hostaddr") or options.get("host") or config.get("HOST")
    named = there or os.environ.get("PGHOSTADDR") or os.environ.get("PGHOST") or ""
    is_told_elsewhere = {"service", "PGSERVICE"} & {*options, *os.environ}
    is_here = all(_is_here(host) for host in named.split(",")) and not is_told_elsewhere
    if not is_here and options.get("sslmode") != "verify-full":
        raise environ.ImproperlyConfigured(
            f"{variable} leads to another machine without TLS, or without checking whose it is: add "
            "?sslmode=verify-full (and sslrootcert=… where the authority is your own). If it is a container on this "
            "very machine, name its host in CAIRN_DATABASES_HERE."
        )
    return config


def _is_here(host: str) -> bool:
    """A socket, the loopback, or what is said to be on this machine."""
    if not host or host.startswith(("/", "@")) or host in {"localhost", *env.list("CAIRN_DATABASES_HERE", default=[])}:
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
