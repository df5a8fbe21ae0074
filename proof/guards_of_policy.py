"""The cells of the table of roles and states (contracts/policy.py) as guards: each lets everybody through in turn."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from contracts import policy
from contracts.policy import Action, Role
from contracts.states import ContractStatus

GROUPS = ("FROZEN", "WITH_DISPUTE", "PAUSED", "WITH_REQUEST")  # who is in one is stopped by it; FREE is the other way


class InPolicy(NamedTuple):
    """Within `removed` the table is the same but for this."""

    kind: str
    name: str
    of: str
    action: Action

    @contextmanager
    def removed(self, _databases: list[str]) -> Iterator[None]:
        before = getattr(policy, self.of)
        setattr(policy, self.of, self.without(before))
        try:
            yield
        finally:
            setattr(policy, self.of, before)

    def without(self, before: object) -> object:
        if self.of == "ROLES":
            return {**before, self.action: frozenset(Role)}
        if self.of == "STATES":
            return {**before, self.action: frozenset(ContractStatus)}
        if self.of == "FREE":
            return before | {self.action}
        return before - {self.action} if self.of in GROUPS else (lambda *_asked: True)


def all_cells() -> list[InPolicy]:
    """Every row that keeps somebody out, every member of each group, and whose request it is."""
    rows = [("ROLES", action) for action in Action if policy.ROLES[action] != frozenset(Role)]
    rows += [("STATES", action) for action in Action if policy.STATES[action] != frozenset(ContractStatus)]
    rows += [(group, action) for group in GROUPS for action in Action if action in getattr(policy, group)]
    rows += [("FREE", action) for action in Action if action not in policy.FREE]
    rows += [("_is_for_this_side", action) for action in (Action.WITHDRAW_REQUEST,)]
    return [InPolicy("policy", f"{of} {action.name}", of, action) for of, action in rows]
