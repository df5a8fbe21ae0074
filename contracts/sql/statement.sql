-- What moved on a party's own accounts in a period: a row for each journal, in the order of their moments.
-- Own is what belongs to the party, and what is held for the contracts of a client. Money that a client's charge, or
-- its reversal, moves between the outside world and somebody else (a bonus) passes through: it comes in and goes out.
-- OFFSET 0 keeps the planner to the party's own rows, found by index, however large the ledger is.
WITH own AS MATERIALIZED (
    SELECT id FROM escrow_account WHERE party_id = %(party)s
    UNION ALL
    SELECT account.id FROM contracts_contract AS contract
    JOIN escrow_account AS account ON account.scope = contract.id
    WHERE contract.client_id = %(party)s
),
outside AS MATERIALIZED (
    SELECT id FROM escrow_account WHERE kind = 'outside' AND party_id IS NULL AND scope IS NULL
),
charged AS MATERIALIZED (
    SELECT journal.id FROM escrow_payment AS payment
    JOIN escrow_journal AS journal ON journal.key = 'charge:' || payment.id
    WHERE payment.party_id = %(party)s AND payment.direction = 'charge'
),
paid AS MATERIALIZED (
    SELECT id FROM charged
    UNION
    SELECT id FROM escrow_journal WHERE reverses_id IN (SELECT id FROM charged)
),
touched AS (
    SELECT journal_id AS id FROM own CROSS JOIN LATERAL (
        SELECT journal_id FROM escrow_transfer WHERE debit_id = own.id
        UNION ALL
        SELECT journal_id FROM escrow_transfer WHERE credit_id = own.id
        OFFSET 0
    ) AS side
    UNION
    SELECT id FROM paid
),
summed AS (
    SELECT journal.*,
        coalesce(sum(amount) FILTER (WHERE comes AND NOT goes OR passes AND NOT comes AND NOT goes), 0.00) AS came,
        coalesce(sum(amount) FILTER (WHERE goes AND NOT comes OR passes AND NOT comes AND NOT goes), 0.00) AS went,
        coalesce(sum(amount) FILTER (WHERE comes AND goes), 0.00) AS stayed
    FROM touched
    CROSS JOIN LATERAL (
        SELECT id, key, cause, scope, at, reverses_id FROM escrow_journal
        WHERE id = touched.id AND at >= %(starts)s AND at < %(ends)s OFFSET 0
    ) AS journal
    CROSS JOIN LATERAL (
        SELECT amount, debit_id IN (SELECT id FROM own) AS goes, credit_id IN (SELECT id FROM own) AS comes,
            journal_id IN (SELECT id FROM paid)
                AND (SELECT id FROM outside) IN (debit_id, credit_id) AS passes
        FROM escrow_transfer WHERE journal_id = touched.id OFFSET 0
    ) AS moved
    GROUP BY journal.id, journal.key, journal.cause, journal.scope, journal.at, journal.reverses_id
)
SELECT journal.at, journal.cause, came, went, stayed, earning.kind, earning.gross, earning.fee,
    coalesce(earned_for.title, funded.title, ''), contract.id, coalesce(contract.title, ''), invoice.id, invoice.number
FROM summed AS journal
LEFT JOIN contracts_earning AS earning ON earning.journal_id = journal.id
LEFT JOIN contracts_invoice AS invoice ON invoice.earning_id = earning.id
LEFT JOIN contracts_milestone AS earned_for ON earned_for.id = earning.milestone_id
LEFT JOIN contracts_funding AS funding
    ON funding.id = CASE WHEN journal.cause = 'fund' AND journal.key LIKE 'charge:%%' THEN substr(journal.key, 8)::uuid END
LEFT JOIN contracts_milestone AS funded ON funded.id = funding.milestone_id
LEFT JOIN contracts_earning AS undone ON undone.journal_id = journal.reverses_id
LEFT JOIN contracts_contract AS contract ON contract.id = coalesce(earning.contract_id, undone.contract_id, journal.scope)
ORDER BY journal.at, journal.id
