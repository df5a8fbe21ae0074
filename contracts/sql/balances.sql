-- What each account of a party's own held when a period began and when it ended, by the transfers themselves.
WITH own AS MATERIALIZED (
    SELECT id, kind, NULL::uuid AS contract, '' AS title, NULL::timestamptz AS created_at
    FROM escrow_account WHERE party_id = %(party)s
    UNION ALL
    SELECT account.id, account.kind, contract.id, contract.title, contract.created_at
    FROM contracts_contract AS contract
    JOIN escrow_account AS account ON account.scope = contract.id
    WHERE contract.client_id = %(party)s
)
SELECT kind, contract, title, opening, closing
FROM own
CROSS JOIN LATERAL (
    SELECT coalesce(sum(change) FILTER (WHERE at < %(starts)s), 0.00) AS opening, coalesce(sum(change), 0.00) AS closing
    FROM (
        SELECT journal_id, -amount AS change FROM escrow_transfer WHERE debit_id = own.id
        UNION ALL
        SELECT journal_id, amount FROM escrow_transfer WHERE credit_id = own.id
    ) AS side
    JOIN escrow_journal AS journal ON journal.id = side.journal_id AND journal.at < %(ends)s
) AS summed
ORDER BY kind, created_at, contract
