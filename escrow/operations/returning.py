"""Beginning a refund again that did not arrive. Asks no gateway; escrow/returns.py says which, and when.

Each try is a payment of its own, so that what was tried stays to be read.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from escrow import ledger
from escrow.models import Kind, Payment
from escrow.operations.refusals import NotEnough, NothingToRefund
from escrow.operations.starting import left_of, start_refund
from escrow.returns import stranded, takers

logger = logging.getLogger(__name__)


def begin_again(now: datetime) -> list[Payment]:
    """Begin each refund anew whose pause is over, out of its party's credit; one that cannot holds up no other."""
    begun = (_attempt(each.refund, now) for each in stranded() if each.next_try and each.next_try <= now)
    return [payment for payment in begun if payment]


def refund_again(refund_id: UUID) -> Payment:
    """Begin a refund anew that did not arrive, now, in the caller's transaction; after its commit it is asked for.

    Through the same charge, or another of its scope. NothingToRefund when its money does not lie in credit any more,
    a later try has been begun, or no charge can take it.
    """
    refund = Payment.objects.get(pk=refund_id)
    begun = _next_try(refund, lambda: bool(stranded(pk=refund.pk)))
    if begun is None:
        raise NothingToRefund
    return begun


def _attempt(refund: Payment, now: datetime) -> Payment | None:
    try:
        return _begin(refund, now)
    except NotEnough:
        logger.warning("The credit for refund %s was spent meanwhile.", refund.pk)
    except Exception:
        logger.exception("Refund %s could not be tried again.", refund.pk)
    return None


@transaction.atomic(durable=True)
def _begin(refund: Payment, now: datetime) -> Payment | None:
    """The next try; None when somebody else began it, or when nothing is left that could go back."""
    return _next_try(refund, lambda: _is_due(refund.pk, now))


def _next_try(refund: Payment, is_wanted: Callable[[], bool]) -> Payment | None:
    """Whether it is wanted is looked at once the charges are locked."""
    charges = takers(refund.refunds_id, refund.scope).order_by("pk").select_for_update(no_key=True)
    left = {charge: left_of(charge) for charge in charges}
    if not left or not is_wanted():
        return None
    charge = max(left, key=lambda each: (min(left[each], refund.amount), each.pk == refund.refunds_id))
    amount = min(refund.amount, left[charge], ledger.balance(Kind.CREDIT, refund.party_id))
    return start_refund(charge, amount, subject=refund.subject, purpose=refund.purpose) if amount > Decimal(0) else None


def _is_due(refund_id: UUID, now: datetime) -> bool:
    """Whoever began a next try held its charge until that was committed."""
    return any(each.next_try and each.next_try <= now for each in stranded(pk=refund_id))
