-- What staff asked for, and why, stays as it was asked; an act that is done or refused stays whole; none is deleted.
CREATE TRIGGER act_stays BEFORE UPDATE ON contracts_staffact
    FOR EACH ROW WHEN (
        OLD.done_at IS NOT NULL OR OLD.refused_at IS NOT NULL
        OR (OLD.id, OLD.kind, OLD.dispute_id, OLD.journal_id, OLD.payment_id, OLD.contract_id, OLD.user_id, OLD.to_talent,
            OLD.amount, OLD.effect, OLD.reason, OLD."limit", OLD.requested_by_id, OLD.requested_at)
        IS DISTINCT FROM
           (NEW.id, NEW.kind, NEW.dispute_id, NEW.journal_id, NEW.payment_id, NEW.contract_id, NEW.user_id, NEW.to_talent,
            NEW.amount, NEW.effect, NEW.reason, NEW."limit", NEW.requested_by_id, NEW.requested_at)
    ) EXECUTE FUNCTION contracts_money_frozen();
CREATE TRIGGER act_kept BEFORE DELETE OR TRUNCATE ON contracts_staffact
    FOR EACH STATEMENT EXECUTE FUNCTION contracts_money_frozen();

-- An act that moved money names the journal that it posted, of its own amount; and no release is reversed without one.
CREATE VIEW contracts_act_mismatch AS
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
WHERE act.id IS NULL OR earning.reversal_id IS DISTINCT FROM journal.id
UNION ALL
SELECT earning.id::text, 'is reversed by another journal'
FROM contracts_earning AS earning
JOIN escrow_journal AS journal ON journal.id = earning.reversal_id
WHERE journal.reverses_id IS DISTINCT FROM earning.journal_id;
