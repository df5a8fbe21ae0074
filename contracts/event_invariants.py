"""What was told of money is what moved (I11): events against earnings and the ledger, contract by contract.

An earning has its journal (I4, I7) and its invoice (I11-invoices), a charge its journal (I11-payments).
"""

from escrow.invariants import register

register(
    "I11",
    "For each contract, its events say that just as much was charged, paid and returned as the ledger moved.",
    """
    SELECT contract, sum(charged) AS charged, sum(paid) AS paid, sum(returned) AS returned
    FROM (
        SELECT contract_id AS contract,
            CASE WHEN kind <> 'funding_failed' THEN charged ELSE 0 END AS charged,
            CASE WHEN kind NOT IN ('split_offered', 'split_withdrawn') THEN paid ELSE 0 END AS paid,
            CASE WHEN kind NOT IN (
                'refund_requested', 'refund_countered', 'money_back_asked', 'money_back_withdrawn',
                'money_back_declined', 'money_back_over', 'split_offered', 'split_withdrawn', 'charged_back',
                'release_reversed'
            ) THEN returned ELSE 0 END AS returned
        FROM contracts_event WHERE num_nonnulls(charged, paid, returned) > 0
        UNION ALL
        SELECT contract_id, 0, -gross, 0 FROM contracts_earning
        UNION ALL
        SELECT payment.scope, -payment.amount, 0, 0
        FROM escrow_payment AS payment JOIN escrow_journal AS journal ON journal.key = 'charge:' || payment.id
        WHERE direction = 'charge' AND cause = 'fund'
            AND EXISTS (SELECT FROM contracts_contract AS contract WHERE contract.id = payment.scope)
        UNION ALL
        SELECT journal.scope, 0, 0, -amount
        FROM escrow_transfer AS transfer
        JOIN escrow_journal AS journal ON journal.id = transfer.journal_id
        JOIN escrow_account AS into_ ON into_.id = transfer.credit_id AND into_.kind = 'credit'
        JOIN contracts_contract AS contract ON contract.id = journal.scope
        WHERE cause IN ('refund', 'split') AND key NOT LIKE 'refund:reversal:%'
            OR cause = 'expiry' AND key = 'expiry:' || journal.scope
    ) AS told
    GROUP BY contract HAVING coalesce(sum(charged), 0) <> 0 OR coalesce(sum(paid), 0) <> 0
        OR coalesce(sum(returned), 0) <> 0
    """,
)
