"""What the pages of funding, ending, settling and feedback cost: as many queries for one milestone as for 200."""

import uuid
from decimal import Decimal

import pytest

from contracts.operations.settlement import end_as_client
from contracts.states import MilestoneStatus
from contracts.tests.visiting import at, signed_in
from tests.factories import Agreed, agreed, card, end, fund

S = MilestoneStatus
SIZES = (1, 199)
pytestmark = pytest.mark.django_db


def visit(world: Agreed, page: str) -> tuple:
    return signed_in(world.client), at(world.contract, page)


@pytest.fixture
def costs(django_assert_num_queries):
    def costs(world: Agreed, page: str, queries: int) -> None:
        """Session, user, parties and contract are four of them, the money is one."""
        browser, address = visit(world, page)
        with django_assert_num_queries(queries):
            assert browser.get(address).status_code == 200

    return costs


@pytest.mark.parametrize("size", SIZES)
def test_funding(size, costs):
    world = agreed(size)
    first = world.contract.milestones.filter(status=S.FUTURE).first()
    costs(world, f"milestones/{first.pk}/funding/", 12)


def test_a_payment(costs):
    world = agreed(1)
    payment = fund(world.contract.milestones.get(position=2), card(world.contract.client))
    costs(world, f"payments/{payment.pk}/", 8)  # and whether its money is held, by two: its journal and what is left


@pytest.mark.parametrize("size", SIZES)
def test_ending(size, costs):
    costs(agreed(size, current=S.ACTIVE), "end/", 8)


@pytest.mark.parametrize("size", SIZES)
def test_a_refund_request(size, costs):
    world = agreed(size, current=S.ACTIVE)
    end_as_client(
        contract=world.contract, by=world.client, key=uuid.uuid4(), pay=Decimal("0.00"), held=Decimal("100.00"),
        reason="Why",
    )  # fmt: skip
    costs(world, "refund/", 7)  # and whether it was disputed before


@pytest.mark.parametrize("size", SIZES)
def test_a_dispute(size, costs):
    costs(agreed(size, current=S.SUBMITTED), "dispute/", 11)


@pytest.mark.parametrize("size", SIZES)
def test_feedback(size, costs):
    world = agreed(size)
    end(world.contract)
    costs(world, "feedback/", 5)
