"""What people of a pair, a client and a talent, may wish for next, and the form that they fill in for it.

Each wish has an effect of its own in the books: its amount, or its contract, is nobody else's. Reads the database past
everything that breaks; what it reads may be old by the time that the form is posted, and is refused then.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from contracts.models import Contract, Milestone
from contracts.reading.review import OTHER
from contracts.states import FUNDED, MilestoneStatus
from contracts.tests import dealing
from contracts.tests.dealing import Deal
from escrow import ledger
from escrow.models import Kind
from escrow.tests import paying
from proof.browser import Fields, typed, with_field
from proof.earning import anew, earned
from proof.wish import Wish, amount, typing
from proof.wishes_about_plans import about_plans
from proof.wishes_in_dispute import in_dispute, in_settlement, money_back, quarrel
from tests.factories import card

CARDS = {
    paying.WORKS: "", paying.DECLINES: "the gateway declines", paying.TWICE: "the gateway answers twice",
    paying.TIMES_OUT: "the gateway charges and does not answer", paying.UNREACHABLE: "the gateway cannot be reached",
}  # fmt: skip
EARNED = "5000.00"
SELDOM = 0.3


@dataclass
class Pair:
    """Two parties, the contract that they are at, and the lock of whoever acts for them now."""

    deal: Deal
    cards: dict[int, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


def pair(*agreed: str) -> Pair:
    """Two people: the client with a card of each kind, the talent with something to withdraw.

    They have nothing together any more, or a contract with milestones of these amounts.
    """
    before = earned(EARNED)
    deal = dealing.another(before, *agreed) if agreed else anew(before)
    return Pair(deal, {deal.card.pk: paying.WORKS} | {card(deal.client, number).pk: number for number in CARDS})


def next_wish(pair: Pair, chance: Random) -> Wish | None:
    """One of the things that make sense now; None when there is nothing to do but wait."""
    contract = Contract.objects.filter(client=pair.deal.client, is_closed=False).first()
    found = list(_wishes(pair, contract, chance))
    return chance.choice(found) if found else None


def _wishes(pair: Pair, contract: Contract | None, chance: Random) -> Iterator[Wish]:
    if contract is None:
        yield _offer(pair, chance)
    elif contract.status == "offered":
        yield from _answers(contract)
    elif contract.status == "settling":
        yield from in_dispute(contract, chance) or in_settlement(contract, chance)
    elif contract.status == "active":
        yield from in_dispute(contract, chance) or _active(pair, contract, chance)
    if ledger.balance(Kind.AVAILABLE, pair.deal.talent.pk) > 200 and chance.random() < 0.3:
        taken = amount(chance)
        yield Wish(f"withdrawal {taken}", False, "/balance/withdrawal/", typing("amount", amount=taken))


def _offer(pair: Pair, chance: Random) -> Wish:
    method, fault = _method(pair, chance)
    amounts = [amount(chance) for _each in range(chance.randint(1, 3))]

    def fill(forms: list[Fields]) -> Fields:
        form = with_field(forms, "offer_key")
        first = dict(form)["key"]
        rows = [("key", f"00000000-0000-4000-8000-{int(each * 100):012}") for each in amounts[1:]]
        keys = [first, *(key for _name, key in rows)]
        texts = {f"amount-{key}": str(each) for key, each in zip(keys, amounts, strict=True)}
        texts |= {f"title-{key}": f"Step {place}" for place, key in enumerate(keys, start=1)}
        return [*typed(form, title=f"Works {amounts[0]}", method=method, **texts), *rows]

    return Wish(f"offer {amounts[0]}", True, f"/offers/new/?talent={pair.deal.talent.pk}", fill, fault)


def _answers(contract: Contract) -> Iterator[Wish]:
    at = f"/contracts/{contract.pk}/"
    if contract.answer_by:
        for _likelier in range(4):
            yield Wish(f"accept {contract.pk}", False, f"{at}answer/", typing("version"))
        yield Wish(f"decline {contract.pk}", False, f"{at}answer/", typing("reason", decline="1"))
    yield Wish(f"withdraw {contract.pk}", True, f"{at}withdrawal/", typing("csrfmiddlewaretoken"))


def _active(pair: Pair, contract: Contract, chance: Random) -> Iterator[Wish]:
    yield from _work(pair, contract, chance)
    if chance.random() < SELDOM:
        yield from about_plans(contract)
    if chance.random() < SELDOM:
        yield from money_back(contract)


def _work(pair: Pair, contract: Contract, chance: Random) -> Iterator[Wish]:
    at, current = f"/contracts/{contract.pk}/", contract.milestones.filter(status__in=FUNDED).first()
    if current:
        yield from _on(current, at, chance)
    elif ahead := contract.milestones.filter(status=MilestoneStatus.FUTURE).order_by("position").first():
        for _likelier in range(3):
            method, fault = _method(pair, chance)
            path = f"{at}milestones/{ahead.pk}/funding/"
            yield Wish(f"fund {ahead.pk}", True, path, typing("charge", **_if_asked(method)), fault)
    else:
        yield Wish(f"end {contract.pk}", True, f"{at}end/", typing("held", choice="all"))
    paid, (method, fault) = amount(chance), _method(pair, chance)
    yield Wish(f"bonus {paid}", True, f"{at}bonus/", typing("note", amount=paid, method=method), fault)


def _on(current: Milestone, at: str, chance: Random) -> Iterator[Wish]:
    path, of_it = f"{at}milestones/{current.pk}/", Decimal(chance.choice(["1", "1", "0.6"]))
    part = (current.amount * of_it).quantize(Decimal("0.01"))
    if current.status != MilestoneStatus.SUBMITTED:
        words = f"Here is {current.pk}"
        yield Wish(f"submit {words}", False, f"{path}submission/", typing("message", message=words))
    yield Wish(f"release {current.pk}", True, f"{path}review/", typing("pick", pick=OTHER, amount=part))
    if chance.random() < 0.1:
        yield Wish(f"end {current.contract_id}", False, f"{at}end/", typing("held", reason="I stop."))
    if chance.random() < SELDOM:
        yield from quarrel(current, at, chance)


def _method(pair: Pair, chance: Random) -> tuple[int, str]:
    """One of the client's cards, oftener one that works than not; and what the gateway does with it."""
    key = chance.choice([*pair.cards, *[pair.deal.card.pk] * 4])
    return key, CARDS[pair.cards[key]]


def _if_asked(method: int) -> dict[str, object]:
    return {"method": method}
