"""What two people wish for who do not agree: money back, an end, a dispute, a split, and each answer (B24, B44).

Reads the database past everything that breaks, as the other wishes do.
"""

from collections.abc import Iterator
from decimal import Decimal
from random import Random

from contracts.models import Contract, Dispute, Milestone, RefundRequest
from contracts.states import REFUND_OPEN, MilestoneStatus, RefundStatus
from proof.browser import Fields, typed, with_field
from proof.wish import Wish, deciding, typing, words


def quarrel(current: Milestone, at: str, chance: Random) -> Iterator[Wish]:
    """The client ends the contract and pays nothing, or a cent; or disputes what was submitted."""
    why = words("We stop")
    choice = {"choice": "none"} if chance.random() < 0.5 else {"choice": "part", "amount": "0.01"}
    yield Wish(f"end, asking: {why}", True, f"{at}end/", typing("held", reason=why, **choice))
    if current.status == MilestoneStatus.SUBMITTED:
        yield _dispute(at, by_client=True)


def money_back(contract: Contract) -> Iterator[Wish]:
    """On a contract that goes on: the client asks for what is held, and one of the two answers."""
    path = f"/contracts/{contract.pk}/money-back/"
    if asked := RefundRequest.objects.filter(contract=contract, ends=False, status__in=REFUND_OPEN).first():
        yield Wish(f"give back {asked.pk}", False, path, deciding("agree"))
        yield Wish(f"keep {asked.pk}", False, path, deciding("decline", answer="It is what we agreed on."))
        yield Wish(f"ask no longer {asked.pk}", True, path, deciding("withdraw"))
    elif Contract.objects.with_money().get(pk=contract.pk).held:
        why = words("It became less")
        yield Wish(f"ask back: {why}", True, path, typing("held", choice="all", amount="0.01", reason=why))


def in_settlement(contract: Contract, chance: Random) -> list[Wish]:
    """The client asked for the rest: the talent approves, counters or disputes, then the client accepts or disputes."""
    at = f"/contracts/{contract.pk}/"
    asked = RefundRequest.objects.filter(contract=contract, ends=True, status__in=REFUND_OPEN).first()
    if asked is None:
        return []
    if asked.status == RefundStatus.COUNTERED:
        return [
            Wish(f"accept counter {contract.pk}", True, f"{at}refund/", deciding("accept")),
            _dispute(at, by_client=True),
        ]
    part = (asked.amount * chance.randint(0, 99) / 100).quantize(Decimal("0.01"))
    answer = deciding("counter", amount=part, answer="Some of it is done.")
    return [
        Wish(f"approve {contract.pk}", False, f"{at}refund/", deciding("approve")),
        Wish(f"counter {contract.pk}", False, f"{at}refund/", answer),
        _dispute(at, by_client=False),
    ]


def in_dispute(contract: Contract, chance: Random) -> list[Wish]:
    """Either side offers a split, or accepts the other's; who opened it withdraws it. Nothing where none is open."""
    dispute = Dispute.objects.filter(contract=contract, closed_at=None).first()
    if dispute is None:
        return []
    at, said = f"/contracts/{contract.pk}/dispute/", words("Let us say")
    found = [Wish(f"split: {said}", chance.random() < 0.5, at, _split(said, chance))]
    for offer in dispute.splits.filter(status="open"):
        found += [Wish(f"settle {dispute.pk}", not offer.from_client, at, deciding("accept"))] * 2
    if chance.random() < 0.2:
        found.append(Wish(f"undispute {dispute.pk}", dispute.from_client, at, deciding("withdraw")))
    return found


def _dispute(at: str, *, by_client: bool) -> Wish:
    why = words("We disagree")
    return Wish(f"dispute: {why}", by_client, f"{at}dispute/", typing("reason", reason=why))


def _split(said: str, chance: Random) -> object:
    """Some part of what the page says is at stake."""
    part = chance.randint(0, 100)

    def fill(forms: list[Fields]) -> Fields:
        form = with_field(forms, "at_stake")
        share = (Decimal(dict(form)["at_stake"]) * part / 100).quantize(Decimal("0.01"))
        return typed(form, amount=str(share), note=said)

    return fill
