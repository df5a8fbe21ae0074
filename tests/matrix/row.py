"""What a row says: who gets which status from an address, when it is looked at and when something is posted. Data only.

What comes first: who is nobody is led to sign in; who has nothing to do with it finds nothing (404); who has, in
another role, may not (403); who may, is too early or too late (409). What was typed is looked at last (422), but for a
few: see `test_too_late`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from contracts.policy import ROLES, Action, Role
from tests.matrix.actors import ON_IT, OUTSIDE

ROLE_OF = {
    "owner": Role.CLIENT, "manager": Role.CLIENT, "viewer": Role.CLIENT_VIEWER, "freelancer": Role.FREELANCER,
    "lead": Role.AGENCY_MANAGER, "member": Role.AGENCY_MEMBER,
}  # fmt: skip
GROUPS = {
    "all": ON_IT, "client": ("owner", "manager"), "talent": ("freelancer", "lead"), "outside": OUTSIDE,
    "everybody": (*ON_IT, *OUTSIDE), "staff": ("support", "finance", "superuser"),
}  # fmt: skip
DONE = frozenset({200, 204, 302})
TALENTS = {Role.FREELANCER, Role.AGENCY_MANAGER, Role.AGENCY_MEMBER}
TO_SIGN_IN = {"anonymous": 302, "suspended": 302, "fragment": 401}
Cells = dict[str, frozenset[int]]
Statuses = int | frozenset[int]


def cells(said: str) -> Cells:
    """`200 owner lead · 403 rest`: the status of each actor who is signed in; the others are led to sign in."""
    found: Cells = {name: frozenset({status}) for name, status in TO_SIGN_IN.items()}
    rest: frozenset[int] | None = None
    for part in said.split(" · "):
        status, *names = part.split()
        told = DONE if status == "done" else frozenset(map(int, status.split("/")))
        rest = told if "rest" in names else rest
        for name in names:
            found |= dict.fromkeys(GROUPS.get(name, (name,)), told) if name != "rest" else {}
    if rest is not None:
        found |= {name: rest for name in (*ON_IT, *OUTSIDE) if name not in found}
    return found


def of_room(said: str) -> Cells:
    """The same for a page of a contract: outsiders find nothing there."""
    return {name: frozenset({404}) for name in OUTSIDE} | cells(said)


def by(action: Action, done: frozenset[int] = DONE) -> Cells:
    """Those whose role allows the action do it; of the others on the contract nobody may."""
    allowed = {name: done if role in ROLES[action] else frozenset({403}) for name, role in ROLE_OF.items()}
    return of_room("404 outside") | allowed


def nothing() -> None:
    """What happens before most requests."""


@dataclass(frozen=True)
class Look:
    """A GET. In the state `home` it answers what `who` says. In the states that it does not open in, those who get a
    page at home get `shut`; `other` names those in which it is otherwise, for all or for one: `lead:settling`, or
    `lead` in all others.

    Without `opens` the state says nothing. `before` changes the world first, for this request alone.
    """

    who: Cells
    home: str = "active"
    opens: frozenset[str] | None = None
    shut: int = 409
    other: dict[str, Statuses] = field(default_factory=dict)
    query: str = ""
    before: Callable[[], None] = nothing
    has_head: bool = True

    def expected(self, actor: str, state: str) -> frozenset[int]:
        return _expected(self, actor, state, self.opens, self.shut)


@dataclass(frozen=True)
class Send:
    """A POST of a form that is valid at `home`, filled in as the place `like` of tests/inputs is; of what is `typed`
    alone where there is no such place. The form stands on another `page` if one is named.

    Who may do it there may in the states `also` (None: in all), and gets `missing` in every other one.
    """

    who: Cells
    like: str
    home: str = "active"
    also: frozenset[str] | None = frozenset()
    missing: int = 409
    other: dict[str, Statuses] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    page: str = ""
    query: str = ""
    before: Callable[[], None] = nothing

    def expected(self, actor: str, state: str) -> frozenset[int]:
        opens = None if self.also is None else self.also | {self.home}
        return _expected(self, actor, state, opens, self.missing)


@dataclass(frozen=True)
class Row:
    """An address. Without `look` a GET is refused as a method, without `sends` a POST is."""

    name: str
    look: Look | None
    sends: tuple[Send, ...] = ()
    public: bool = False  # strangers are let in, so that a wrong method is told them as well
    reads_puts: bool = False  # the library's views take a PUT for a POST with nothing in it


ROWS: dict[str, Row] = {}


def row(name: str, look: Look | None = None, *sends: Send, **other: bool) -> None:
    """Enter the row of an address."""
    assert name not in ROWS, name
    ROWS[name] = Row(name, look, sends, **other)


def states(names: str) -> frozenset[str]:
    return frozenset(names.split())


def _expected(said: Look | Send, actor: str, state: str, opens: frozenset[str] | None, shut: int) -> frozenset[int]:
    at_home = said.who[actor]
    if state == "unsent" and ROLE_OF.get(actor) in TALENTS:
        return frozenset({404})  # nobody sees an offer that was never sent
    known = next((said.other[key] for key in (f"{actor}:{state}", state, actor) if key in said.other), None)
    if state == said.home or not at_home <= DONE:
        return at_home
    if known is not None:
        return known if isinstance(known, frozenset) else frozenset({known})
    return at_home if opens is None or state in opens else frozenset({shut})
