"""What must always hold between payments and the books; registered with the others once the apps are ready."""

from escrow.invariants import register

register(
    "I11-payments",
    "A payment has its journal, of its own amount, exactly when money moved, and another when it came back.",
    """
    SELECT payment.id AS payment, direction, status, payment.amount, journal.id AS journal, back.id AS back
    FROM escrow_payment AS payment
    LEFT JOIN escrow_journal AS journal ON journal.key = direction || ':' || payment.id
    LEFT JOIN escrow_journal AS back ON back.key = 'returned:' || payment.id
    WHERE (journal.id IS NOT NULL) <> (direction <> 'charge' OR status IN ('confirmed', 'refunded'))
        OR (back.id IS NOT NULL) <> (direction <> 'charge' AND status IN ('failed', 'refunded'))
        OR journal.id IS NOT NULL AND payment.amount <> (
            SELECT coalesce(sum(transfer.amount), 0) FROM escrow_transfer AS transfer
            JOIN escrow_account AS account
                ON account.id = CASE direction WHEN 'charge' THEN transfer.debit_id ELSE transfer.credit_id END
            WHERE journal_id = journal.id AND kind = 'outside'
        )
    """,
)
