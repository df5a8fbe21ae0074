-- A transfer moves the balances of its two accounts and writes down what they are then. Nothing else moves them.
CREATE OR REPLACE FUNCTION escrow_shift(account bigint, change numeric) RETURNS numeric
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    after numeric;
BEGIN
    UPDATE escrow_account SET balance = balance + change WHERE id = account AND balance IS NOT NULL
        RETURNING balance INTO after;
    -- A shared account is only looked at: its row is never written nor locked.
    IF NOT FOUND AND NOT EXISTS (SELECT FROM escrow_account WHERE id = account) THEN
        RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation', MESSAGE = format('There is no account %s.', account);
    END IF;
    RETURN after;
END $$;

CREATE OR REPLACE FUNCTION escrow_move() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM escrow_journal
        WHERE id = NEW.journal_id AND transaction = pg_current_xact_id()::text::bigint
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'CL002',
            MESSAGE = format('Journal %s is closed: transfers join only in the transaction that began it.', NEW.journal_id);
    END IF;
    NEW.debit_balance := escrow_shift(NEW.debit_id, -NEW.amount);
    NEW.credit_balance := escrow_shift(NEW.credit_id, NEW.amount);
    RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER transfer_moves_balances BEFORE INSERT ON escrow_transfer
    FOR EACH ROW EXECUTE FUNCTION escrow_move();
