"""A contract lived through everything that moves money, for tests of statements and invoices. Knows no page."""

import uuid
from datetime import timedelta
from decimal import Decimal

from contracts.models import Contract, Earning, Milestone
from contracts.operations.bonus import pay_bonus
from contracts.operations.maturing import mature
from contracts.operations.release import release
from contracts.operations.settlement import approve_refund, end_as_client
from contracts.operations.withdrawal import withdraw
from escrow.models import Payment
from marketplace.clock import advance
from tests.factories import Agreed, accept, bank, card, fund, leader, offered, submit


def lived(*, agency: bool = False) -> Agreed:
    """Two releases, the first of them in part; a bonus; one earning matured, some of it withdrawn; an agreed refund.

    Milestones of 100, 101 and 102 dollars, 10 % service fee, 4.95 initiation fee. See CLIENT and TALENT.
    """
    world = offered(3, agency=agency)
    contract = world.contract
    accept(contract)
    first, second, third = contract.milestones.order_by("position")
    submit(first)
    release_part(contract, "60.00", first)
    fund(second)
    release_part(contract, "101.00", second)
    bonus(contract)
    advance(timedelta(days=5))
    mature(Earning.objects.get(milestone=first).pk)
    take_out(contract, "20.00")
    fund(third)
    finish(contract)
    return world


# What the two statements say of it: in, out, only moved.
CLIENT = [
    ("104.95", "0.00", "0.00"),  # deposit and initiation fee
    ("0.00", "64.95", "0.00"),  # released in part, and the initiation fee
    ("61.00", "0.00", "0.00"),  # charge beside the leftover
    ("0.00", "101.00", "0.00"),
    ("50.00", "50.00", "0.00"),  # bonus
    ("102.00", "0.00", "0.00"),
    ("0.00", "30.00", "0.00"),  # paid at the end
    ("0.00", "0.00", "72.00"),  # agreed to return
    ("0.00", "72.00", "0.00"),  # back to the card
]
TALENT = [
    ("54.00", "0.00", "0.00"),
    ("90.90", "0.00", "0.00"),
    ("45.00", "0.00", "0.00"),
    ("0.00", "0.00", "54.00"),  # matured
    ("0.00", "20.00", "0.00"),
    ("27.00", "0.00", "0.00"),
]


def release_part(contract: Contract, amount: str, milestone: Milestone) -> Earning:
    return release(contract=contract, by=leader(contract.client), milestone=milestone, amount=Decimal(amount))


def bonus(contract: Contract, amount: str = "50.00", note: str = "For the early delivery") -> Payment:
    return pay_bonus(
        contract=contract, by=leader(contract.client), key=uuid.uuid4(), amount=Decimal(amount), note=note,
        method=card(contract.client),
    )  # fmt: skip


def take_out(contract: Contract, amount: str) -> Payment:
    talent = contract.talent
    return withdraw(
        by=leader(talent), party=talent, key=uuid.uuid4(), amount=Decimal(amount), method=bank(talent)
    )  # fmt: skip


def finish(contract: Contract) -> None:
    """The client pays 30 of 102 dollars at the end, and the talent agrees to return the rest."""
    request = end_as_client(
        contract=contract, by=leader(contract.client), key=uuid.uuid4(), pay=Decimal("30.00"),
        held=Contract.objects.with_money().get(pk=contract.pk).held, reason="We stop here.",
    )  # fmt: skip
    assert request
    approve_refund(contract=contract, by=leader(contract.talent), request=request)
