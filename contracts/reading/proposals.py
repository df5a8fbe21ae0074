"""Whom a talent can propose a contract to, and under which job (B41). Knows no request."""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from contracts.models import Contract, Event
from contracts.policy import CLOSED_PROPOSAL
from contracts.reading.cursors import read_key
from contracts.reading.talents import PartiesPage, page_of, somebody
from contracts.states import ContractStatus
from marketplace.models import Job, Membership, Party, User


def clients_page(*, user: User, talent: Party, search: str = "", after: UUID | None = None) -> PartiesPage:
    """The clients that `talent` has worked for and that `search` finds by name, those after `after`.

    Each says whether a proposal `waits` there for an answer.
    """
    waiting = Contract.objects.filter(client=OuterRef("pk"), talent=talent, status=ContractStatus.PROPOSED)
    return page_of(clients_of(user, talent).annotate(waits=Exists(waiting)), search=search, after=after)


def clients_of(user: User, talent: Party) -> QuerySet[Party]:
    """The clients with whom a contract of `talent` once started; nobody is on both sides of one (S12)."""
    past = Contract.objects.visible_to(user).filter(client=OuterRef("pk"), talent=talent).started()
    both = Membership.objects.filter(party=OuterRef("pk"), user__memberships__party=talent)
    return Party.objects.filter(Exists(past), Exists(somebody()), ~Exists(both)).order_by("name", "pk")


def client_named(user: User, talent: Party, text: str) -> Party | None:
    """The client with this id, as an address has it, if the talent has worked for it."""
    key = read_key(text)
    return clients_of(user, talent).filter(pk=key).first() if key else None


def open_proposal(client: Party, talent: Party) -> Contract | None:
    """The one that waits for the client's answer."""
    return Contract.objects.between(client, talent).filter(status=ContractStatus.PROPOSED).first()


def jobs_between(user: User, client: Party, talent: Party) -> QuerySet[Job]:
    """The jobs under which the two have worked together, the newest first."""
    past = Contract.objects.visible_to(user).between(client, talent).started().filter(job=OuterRef("pk"))
    return Job.objects.filter(Exists(past)).order_by("-created_at", "-pk")


def jobs_of(client: Party) -> QuerySet[Job]:
    """The client's jobs, the newest first, without those that a talent named and the client never took up."""
    contracts = Contract.objects.filter(job=OuterRef("pk"))
    closed = Event.objects.filter(contract=OuterRef("pk"), kind__in=CLOSED_PROPOSAL)
    taken_up = contracts.exclude(status=ContractStatus.PROPOSED).filter(~Exists(closed))
    return client.jobs.filter(~Exists(contracts) | Exists(taken_up)).order_by("-created_at", "-pk")
