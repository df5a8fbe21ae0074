"""Talent with money to withdraw, for tests of what happens after a release. Knows no contract."""

import uuid
from decimal import Decimal

from contracts.operations.withdrawal import withdraw
from escrow.models import Payment, PaymentMethod
from escrow.operations.methods import add_method
from escrow.operations.refusals import PaymentError
from escrow.tests.paying import BANK, earned
from marketplace.models import MemberRole, Party, PartyKind, User
from tests.factories import PartyFactory, joined


def talent(available: str = "100.00", kind: PartyKind = PartyKind.FREELANCER) -> tuple[Party, User]:
    """A freelancer or an agency with so much available, and who decides about it."""
    party = PartyFactory.create(kind=kind)
    if Decimal(available):
        earned(Decimal(available), party)
    return party, joined(party, MemberRole.MANAGER if kind == PartyKind.AGENCY else MemberRole.OWNER)


def bank(party: Party, number: str = BANK) -> PaymentMethod:
    return add_method(party=party, entry=number)


def withdrawing(
    party: Party, by: User, amount: str, *, method: PaymentMethod | None = None, key: uuid.UUID | None = None
) -> Payment | PaymentError:
    """The payment, or how it was refused."""
    try:
        return withdraw(
            by=by, party=party, key=key or uuid.uuid4(), amount=Decimal(amount), method=method or bank(party)
        )
    except PaymentError as refusal:
        return refusal
