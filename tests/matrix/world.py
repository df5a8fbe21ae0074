"""Everybody, a contract in each state with either kind of talent, and what else can be named in an address."""

from dataclasses import dataclass, field
from pathlib import Path

from allauth.account.models import EmailAddress

from contracts.models import ActKind, EventKind, StaffAct
from marketplace.teams import invitations
from notifications.links import unsubscribe_path
from notifications.models import Post, Topic
from notifications.telling import tell
from tests.inputs.values import NOWHERE
from tests.matrix.actors import Cast, cast, part_with
from tests.matrix.states import STATES, Lived, live

TALENTS = ("agency", "freelancer")


@dataclass
class World:
    """`contracts` are found by talent and state; `ids` are those that belong to no contract."""

    cast: Cast
    contracts: dict[tuple[str, str], Lived]
    ids: dict[str, object] = field(default_factory=dict)
    place: Path = Path()

    def seen_by(self, actor: str, state: str) -> Lived:
        """The contract of this state that the actor would have to do with."""
        return self.contracts["freelancer" if actor == "freelancer" else "agency", state]


def lived() -> World:
    """In the order of the states: the first puts the clock forward."""
    them = cast()
    contracts = {(talent, name): live(them, talent, name) for name in STATES for talent in TALENTS}
    world = World(them, contracts, named(them, contracts["agency", "active"]))
    part_with(them)
    return world


def named(them: Cast, told: Lived) -> dict[str, object]:
    """Ids of the client's, and of what staff see; the token of an invitation to the outsider."""
    people = them.people
    asked = people["outsider"]
    EmailAddress.objects.create(user=asked, email=asked.email, verified=True, primary=True)
    invited = invitations.invite(party=them.client, by=people["owner"], email=asked.email, role="viewer")
    event = told.deal.contract.events.get(kind=EventKind.OFFER_ACCEPTED)
    tell(event.pk)
    return {
        "party_id": them.client.pk, "user_id": people["viewer"].pk, "method_id": them.card.pk,
        "invitation_id": invited.pk, "invitation_token": invitations.token_of(invited),
        "notice_id": Post.objects.get(event=event).pk, "act_id": StaffAct.objects.filter(kind=ActKind.FREEZE)[0].pk,
        "name": "sandbox", "key": NOWHERE, "place": 1, "uidb36": "1", "app_label": "contracts", "content_type_id": 1,
        "object_id": 1, "token": "x", "mail_kind": "offer_sent", "kind": ActKind.FREEZE, "target_id": told.deal.key,
        "unsubscribe_token": unsubscribe_path(people["owner"].pk, [Topic.MESSAGES]).split("/")[-2],
    }  # fmt: skip
