-- An act that moved money names the journal that it posted, of its own amount; and no release is reversed without one.
-- A bonus is earned by the journal of its charge: a bank that takes that charge back reverses it, and nobody of staff did.
CREATE OR REPLACE VIEW contracts_act_mismatch AS
SELECT act.id::text AS wrong, 'moved another amount than it says' AS says
FROM contracts_staffact AS act
WHERE act.posted_id IS NOT NULL AND act.amount <> (
    SELECT coalesce(sum(amount), 0) FROM escrow_transfer WHERE journal_id = act.posted_id
)
UNION ALL
SELECT journal.key, 'was reversed by nobody of staff'
FROM escrow_journal AS journal
JOIN contracts_earning AS earning ON earning.journal_id = journal.reverses_id
LEFT JOIN contracts_staffact AS act ON act.posted_id = journal.id
WHERE journal.cause <> 'chargeback' AND (act.id IS NULL OR earning.reversal_id IS DISTINCT FROM journal.id)
UNION ALL
SELECT earning.id::text, 'is reversed by another journal'
FROM contracts_earning AS earning
JOIN escrow_journal AS journal ON journal.id = earning.reversal_id
WHERE journal.reverses_id IS DISTINCT FROM earning.journal_id;
