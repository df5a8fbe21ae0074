"""What journals are for (I11): each transfer is one that docs/ledger.md lists, and stands on a row that explains it.

The ledger takes any balanced journal through its door, so this notices what the application's role posted by another
way than an operation. It reads all journals there are, and is asked once a day and by `check_ledger --full`.
"""

from escrow.invariants import register

# Cause, the account that pays, the accounts that are paid: the table of docs/ledger.md.
_LISTED = """
    ('fund', 'outside', 'escrow initiation_fee'),
    ('deposit', 'outside', 'credit'),
    ('release', 'escrow', 'pending fees'),
    ('release', 'initiation_fee', 'fees'),
    ('bonus', 'outside', 'pending fees'),
    ('maturing', 'pending', 'available'),
    ('withdrawal', 'available', 'outside'),
    ('payout_returned', 'outside', 'available'),
    ('refund', 'escrow', 'credit'),
    ('refund', 'initiation_fee', 'credit'),
    ('split', 'escrow', 'pending fees credit'),
    ('split', 'initiation_fee', 'fees credit'),
    ('expiry', 'escrow', 'credit'),
    ('expiry', 'initiation_fee', 'credit'),
    ('payback', 'credit', 'outside'),
    ('reversal', 'outside', 'credit'),
    ('reversal', 'pending', 'escrow'),
    ('reversal', 'available', 'escrow'),
    ('reversal', 'receivable', 'escrow'),
    ('reversal', 'fees', 'escrow initiation_fee'),
    ('chargeback', 'escrow', 'outside'),
    ('chargeback', 'initiation_fee', 'outside'),
    ('chargeback', 'credit', 'outside'),
    ('chargeback', 'pending', 'outside'),
    ('chargeback', 'available', 'outside'),
    ('chargeback', 'receivable', 'outside'),
    ('settlement', 'pending', 'receivable'),
    ('settlement', 'available', 'receivable'),
    ('settlement', 'credit', 'receivable')
"""

register(
    "I11-journals",
    "Every transfer is of a listed kind, between accounts of one contract's parties, and stands on what explains it.",
    f"""
    WITH listed (cause, debit, credits) AS (VALUES {_LISTED}),
    moved AS (
        SELECT journal.id AS journal, journal.key, journal.cause, journal.scope,
            out_of.kind AS debit, into_.kind AS credit,
            ARRAY[out_of.scope, into_.scope] AS scopes, ARRAY[out_of.party_id, into_.party_id] AS parties,
            split_part(journal.key, ':', 1) AS begins, substring(journal.key FROM '[^:]*$') AS names
        FROM escrow_transfer AS transfer
        JOIN escrow_journal AS journal ON journal.id = transfer.journal_id
        JOIN escrow_account AS out_of ON out_of.id = transfer.debit_id
        JOIN escrow_account AS into_ ON into_.id = transfer.credit_id
    )
    SELECT journal, key, debit, credit, 'is not listed' AS says FROM moved
    WHERE NOT EXISTS (
        SELECT FROM listed WHERE (listed.cause, listed.debit) = (moved.cause, moved.debit)
            AND moved.credit = ANY (string_to_array(credits, ' '))
    )
    UNION ALL
    SELECT journal, key, debit, credit, 'crosses the border for no payment' FROM moved
    WHERE 'outside' IN (debit, credit) AND NOT EXISTS (
        SELECT FROM escrow_payment AS payment WHERE payment.id::text = names
            AND begins IN (payment.direction, 'returned', 'chargeback')
    )
    UNION ALL
    SELECT journal, key, debit, credit, 'matures nothing earned' FROM moved
    WHERE cause = 'maturing' AND NOT EXISTS (
        SELECT FROM contracts_earning AS earning WHERE earning.id::text = names AND matured_at IS NOT NULL
    )
    UNION ALL
    SELECT journal, key, debit, credit, 'moves between strangers' FROM moved
    LEFT JOIN contracts_contract AS contract ON contract.id = moved.scope
    WHERE scopes[1] <> scopes[2] OR coalesce(scopes[1], scopes[2]) <> moved.scope OR parties[1] <> parties[2]
        OR coalesce(parties[1], parties[2]) NOT IN (contract.client_id, contract.talent_id)
    """,  # noqa: S608, no word of it is typed by anybody
    thorough=True,
)
