"""Beginning a charge for a contract: its order and its payment, committed before any gateway is asked."""

from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from contracts.models import Bonus, Contract, Funding
from contracts.refusals import NoMethod, WrongState
from escrow.models import OPEN, Direction, Payment, PaymentMethod
from escrow.operations.refusals import AlreadyOpen
from escrow.operations.starting import start_payment
from marketplace import rows


class PaymentUnderWay(WrongState):
    """One charge at a time: what it will come to has to be known first."""

    text = _("A payment for this contract is under way. Wait until it is settled, or finish it on its page.")


def begin_charge(
    contract: Contract, purpose: str, order: Funding | Bonus, *, key: UUID, amount: Decimal,
    method: PaymentMethod | None, has_scope: bool = True,
) -> Payment:  # fmt: skip
    """Write down what is charged and begin the payment, both under `key`; the caller asks for it after the commit."""
    if method is None:
        raise NoMethod
    try:
        payment = start_payment(
            direction=Direction.CHARGE, purpose=purpose, subject=contract.pk, party=contract.client, amount=amount,
            method=method, scope=contract.pk if has_scope else None, key=key,
        )  # fmt: skip
    except AlreadyOpen:
        raise PaymentUnderWay from None
    order.pk = payment.pk
    rows.insert(order)
    return payment


def open_payments(contract: Contract) -> QuerySet[Payment]:
    """The charge under way that would change what is held, if there is one."""
    return Payment.objects.filter(scope=contract.pk, direction=Direction.CHARGE, status__in=OPEN)
