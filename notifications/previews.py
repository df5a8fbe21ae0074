"""Every kind of email as it will look, made of values that stand for nobody: nothing is read and nothing is sent."""

import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from contracts.models import ChangeRequest, Contract, Event, EventKind, Milestone
from contracts.plan import ChangeSet, Line, Plan
from contracts.states import ContractStatus, MilestoneStatus
from marketplace.models import MemberRole, Party, PartyKind, User
from notifications.kinds import TELLING, Who
from notifications.letters import Digest, Letter, about_messages, compose
from notifications.links import DISPUTED, ENDED, OFFERED, Place, bell_place
from notifications.models import Post
from notifications.subjects import OF_CHANGES

MESSAGES, DIGEST = "messages", "digest"
BY_THE_CLOCK = frozenset({
    EventKind.OFFER_EXPIRED, EventKind.REVIEW_REMINDER, EventKind.REFUND_LAPSED, EventKind.COUNTER_LAPSED,
    EventKind.MONEY_BACK_OVER, EventKind.CHARGED_BACK, EventKind.REQUEST_REMINDER, EventKind.REQUEST_SUPERSEDED,
})  # fmt: skip
WITH_PLAN = frozenset({*OF_CHANGES, EventKind.OFFER_SENT, EventKind.OFFER_CHANGED, EventKind.PROPOSAL_SENT})
CONTRACT, MILESTONE, REQUEST = (uuid.UUID(int=number) for number in (1, 2, 3))


def kinds() -> dict[str, str]:
    """Every kind of email by its name in an address, and what it is called."""
    told = {kind.value: str(kind.label) for kind in EventKind if TELLING[kind].who is not Who.NOBODY}
    return {**told, MESSAGES: _("messages not read for ten minutes"), DIGEST: _("what was put off, once a day")}


def reader() -> User:
    return User(pk=0, name=_("You"), email="you@cairn.test")


def sample(kind: str, now: datetime) -> Letter | Digest:
    """An email of this kind, as its reader has it at `now`."""
    if kind == MESSAGES:
        return _messages(now)
    if kind == DIGEST:
        return Digest([sample(EventKind.REVIEW_REMINDER, now), _messages(now)], bell_place())
    event = _event(EventKind(kind), now)
    return compose(event, event.contract, _changes() if kind in WITH_PLAN else None)


def _event(kind: EventKind, now: datetime) -> Event:
    contract, sender = _contract(kind, now), _sender()
    milestone = Milestone(
        id=MILESTONE, title=_("Sketches"), amount=Decimal("450.00"), status=MilestoneStatus.SUBMITTED,
        review_by=now + timedelta(days=3),
    )  # fmt: skip
    request = ChangeRequest(
        id=REQUEST, by=sender, note=_("The training takes a day longer than we thought."), lines=_asked().to_json()
    )
    return Event(
        contract=contract, kind=kind, by=None if kind in BY_THE_CLOCK else sender, milestone=milestone,
        request=request if kind in OF_CHANGES else None, charged=Decimal("454.95"), paid=Decimal("450.00"),
        returned=Decimal("120.00"), note=_("What the sender typed stands here.\nOn as many lines as it has."),
    )  # fmt: skip


def _contract(kind: EventKind, now: datetime) -> Contract:
    """As `visible_to` loads it for the client's owner, or for a freelancer where an offer is told."""
    status = ContractStatus.PROPOSED if kind == EventKind.PROPOSAL_SENT else ContractStatus.ACTIVE
    contract = Contract(
        id=CONTRACT, title=_("Title of the contract"), client=Party(kind=PartyKind.CLIENT, name=_("The client")),
        talent=Party(kind=PartyKind.FREELANCER, name=_("The talent")), status=status,
        answer_by=now + timedelta(days=7) if kind in OFFERED else None,
        feedback_by=now + timedelta(days=14) if kind in ENDED else None,
    )  # fmt: skip
    contract.client_role, contract.talent_role = None if kind in OFFERED else MemberRole.OWNER, MemberRole.OWNER
    contract.is_disputed = kind in DISPUTED
    return contract


def _changes() -> ChangeSet:
    """A change with one of everything."""
    keys = [uuid.UUID(int=number) for number in range(10, 15)]
    due = date(2027, 3, 12)
    kickoff = Line(keys[0], _("Kick-off"), "", Decimal("150.00"), None)
    sketches = Line(keys[1], _("Sketches"), _("Three of them, on paper."), Decimal("450.00"), due)
    artwork = Line(keys[2], _("Final artwork"), "", Decimal("900.00"), None)
    training = Line(keys[3], _("Training"), "", Decimal("200.00"), None)
    dearer = Line(keys[1], _("Sketches in colour"), _("Four of them."), Decimal("520.00"), due + timedelta(days=7))
    print_run = Line(keys[4], _("Print run"), _("On heavy paper."), Decimal("300.00"), None)
    return ChangeSet(Plan((kickoff, sketches, artwork, training)), Plan((kickoff, artwork, dearer, print_run)))


def _asked() -> Plan:
    """What was asked for, of which the change is a part."""
    second = Line(uuid.UUID(int=15), _("A second print run"), "", Decimal("300.00"), None)
    return Plan((*_changes().after, second))


def _messages(now: datetime) -> Letter:
    sender = _sender()
    texts = (_("Shall we talk about the sketches tomorrow?"), _("Ten would suit me.\nOr any time after lunch."))
    posts = [Post(pk=0, by=sender, text=text, at=now) for text in texts]
    for post in posts:
        post._prefetched_objects_cache = {"files": []}  # it was never saved, and has none
    place = Place(f"/contracts/{CONTRACT}/messages/", _("Read and answer"))
    return about_messages(posts, _contract(EventKind.PLAN_SAVED, now), place)


def _sender() -> User:
    return User(pk=0, name=_("Name of the sender"))
