"""Asking every invariant, and counting how often that was done. Knows none of them."""

from django.db import DEFAULT_DB_ALIAS

from escrow.invariants import ask, registered
from proof.plan import Result


def check(
    result: Result, when: str, using: str = DEFAULT_DB_ALIAS, *, alarms: bool = True, thorough: bool = False
) -> None:
    """Ask all of them; one that does not hold is a failure, said with the moment that it was found at.

    Without `alarms`, those that follow a commit by seconds are left out: somebody is about to tell. `thorough` asks
    those that read all of the past as well, as `check_ledger --full` does.
    """
    for invariant in registered(thorough=thorough):
        if invariant.follows and not alarms:
            continue
        result.evaluated += 1
        if broken := ask(invariant, using):
            result.violated += 1
            result.failures.append(f"{when}: {broken}")
