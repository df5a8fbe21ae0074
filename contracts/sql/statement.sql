-- What moved on a party's own accounts in a period: a row for each journal, in the order of their moments.
-- Own is what belongs to the party, and what is held for the contracts of a client. Money that a client's charge, or
-- its reversal, moves between the outside world and somebody else (a bonus) passes through: it comes in and goes out.
WITH own AS MATERIALIZED (
    SELECT id FROM escrow_account WHERE party_id = %(party)s
    UNION ALL
    SELECT account.id FROM contracts_contract AS contract
    JOIN escrow_account AS account ON account.scope = contract.id
    WHERE contract.client_id = %(party)s
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
    SELECT journal_id AS id FROM own JOIN escrow_transfer ON debit_id = own.id
    UNION
    SELECT journal_id FROM own JOIN escrow_transfer ON credit_id = own.id
    UNION
    SELECT id FROM paid
),
moved AS (
    SELECT transfer.journal_id, amount,
        debit_id IN (SELECT id FROM own) AS goes, credit_id IN (SELECT id FROM own) AS comes,
        transfer.journal_id IN (SELECT id FROM paid)
            AND 'outside' IN (debit.kind, credit.kind) AS passes
    FROM touched
    JOIN escrow_journal AS journal ON journal.id = touched.id AND journal.at >= %(starts)s AND journal.at < %(ends)s
    JOIN escrow_transfer AS transfer ON transfer.journal_id = journal.id
    JOIN escrow_account AS debit ON debit.id = transfer.debit_id
    JOIN escrow_account AS credit ON credit.id = transfer.credit_id
),
summed AS (
    SELECT journal_id,
        coalesce(sum(amount) FILTER (WHERE comes AND NOT goes OR passes AND NOT comes AND NOT goes), 0.00) AS came,
        coalesce(sum(amount) FILTER (WHERE goes AND NOT comes OR passes AND NOT comes AND NOT goes), 0.00) AS went,
        coalesce(sum(amount) FILTER (WHERE comes AND goes), 0.00) AS stayed
    FROM moved GROUP BY journal_id
)
SELECT journal.at, journal.cause, came, went, stayed, earning.kind, earning.gross, earning.fee,
    coalesce(earned_for.title, funded.title, ''), contract.id, coalesce(contract.title, ''), invoice.id, invoice.number
FROM summed
JOIN escrow_journal AS journal ON journal.id = summed.journal_id
LEFT JOIN contracts_earning AS earning ON earning.journal_id = journal.id
LEFT JOIN contracts_invoice AS invoice ON invoice.earning_id = earning.id
LEFT JOIN contracts_milestone AS earned_for ON earned_for.id = earning.milestone_id
LEFT JOIN contracts_funding AS funding
    ON funding.id = CASE WHEN journal.cause = 'fund' AND journal.key LIKE 'charge:%%' THEN substr(journal.key, 8)::uuid END
LEFT JOIN contracts_milestone AS funded ON funded.id = funding.milestone_id
LEFT JOIN escrow_journal AS original ON original.id = journal.reverses_id
LEFT JOIN contracts_earning AS undone ON undone.journal_id = original.id
LEFT JOIN contracts_contract AS contract ON contract.id = coalesce(earning.contract_id, undone.contract_id, journal.scope)
ORDER BY journal.at, journal.id
