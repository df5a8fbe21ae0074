"""A party's payment methods: who may add, choose and remove them. Keeping them is escrow's; a number stays nowhere."""

from contracts.operations._party import require_money
from escrow.models import MethodKind, PaymentMethod
from escrow.operations import methods
from marketplace.models import Party, User


def kind_for(party: Party) -> MethodKind:
    """What a party needs: a client pays with cards, a talent is paid out to bank accounts."""
    return MethodKind.CARD if party.is_client else MethodKind.BANK


def add_method(*, by: User, party: Party, entry: str) -> PaymentMethod:
    """Keep a card of a client's or a bank account of a talent's. Raises NotAllowed and escrow's PaymentError."""
    require_money(party, by)
    return methods.add_method(party=party, entry=entry, kind=kind_for(party))


def make_default(*, by: User, method: PaymentMethod) -> PaymentMethod:
    """Choose what is taken unless another is chosen. Raises NotAllowed and escrow's PaymentError."""
    require_money(method.party, by)
    return methods.make_default(method=method)


def remove_method(*, by: User, method: PaymentMethod) -> None:
    """Let go of a payment method that no open payment uses. Raises NotAllowed and escrow's PaymentError."""
    require_money(method.party, by)
    methods.remove_method(method=method)
