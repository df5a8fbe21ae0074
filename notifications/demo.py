"""What people write to each other in the demo, on the demo's own clock: each when something happens on a contract.

Knows the demo's contracts by their titles. Says nothing outside a demo's past.
"""

import uuid
from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings

from contracts.demo.acts import leader
from contracts.demo.texts import FILM, GUIDELINES, LOGO, MOBILE, WEBSITE
from contracts.models import Event, EventKind
from marketplace import clock
from notifications.messages.posting import mark_read, post_message
from notifications.models import Audience
from notifications.telling import RECENT

LIVING = timedelta(hours=1)  # a demo whose clock is further behind than this is still being lived
_CLIENT, _TALENT = Audience.CLIENT, Audience.TALENT
_K = EventKind

# By the contract and what happened there for the first time: who writes what then, one after the other.
SAID: Mapping[tuple[str, EventKind], tuple[tuple[Audience, str], ...]] = {
    (GUIDELINES.title, _K.REQUEST_PARTLY_ACCEPTED): (
        (_CLIENT, "The cards yes, gladly. The rest we would leave as it is: the director wants to see the book first."),
        (_TALENT, "Fine by us. We begin with the cards on Monday."),
    ),
    (WEBSITE.title, _K.OFFER_ACCEPTED): (
        (_TALENT, "Thank you, I am looking forward to this. Who at the museum should I talk to about the collections?"),
        (_CLIENT, "To me first. The catalogue is at https://collection.cairn.test/ and I will ask the curators in."),
    ),
    (WEBSITE.title, _K.CHANGES_REQUESTED): (
        (_TALENT, "Understood: filters by room and by century.\nIs it all right if they arrive with the next round?"),
        (_CLIENT, "Yes, that is soon enough."),
    ),
    (WEBSITE.title, _K.MILESTONE_ADDED): (
        (_CLIENT, "I added the launch week at the end, as we talked it over on the phone."),
    ),
    (LOGO.title, _K.RELEASED): ((_TALENT, "Thank you! We draw out the second sketch as soon as it is funded."),),
    (MOBILE.title, _K.REQUEST_SENT): (
        (_TALENT, "I put what we need for testing into a change request. Tell me if any of it is unclear."),
    ),
    (FILM.title, _K.DISPUTE_OPENED): (
        (_CLIENT, "I am sorry that it came to this. The cut is good; it is the colours that we cannot show."),
        (_TALENT, "I know. Come by at six one day, and look at the hall with me?"),
    ),
    (WEBSITE.title, _K.BONUS_PAID): ((_TALENT, "That is very kind, thank you. The curators were a pleasure."),),
}


def on_event(sender: type[Event], event: Event, **kwargs: object) -> None:
    """The event was committed: people write about it, and have long read what is not recent."""
    said = SAID.get((event.contract.title, EventKind(event.kind)))
    if not said or settings.MODE == "production" or clock.behind() < LIVING:
        return
    if event.contract.events.filter(kind=event.kind, pk__lt=event.pk).exists():
        return
    contract, people = event.contract, {_CLIENT: event.contract.client, _TALENT: event.contract.talent}
    for side, text in said:
        post = post_message(contract=contract, by=leader(people[side]), key=uuid.uuid4(), text=text)
    if clock.behind() > RECENT:
        for party in people.values():
            mark_read(contract=contract, by=leader(party), upto=post.pk)
