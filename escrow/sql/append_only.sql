-- What was written stays as it is, for everybody: for the owner of the tables too.
CREATE OR REPLACE FUNCTION escrow_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'CL002',
        MESSAGE = format('%s on %s is refused: the ledger only grows, and only through transfers.', TG_OP, TG_TABLE_NAME);
END $$;

CREATE OR REPLACE TRIGGER journal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON escrow_journal
    FOR EACH STATEMENT EXECUTE FUNCTION escrow_refuse();
CREATE OR REPLACE TRIGGER transfer_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON escrow_transfer
    FOR EACH STATEMENT EXECUTE FUNCTION escrow_refuse();
CREATE OR REPLACE TRIGGER seal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON escrow_seal
    FOR EACH STATEMENT EXECUTE FUNCTION escrow_refuse();
CREATE OR REPLACE TRIGGER account_stays BEFORE DELETE OR TRUNCATE ON escrow_account
    FOR EACH STATEMENT EXECUTE FUNCTION escrow_refuse();

-- An account begins empty, changes only from within a trigger, and then in nothing but its balance.
CREATE OR REPLACE TRIGGER account_begins_empty BEFORE INSERT ON escrow_account
    FOR EACH ROW WHEN (NEW.balance <> 0) EXECUTE FUNCTION escrow_refuse();
CREATE OR REPLACE TRIGGER account_moves_with_transfers BEFORE UPDATE ON escrow_account
    FOR EACH STATEMENT WHEN (pg_trigger_depth() < 1) EXECUTE FUNCTION escrow_refuse();
CREATE OR REPLACE TRIGGER account_moves_in_balance BEFORE UPDATE ON escrow_account
    FOR EACH ROW WHEN (
        (OLD.id, OLD.kind, OLD.party_id, OLD.scope) IS DISTINCT FROM (NEW.id, NEW.kind, NEW.party_id, NEW.scope)
    ) EXECUTE FUNCTION escrow_refuse();
