-- What a dispute says and the ledger, its refund request or its offers do not: no row, at every COMMIT (B44).
CREATE VIEW contracts_dispute_mismatch AS
SELECT dispute.id AS dispute, dispute.contract_id AS contract, 'what it divided is not what moved' AS says
FROM contracts_dispute AS dispute
CROSS JOIN LATERAL (
    SELECT
        coalesce(sum(transfer.amount) FILTER (WHERE into_.kind IN ('pending', 'fees')), 0) AS paid,
        coalesce(sum(transfer.amount) FILTER (WHERE into_.kind = 'credit'), 0) AS returned
    FROM escrow_journal AS journal
    JOIN escrow_transfer AS transfer ON transfer.journal_id = journal.id
    JOIN escrow_account AS out_of ON out_of.id = transfer.debit_id AND out_of.kind = 'escrow'
    JOIN escrow_account AS into_ ON into_.id = transfer.credit_id
    WHERE journal.key = 'split:' || dispute.id AND out_of.scope = dispute.contract_id
) AS moved
WHERE (coalesce(dispute.paid, 0), coalesce(dispute.returned, 0)) <> (moved.paid, moved.returned)
UNION ALL
SELECT dispute.id, dispute.contract_id, 'it is over and an offer of a split is open'
FROM contracts_dispute AS dispute
JOIN contracts_splitoffer AS split ON split.dispute_id = dispute.id
WHERE dispute.closed_at IS NOT NULL AND split.status = 'open'
UNION ALL
SELECT dispute.id, dispute.contract_id, 'it is settled by no accepted offer, or by another split'
FROM contracts_dispute AS dispute
LEFT JOIN contracts_splitoffer AS split ON split.dispute_id = dispute.id AND split.status = 'accepted'
WHERE (dispute.status = 'settled') <> (split.id IS NOT NULL)
    OR dispute.status = 'settled' AND (split.to_talent, split.to_client) <> (dispute.paid, dispute.returned)
UNION ALL
SELECT dispute.id, dispute.contract_id, 'it is about a refund request or a milestone of another contract'
FROM contracts_dispute AS dispute
LEFT JOIN contracts_refundrequest AS request ON request.id = dispute.refund_request_id
LEFT JOIN contracts_milestone AS milestone ON milestone.id = dispute.milestone_id
WHERE coalesce(request.contract_id, milestone.contract_id) <> dispute.contract_id OR NOT request.ends
UNION ALL
SELECT dispute.id, dispute.contract_id, 'it is open and a clock runs'
FROM contracts_dispute AS dispute
LEFT JOIN contracts_refundrequest AS request ON request.id = dispute.refund_request_id
LEFT JOIN contracts_milestone AS milestone ON milestone.contract_id = dispute.contract_id AND milestone.review_by IS NOT NULL
WHERE dispute.closed_at IS NULL AND (milestone.id IS NOT NULL OR request.status <> 'disputed')
UNION ALL
SELECT NULL, request.contract_id, 'a refund request is disputed without an open dispute'
FROM contracts_refundrequest AS request
WHERE request.status = 'disputed' AND NOT EXISTS (
    SELECT FROM contracts_dispute AS dispute WHERE dispute.refund_request_id = request.id AND dispute.closed_at IS NULL
);

CREATE FUNCTION contracts_dispute_matches() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    row_ jsonb := to_jsonb(NEW);
    wanted uuid := coalesce(
        row_ ->> 'contract_id', (SELECT contract_id::text FROM contracts_dispute WHERE id = (row_ ->> 'dispute_id')::uuid)
    );
    wrong text;
BEGIN
    SELECT string_agg(says, '; ') INTO wrong FROM contracts_dispute_mismatch WHERE contract = wanted;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'Dispute about contract %: %.', wanted, wrong USING ERRCODE = 'CC001';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER dispute_agrees AFTER INSERT OR UPDATE ON contracts_dispute
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION contracts_dispute_matches();
CREATE CONSTRAINT TRIGGER split_agrees AFTER INSERT OR UPDATE ON contracts_splitoffer
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION contracts_dispute_matches();
CREATE CONSTRAINT TRIGGER refund_request_agrees AFTER UPDATE OF status ON contracts_refundrequest
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ('disputed' IN (OLD.status, NEW.status))
    EXECUTE FUNCTION contracts_dispute_matches();

-- While a dispute is open nothing is paid out of what is held, nor given back: only a bank takes its money anyway.
CREATE FUNCTION contracts_dispute_freezes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM contracts_dispute WHERE contract_id = NEW.scope AND closed_at IS NULL AND at < NEW.at) THEN
        RAISE EXCEPTION 'Journal %: a dispute freezes the money of contract %.', NEW.key, NEW.scope USING ERRCODE = 'CC001';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER journal_under_dispute AFTER INSERT ON escrow_journal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.cause IN ('fund', 'release', 'refund', 'split', 'expiry'))
    EXECUTE FUNCTION contracts_dispute_freezes();

-- What was disputed and offered stays as it was written, and what is over is over (S7).
CREATE TRIGGER dispute_frozen BEFORE UPDATE ON contracts_dispute
    FOR EACH ROW WHEN (
        OLD.closed_at IS NOT NULL
        OR (OLD.contract_id, OLD.refund_request_id, OLD.milestone_id, OLD.from_client, OLD.reason, OLD.by_id, OLD.at)
        IS DISTINCT FROM
        (NEW.contract_id, NEW.refund_request_id, NEW.milestone_id, NEW.from_client, NEW.reason, NEW.by_id, NEW.at)
    ) EXECUTE FUNCTION contracts_money_frozen();
CREATE TRIGGER split_frozen BEFORE UPDATE ON contracts_splitoffer
    FOR EACH ROW WHEN (
        OLD.closed_at IS NOT NULL
        OR (OLD.dispute_id, OLD.from_client, OLD.to_talent, OLD.to_client, OLD.note, OLD.by_id, OLD.at)
        IS DISTINCT FROM (NEW.dispute_id, NEW.from_client, NEW.to_talent, NEW.to_client, NEW.note, NEW.by_id, NEW.at)
    ) EXECUTE FUNCTION contracts_money_frozen();
