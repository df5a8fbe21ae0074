-- What each account of a party's own held when a period began and when it ended, by the transfers themselves.
SELECT account.kind, contract.id, coalesce(contract.title, ''),
    coalesce(sum(side.change) FILTER (WHERE journal.at < %(starts)s), 0.00), coalesce(sum(side.change), 0.00)
FROM escrow_account AS account
LEFT JOIN contracts_contract AS contract ON contract.id = account.scope
JOIN escrow_side AS side ON side.account = account.id
JOIN escrow_journal AS journal ON journal.id = side.journal AND journal.at < %(ends)s
WHERE account.id IN (
    SELECT id FROM escrow_account WHERE party_id = %(party)s
    UNION ALL
    SELECT held.id FROM contracts_contract AS own JOIN escrow_account AS held ON held.scope = own.id
    WHERE own.client_id = %(party)s
)
GROUP BY account.id, contract.id
ORDER BY account.kind, contract.created_at, contract.id
