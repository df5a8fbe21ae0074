"""The rows that a payment's end touches, and the order in which everybody locks them.

First the purpose's own, then the charge of a refund, then the payment. Accounts come last; the ledger locks those.
"""

from escrow import purposes
from escrow.models import Payment
from escrow.operations.starting import KNOWN
from escrow.purposes import Purpose


def hold(payment: Payment) -> tuple[Payment, Purpose]:
    """The payment as it is, with all rows locked that settling it touches, in the order that everybody keeps to.

    Which rows those are says the payment as it was read before: what it is for never changes.
    """
    purpose = purposes.named(payment.purpose)
    purpose.lock(payment)
    rows = KNOWN.select_for_update(no_key=True)
    if payment.refunds_id:
        rows.get(key=payment.refunds_id)
    return rows.get(key=payment.pk), purpose
