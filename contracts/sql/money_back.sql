-- What a request for money back on a live contract says that it gave back went back, in a journal of its own.
CREATE FUNCTION contracts_money_back_matches() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    said numeric;
    went numeric;
BEGIN
    SELECT coalesce(returned, 0) INTO said FROM contracts_refundrequest WHERE id = NEW.id;
    SELECT coalesce(sum(transfer.amount), 0) INTO went
    FROM escrow_journal AS journal JOIN escrow_transfer AS transfer ON transfer.journal_id = journal.id
    WHERE journal.key = 'refund:' || NEW.id AND journal.scope = NEW.contract_id;
    IF said <> went THEN
        RAISE EXCEPTION 'Request %: % went back, not %.', NEW.id, went, said USING ERRCODE = 'CC001';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER money_back_matches AFTER INSERT OR UPDATE ON contracts_refundrequest
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NOT NEW.ends)
    EXECUTE FUNCTION contracts_money_back_matches();

-- What was asked for stays, and what was answered is answered (S7).
CREATE TRIGGER refund_request_frozen BEFORE UPDATE ON contracts_refundrequest
    FOR EACH ROW WHEN (
        OLD.closed_at IS NOT NULL
        OR (OLD.contract_id, OLD.ends, OLD.milestone_id, OLD.amount)
        IS DISTINCT FROM (NEW.contract_id, NEW.ends, NEW.milestone_id, NEW.amount)
    ) EXECUTE FUNCTION contracts_money_frozen();
