"""Letting earnings out of their security hold (B23). Nobody does this but the clock."""

from uuid import UUID

from django.db import transaction

from contracts.models import Contract, Earning
from contracts.operations._contract import is_due
from escrow import ledger
from escrow.ledger import Owned
from escrow.models import Cause, Kind
from escrow.purposes import whole
from marketplace import clock


@transaction.atomic
def mature(earning_id: UUID) -> bool:
    """The hold of an earning is over: what of it is still pending can be withdrawn. False when it is not due.

    A debt of the talent's may have taken some of what was pending; then less matures. What was reversed never does.
    """
    earning = Earning.objects.select_related("contract").get(pk=earning_id)
    Contract.objects.select_for_update(no_key=True).only("pk").get(pk=earning.contract_id)
    earning.refresh_from_db(fields=["matured_at", "reversal"])
    if earning.matured_at or earning.reversal_id or not is_due(earning.matures_at, clock.now()):
        return False
    talent = earning.contract.talent_id
    pending, available = ledger.accounts(Owned(Kind.PENDING, talent), Owned(Kind.AVAILABLE, talent))
    if amount := min(earning.net, ledger.balance(Kind.PENDING, talent)):
        ledger.post(
            key=f"maturing:{earning.pk}", cause=Cause.MATURING, scope=earning.contract_id,
            transfers=whole(pending, available, amount),
        )  # fmt: skip
    earning.matured_at = clock.now()
    earning.save(update_fields=["matured_at"])
    return True
