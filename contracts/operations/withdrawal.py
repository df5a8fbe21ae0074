"""Withdrawing what a talent earned (B23). Knows no contract: what is available is the party's, wherever it is from."""

from decimal import Decimal
from uuid import UUID

from django.db import transaction

from contracts.operations._party import NotTheirMoney, lock_party
from escrow.models import Direction, Payment, PaymentMethod
from escrow.operations import payments
from escrow.operations.starting import start_payment
from escrow.purposes import WITHDRAWAL
from marketplace.models import Party, User


def withdraw(*, by: User, party: Party, key: UUID, amount: Decimal, method: PaymentMethod) -> Payment:
    """A talent sends some of what is available to one of its bank accounts, once for `key`, which is the payment's id.

    The amount leaves the balance before the bank is asked, so that nothing can be sent twice, and comes back if it
    fails. Raises NotAllowed and escrow's PaymentError.
    """
    return payments.ask(_begin(by=by, party=party, key=key, amount=amount, method=method).pk)


@transaction.atomic(durable=True)
def _begin(*, by: User, party: Party, key: UUID, amount: Decimal, method: PaymentMethod) -> Payment:
    party = lock_party(party.pk, by)
    if party.is_client:
        raise NotTheirMoney
    return start_payment(
        direction=Direction.PAYOUT, purpose=WITHDRAWAL.name, subject=key, party=party, amount=amount, method=method,
        key=key,
    )  # fmt: skip
