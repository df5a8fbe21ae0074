"""The freelancers and agencies that a client can make an offer to, by name, a page at a time. Knows no request.

One query for a page, and one more for the place after which it goes on.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from contracts.models import Contract
from contracts.reading.cursors import read_key
from marketplace.models import Membership, Party, PartyKind

PAGE_SIZE = 20
TALENT = (PartyKind.FREELANCER, PartyKind.AGENCY)


@dataclass(frozen=True)
class PartiesPage:
    """Some parties, and the id of the last one when there are more."""

    parties: tuple[Party, ...] = ()
    after: UUID | None = None


def talents_page(*, client: Party, search: str = "", after: UUID | None = None) -> PartiesPage:
    """The talents that `client` can make an offer to and that `search` finds by name, those after `after`.

    Each says whether the two `worked` together.
    """
    return page_of(_open_to(client), search=search, after=after)


def page_of(parties: QuerySet[Party], *, search: str, after: UUID | None) -> PartiesPage:
    """Those of `parties`, in the order of their names, that `search` finds, after the one with the id `after`."""
    if search:
        parties = parties.filter(name__icontains=search)
    if after and (last := Party.objects.filter(pk=after).first()):
        parties = parties.filter(Q(name__gt=last.name) | Q(name=last.name, pk__gt=last.pk))
    found = list(parties[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    return PartiesPage(tuple(shown), shown[-1].pk if len(found) > PAGE_SIZE else None)


def talent_named(text: str) -> Party | None:
    """The freelancer or agency with this id, as an address has it; None for anything else."""
    key = read_key(text)
    return Party.objects.filter(kind__in=TALENT, pk=key).first() if key else None


def somebody() -> QuerySet[Membership]:
    """Whoever acts for a party; nobody does any more once its last person closed their account."""
    return Membership.objects.filter(party=OuterRef("pk"))


def _open_to(client: Party) -> QuerySet[Party]:
    """Nobody is on both sides of a contract (S12)."""
    theirs = Membership.objects.filter(party=OuterRef("pk"), user__memberships__party=client)
    together = Contract.objects.filter(client=client, talent=OuterRef("pk"), started_at__isnull=False)
    talents = Party.objects.filter(Exists(somebody()), ~Exists(theirs), kind__in=TALENT)
    return talents.annotate(worked=Exists(together)).order_by("name", "pk")
