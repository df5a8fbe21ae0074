"""What keeps parties from being left to nobody: contracts that go on, money that lies there or is under way.

Each says where something can be done about it. Knows no person.
"""

from collections.abc import Iterator, Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.models import Bonus, Contract, Dispute
from contracts.reading.words import money
from contracts.states import ContractStatus
from escrow.models import Account, Kind, Payment
from escrow.models.payment import OPEN
from marketplace.models import Party
from marketplace.privacy.obstacles import Obstacle

SHOWN = 10  # contracts; whoever has more ends these first
GOES_ON = {
    ContractStatus.OFFERED: gettext_lazy("The offer {title} is still open."),
    ContractStatus.PROPOSED: gettext_lazy("The proposed contract {title} is still open."),
}
COMING = gettext_lazy("An offer to {party} is being paid at this moment. Wait until you see it, and decline it.")
RUNNING, DISPUTED = gettext_lazy("The contract {title} has not ended."), gettext_lazy("{title} is in a dispute.")
LIES = {
    Kind.PENDING: gettext_lazy("{party} has {amount} in its security hold. Withdraw it once that is over."),
    Kind.AVAILABLE: gettext_lazy("{party} has {amount} to withdraw."),
    Kind.CREDIT: gettext_lazy("{amount} is on its way back to {party}. Wait until it has arrived."),
    Kind.RECEIVABLE: gettext_lazy("{party} owes {amount} to Cairn. Write to us to settle it."),
}
UNDER_WAY = gettext_lazy("A payment of {amount} of {party} is under way. Wait until it is settled.")
BONUS = gettext_lazy("A bonus of {amount} for {party} is under way. Wait until it has arrived, then withdraw it.")


def obstacles_of(parties: Sequence[Party]) -> Iterator[Obstacle]:
    """All of them, contracts first."""
    for party in parties:
        yield from _contracts(party)
        yield from _money(party)
        yield from _payments(party)


def _contracts(party: Party) -> Iterator[Obstacle]:
    disputed = Dispute.objects.filter(contract=OuterRef("pk"), closed_at=None)
    open_ones = Contract.objects.of_party(party).filter(is_closed=False)
    if not party.is_client:
        open_ones = open_ones.filter(Q(sent_at__isnull=False) | Exists(_under_way().filter(scope=OuterRef("pk"))))
    for contract in open_ones.annotate(disputed=Exists(disputed)).order_by("-updated_at", "-pk")[:SHOWN]:
        if contract.sent_at is None and not party.is_client:
            yield Obstacle(COMING.format(party=party.name), reverse("contracts:jobs"), _("Open My Jobs"))
            continue
        text = DISPUTED if contract.disputed else GOES_ON.get(ContractStatus(contract.status), RUNNING)
        path = reverse("contracts:room", args=[contract.pk])
        yield Obstacle(text.format(title=f"“{contract.title}”"), path, _("Open the contract"))


def _money(party: Party) -> Iterator[Obstacle]:
    path, label = _books(party)
    for account in Account.objects.filter(party=party, kind__in=LIES).exclude(balance=0).order_by("pk"):
        said = {"party": party.name, "amount": money(abs(account.balance or 0))}
        yield Obstacle(LIES[Kind(account.kind)].format(**said), path, label)


def _payments(party: Party) -> Iterator[Obstacle]:
    path, label = _books(party)
    bonuses = Bonus.objects.filter(contract__talent=party).values("pk")
    for payment in _under_way().filter(Q(party=party) | Q(pk__in=bonuses)).order_by("created_at")[:SHOWN]:
        text = UNDER_WAY if payment.party_id == party.pk else BONUS
        yield Obstacle(text.format(party=party.name, amount=money(payment.amount)), path, label)


def _under_way() -> QuerySet[Payment]:
    return Payment.objects.filter(status__in=OPEN)


def _books(party: Party) -> tuple[str, str]:
    if party.is_client:
        return reverse("contracts:payments"), _("Open Payments")
    return reverse("contracts:balance"), _("Open Balance")
