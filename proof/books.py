"""Asking every invariant, and counting how often that was done. Knows none of them."""

from django.db import DEFAULT_DB_ALIAS

from escrow.invariants import ask, registered
from proof.plan import Result


def check(result: Result, when: str, using: str = DEFAULT_DB_ALIAS) -> None:
    """Ask all of them; one that does not hold is a failure, said with the moment that it was found at."""
    for invariant in registered():
        result.evaluated += 1
        if broken := ask(invariant, using):
            result.violated += 1
            result.failures.append(f"{when}: {broken}")
