-- Where reversals gave an account more than their original took from it (I12). No row may ever be here.
-- What comes back may come from anywhere, a receivable for instance, but goes only where it was taken from.
CREATE OR REPLACE VIEW escrow_excess_reversal AS
SELECT reversal.reverses_id AS original, back.credit_id AS account, sum(back.amount) AS returned
FROM escrow_journal AS reversal
JOIN escrow_transfer AS back ON back.journal_id = reversal.id
WHERE reversal.reverses_id IS NOT NULL
GROUP BY reversal.reverses_id, back.credit_id
HAVING sum(back.amount) > (
    SELECT coalesce(sum(taken.amount), 0) FROM escrow_transfer AS taken
    WHERE taken.journal_id = reversal.reverses_id AND taken.debit_id = back.credit_id
);

-- At COMMIT a journal has transfers, and a reversal keeps within its original.
CREATE OR REPLACE FUNCTION escrow_close() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM escrow_transfer WHERE journal_id = NEW.id) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', CONSTRAINT = 'journal_has_transfers',
            MESSAGE = format('Journal %s has no transfer.', NEW.key);
    END IF;
    IF NEW.reverses_id IS NOT NULL THEN
        PERFORM FROM escrow_journal WHERE id = NEW.reverses_id FOR NO KEY UPDATE;
        IF EXISTS (SELECT FROM escrow_excess_reversal WHERE original = NEW.reverses_id)
            OR EXISTS (SELECT FROM escrow_journal WHERE id = NEW.reverses_id AND reverses_id IS NOT NULL)
        THEN
            RAISE EXCEPTION USING
                ERRCODE = 'check_violation', CONSTRAINT = 'journal_reverses_within',
                MESSAGE = format('Journal %s gives back more than was taken, or reverses a reversal.', NEW.key);
        END IF;
    END IF;
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS journal_closed ON escrow_journal;
CREATE CONSTRAINT TRIGGER journal_closed AFTER INSERT ON escrow_journal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION escrow_close();
