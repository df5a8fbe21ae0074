"""The environment: which of the three modes the site runs in, and what production does not start without.

Knows no setting. What is refused names the variable, never its value.
"""

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
