"""The rows that a payment's end touches, and the order in which everybody locks them.

First the purpose's own, then the charge of a refund, then the payment. Accounts come last; the ledger locks those.
"""

from uuid import UUID

from escrow import purposes
from escrow.models import Payment
from escrow.operations.starting import KNOWN
from escrow.purposes import Purpose


def hold(payment_id: UUID) -> tuple[Payment, Purpose]:
    """The payment, with all rows locked that settling it touches, in the order that everybody keeps to."""
    payment = KNOWN.get(key=payment_id)
    purpose = purposes.named(payment.purpose)
    purpose.lock(payment)
    rows = Payment.objects.select_for_update(no_key=True)
    if payment.refunds_id:
        rows.get(pk=payment.refunds_id)
    return rows.get(pk=payment_id), purpose
