"""My Jobs: a party's contracts, newest activity first, a page at a time. Knows no request and no markup.

Two queries, whatever the page holds, and one more for offers that their talent was not sent as they are. It goes on
after the last contract shown, so that no page costs more than the first, and counts nothing that it does not show.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, Sum

from contracts.models import Contract, Milestone
from contracts.policy import role_of
from contracts.reading.cursors import Place
from contracts.reading.next_step import Step, next_step
from contracts.reading.sent import as_sent
from contracts.reading.standing import Standing, Tally
from contracts.states import MilestoneStatus
from marketplace.models import Party, User

PAGE_SIZE = 20


@dataclass(frozen=True)
class ListedContract:
    """One contract as its party sees it in the list."""

    contract: Contract
    standing: Standing

    @property
    def other(self) -> Party:
        return self.contract.talent if role_of(self.contract).is_client_side else self.contract.client

    @property
    def step(self) -> Step:
        return next_step(self.contract, self.standing)


@dataclass(frozen=True)
class JobsPage:
    """Some contracts, and the place after which there are more, if there are."""

    contracts: tuple[ListedContract, ...] = ()
    after: Place | None = None


def jobs_page(
    *, user: User, party: Party, is_closed: bool = False, search: str = "", after: Place | None = None
) -> JobsPage:
    """The contracts of `party` that `user` may see and that `search` finds by title or other party's name."""
    other = "talent" if party.is_client else "client"
    contracts = Contract.objects.visible_to(user).with_money().of_party(party).filter(is_closed=is_closed)
    if search:
        contracts = contracts.filter(Q(title__icontains=search) | Q(**{f"{other}__name__icontains": search}))
    if after:
        contracts = contracts.filter(updated_at__lte=after.at).exclude(updated_at=after.at, id__gte=after.id)
    found = list(contracts.select_related("client", "talent").order_by("-updated_at", "-id")[: PAGE_SIZE + 1])
    shown, standings = found[:PAGE_SIZE], standings_of(found[:PAGE_SIZE])
    return JobsPage(
        tuple(ListedContract(contract, standings[contract.pk]) for contract in shown),
        Place(shown[-1].updated_at, shown[-1].pk) if len(found) > PAGE_SIZE else None,
    )


def standings_of(contracts: Iterable[Contract]) -> dict[UUID, Standing]:
    """How each of these contracts, loaded with `visible_to` and money, stands: one query for all of them."""
    contracts = tuple(contracts)
    tallies: dict[UUID, list[Tally]] = {contract.pk: [] for contract in contracts}
    rows = (
        Milestone.objects.filter(contract__in=tallies)
        .order_by()
        .values_list("contract_id", "status")
        .annotate(Count("id"), Sum("amount"))
    )
    for key, *tally in rows:
        tallies[key].append(Tally(*tally))
    for key, revision in as_sent(contracts).items():
        tallies[key] = [Tally(MilestoneStatus.FUTURE, len(revision.plan), revision.plan.total)]
    return {contract.pk: Standing.of(contract, tallies[contract.pk]) for contract in contracts}
