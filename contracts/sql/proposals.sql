-- A proposed contract holds no money: what its client pays makes it active in the same transaction (B41).
ALTER VIEW contracts_mismatch RENAME TO contracts_mismatch_once_answered;
CREATE VIEW contracts_mismatch AS
SELECT contract, says FROM contracts_mismatch_once_answered
UNION ALL
SELECT contract.id, 'it is proposed and holds money'
FROM contracts_contract AS contract
JOIN escrow_account AS account ON account.scope = contract.id
WHERE contract.status = 'proposed' AND account.balance > 0;
