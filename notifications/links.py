"""Where an email or the bell leads to: the page at hand, in full with the site's own address. Knows no words."""

from collections.abc import Callable, Iterable
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contracts.models import Contract, Event, EventKind
from contracts.policy import Action, Role, has_role, role_of
from contracts.states import FUNDED, ContractStatus, MilestoneStatus
from notifications.models import Topic

SALT = "notifications.unsubscribe"
ROOM = "room"
REQUEST_KINDS = frozenset(kind for kind in EventKind if kind.startswith("request_"))
ASKING = frozenset({
    EventKind.REQUEST_SENT, EventKind.REQUEST_REVISED, EventKind.REQUEST_COUNTERED, EventKind.REQUEST_REMINDER,
})  # fmt: skip
ENDED = frozenset({
    EventKind.CONTRACT_ENDED, EventKind.REFUND_APPROVED, EventKind.REFUND_LAPSED, EventKind.COUNTER_ACCEPTED,
    EventKind.COUNTER_LAPSED,
})  # fmt: skip
DISPUTED = frozenset({EventKind.DISPUTE_OPENED, EventKind.SPLIT_OFFERED, EventKind.SPLIT_WITHDRAWN})
DECIDED = frozenset({EventKind.DISPUTE_DECIDED, EventKind.SPLIT_ACCEPTED})
OFFERED = frozenset({EventKind.OFFER_SENT, EventKind.OFFER_CHANGED})
TALENT = frozenset({Role.FREELANCER, Role.AGENCY_MANAGER})
# Pages of a contract by the kind of event, while `holds` is true of the contract as the reader may see it.
PAGES: tuple[tuple[frozenset[EventKind], str, Callable[[Contract], object]], ...] = (
    (ENDED | {EventKind.FEEDBACK_REVEALED}, "feedback", lambda contract: contract.feedback_by),
    (
        frozenset({EventKind.REFUND_REQUESTED, EventKind.REFUND_COUNTERED}),
        "refund",
        lambda contract: contract.status == ContractStatus.SETTLING,
    ),
    (DISPUTED, "dispute", lambda contract: contract.is_disputed),
    (DECIDED, "dispute", lambda contract: True),
    (
        frozenset({EventKind.PROPOSAL_SENT}),
        "proposal",
        lambda contract: contract.status == ContractStatus.PROPOSED and role_of(contract) is Role.CLIENT,
    ),
    (frozenset({EventKind.MONEY_BACK_ASKED}), "money_back", lambda contract: contract.is_active),
    (OFFERED, "answer", lambda contract: contract.answer_by and role_of(contract) in TALENT),
)
# Pages of a milestone, while it is in one of these states.
OF_MILESTONE = {
    EventKind.WORK_SUBMITTED: ("review", FUNDED),
    EventKind.REVIEW_REMINDER: ("review", FUNDED),
    EventKind.CHANGES_REQUESTED: ("submission", frozenset({MilestoneStatus.CHANGES_REQUESTED})),
}


class Place(NamedTuple):
    """A page: its path, and what its link says."""

    path: str
    label: str


LABELS = {
    "request": _("Review the changes"),
    "answered": _("Look at the request"),
    "review": _("Look at the work"),
    "submission": _("See what is asked for"),
    "answer": _("Read the offer and answer"),
    "feedback": _("Open the feedback"),
    "refund": _("Open the refund request"),
    "dispute": _("Open the dispute"),
    "proposal": _("Read the proposal and answer"),
    "money_back": _("Open the request"),
    ROOM: _("Open the contract"),
}


def place_of(event: Event, contract: Contract) -> Place:
    """The page that the event is about, for the user for whom `contract` was loaded with `visible_to`.

    Where there is no such page for their role or in this state, the contract's room.
    """
    if event.request_id and event.kind in REQUEST_KINDS:
        place = _place("request", contract, event.request_id)
        return place if event.kind in ASKING else place._replace(label=str(LABELS["answered"]))
    page, states = OF_MILESTONE.get(EventKind(event.kind), ("", frozenset()))
    is_theirs = page != "submission" or has_role(contract, Action.SUBMIT)
    if event.milestone and event.milestone.status in states and is_theirs:
        return _place(page, contract, event.milestone_id)
    fitting = (page for kinds, page, holds in PAGES if event.kind in kinds and holds(contract))
    return _place(next(fitting, ROOM), contract)


def place_of_room(contract: Contract) -> Place:
    return _place(ROOM, contract)


def messages_of(contract_id: UUID) -> Place:
    return Place(reverse("notifications:messages", args=[contract_id]), str(_("Read and answer")))


def bell_place() -> Place:
    return Place(reverse("notifications:bell"), str(_("See all that you were told")))


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def unsubscribe_path(user_id: int, topics: Iterable[Topic]) -> str:
    """Where somebody switches topics off without signing in; the token says who and which, and cannot be made up."""
    token = signing.dumps([user_id, ",".join(topics)], salt=SALT, compress=True)
    return reverse("notifications:unsubscribe", args=[token])


def read_token(token: str) -> tuple[int, tuple[Topic, ...]]:
    """Whose token this is and of which topics; BadSignature for one that Cairn did not make."""
    user_id, topics = signing.loads(token, salt=SALT)
    return user_id, tuple(Topic(topic) for topic in topics.split(",") if topic)


def _place(page: str, contract: Contract, *about: UUID) -> Place:
    return Place(reverse(f"contracts:{page}", args=[contract.pk, *about]), str(LABELS[page]))
