"""The invoice that comes with each earning. Knows how numbers follow one another, and not why money moved.

Both functions belong inside the transaction that pays the talent, in this order of locks: contract, milestones,
series, accounts. So: `lock_series(contract.talent_id)` before `ledger.post`, then the earning's row, then
`issue(earning)`. A payment's purpose locks the series where it locks its contract. Nothing is numbered by the lock
alone, so it may be taken in vain; what rolls back gives its number back.
"""

from uuid import UUID

from django.db import connection

from contracts.models import Earning, Invoice, InvoiceSeries, Side
from marketplace import rows
from marketplace.models import Party
from marketplace.prepared import Given, Prepared

LOCK = """
INSERT INTO contracts_invoiceseries AS series (party_id, last) VALUES (%s, 0)
ON CONFLICT (party_id) DO UPDATE SET last = series.last
"""
_PARTIES = Prepared(lambda: Party.objects.select_related("tax_details").filter(pk__in=[Given("one"), Given("other")]))
NEXT = "UPDATE contracts_invoiceseries SET last = last + 1 WHERE party_id = %s RETURNING last"


def lock_series(talent_id: UUID) -> None:
    """Let nobody else issue an invoice of this talent until the transaction ends. Call it before the ledger posts."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [talent_id])


def issue(earning: Earning) -> Invoice:
    """Write the invoice for an earning, with the talent's next number and both sides as they stand.

    Call it once per earning, after `lock_series`; three statements. InvoiceSeries.DoesNotExist when it was not locked.
    """
    contract = earning.contract
    parties = {each.pk: each for each in _PARTIES.all(one=contract.talent_id, other=contract.client_id)}
    invoice = Invoice(
        earning=earning,
        issuer_id=contract.talent_id,
        number=_next_number(contract.talent_id),
        issued_by=Side.of(parties[contract.talent_id]).to_json(),
        issued_to=Side.of(parties[contract.client_id]).to_json(),
        contract_title=contract.title,
        item=earning.milestone.title if earning.milestone else earning.note,
        gross=earning.gross,
        fee=earning.fee,
        net=earning.net,
    )
    rows.insert(invoice)
    return invoice


def _next_number(talent_id: UUID) -> int:
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [talent_id])
        found = cursor.fetchone()
    if found is None:
        raise InvoiceSeries.DoesNotExist
    return found[0]
