-- For reading and checking: every transfer as its two sides, and what every account holds by its transfers.
CREATE OR REPLACE VIEW escrow_side AS
SELECT id AS transfer, journal_id AS journal, debit_id AS account, -amount AS change, debit_balance AS after
FROM escrow_transfer
UNION ALL
SELECT id, journal_id, credit_id, amount, credit_balance FROM escrow_transfer;

-- `stored` is null for a shared account; `total` is the sum of the account's sides; `held` is what a reader sees.
CREATE OR REPLACE VIEW escrow_holding AS
SELECT
    account.id AS account, kind, party_id AS party, scope, balance AS stored,
    coalesce(total, 0) AS total, coalesce(balance, total, 0) AS held
FROM escrow_account AS account
LEFT JOIN (SELECT account, sum(change) AS total FROM escrow_side GROUP BY account) AS summed
    ON summed.account = account.id;
