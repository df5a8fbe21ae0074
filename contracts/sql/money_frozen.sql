-- What money already stands on stays as it was agreed (S3), and what hangs on money is checked with it.
CREATE FUNCTION contracts_money_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: money stands on what would change.', TG_OP, TG_TABLE_NAME USING ERRCODE = 'CC002';
END
$$;
CREATE TRIGGER milestone_frozen BEFORE UPDATE OF contract_id, amount ON contracts_milestone
    FOR EACH ROW WHEN (OLD.status <> 'future' AND (OLD.contract_id, OLD.amount) IS DISTINCT FROM (NEW.contract_id, NEW.amount))
    EXECUTE FUNCTION contracts_money_frozen();
CREATE TRIGGER contract_frozen BEFORE UPDATE OF client_id, talent_id, service_fee, initiation_fee ON contracts_contract
    FOR EACH ROW WHEN (
        (OLD.client_id, OLD.talent_id, OLD.service_fee, OLD.initiation_fee)
        IS DISTINCT FROM (NEW.client_id, NEW.talent_id, NEW.service_fee, NEW.initiation_fee)
    ) EXECUTE FUNCTION contracts_money_frozen();
CREATE TRIGGER earning_frozen BEFORE UPDATE ON contracts_earning
    FOR EACH ROW WHEN (
        (OLD.id, OLD.contract_id, OLD.milestone_id, OLD.kind, OLD.gross, OLD.fee, OLD.net, OLD.journal_id)
        IS DISTINCT FROM (NEW.id, NEW.contract_id, NEW.milestone_id, NEW.kind, NEW.gross, NEW.fee, NEW.net, NEW.journal_id)
    ) EXECUTE FUNCTION contracts_money_frozen();

CREATE CONSTRAINT TRIGGER earning_matches AFTER INSERT ON contracts_earning
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION contracts_money_matches('contract_id');
CREATE CONSTRAINT TRIGGER refund_request_matches AFTER INSERT OR UPDATE OF closed_at ON contracts_refundrequest
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.closed_at IS NULL)
    EXECUTE FUNCTION contracts_money_matches('contract_id');
CREATE CONSTRAINT TRIGGER dispute_matches AFTER INSERT OR UPDATE OF closed_at ON contracts_dispute
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.closed_at IS NULL)
    EXECUTE FUNCTION contracts_money_matches('contract_id');
