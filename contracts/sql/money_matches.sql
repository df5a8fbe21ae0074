-- What a contract says of its money and the ledger does not: no row, at every COMMIT.
CREATE VIEW contracts_mismatch AS
WITH holding AS NOT MATERIALIZED (
    SELECT scope AS contract,
        coalesce(sum(balance) FILTER (WHERE kind = 'escrow'), 0) AS held,
        coalesce(sum(balance) FILTER (WHERE kind = 'initiation_fee'), 0) AS fee
    FROM escrow_account WHERE kind IN ('escrow', 'initiation_fee') AND scope IS NOT NULL GROUP BY scope
)
SELECT milestone.contract_id AS contract, 'a milestone claims more than is held' AS says
FROM contracts_milestone AS milestone
LEFT JOIN holding ON holding.contract = milestone.contract_id
WHERE milestone.status IN ('active', 'submitted', 'changes_requested') AND milestone.amount > coalesce(holding.held, 0)
UNION ALL
SELECT contract.id, 'it is closed and holds money'
FROM contracts_contract AS contract
JOIN holding ON holding.contract = contract.id
WHERE contract.is_closed AND holding.held + holding.fee > 0
UNION ALL
SELECT contract.id, 'it is closed and something is pending'
FROM contracts_contract AS contract
WHERE contract.is_closed AND (
    EXISTS (
        SELECT FROM contracts_milestone AS milestone
        WHERE milestone.contract_id = contract.id
            AND milestone.status IN ('future', 'funding', 'active', 'submitted', 'changes_requested')
            AND contract.status = 'ended'
    )
    OR EXISTS (
        SELECT FROM contracts_refundrequest AS request WHERE request.contract_id = contract.id AND request.closed_at IS NULL
    )
    OR EXISTS (
        SELECT FROM contracts_dispute AS dispute WHERE dispute.contract_id = contract.id AND dispute.closed_at IS NULL
    )
)
UNION ALL
SELECT contract.id, 'it is offered without its deposit'
FROM contracts_contract AS contract
LEFT JOIN holding ON holding.contract = contract.id
WHERE contract.status = 'offered' AND contract.answer_by IS NOT NULL AND (
    coalesce(holding.fee, 0) <> contract.initiation_fee
    OR coalesce(holding.held, 0) IS DISTINCT FROM (
        SELECT amount FROM contracts_milestone AS milestone WHERE milestone.contract_id = contract.id
        ORDER BY position LIMIT 1
    )
)
UNION ALL
SELECT milestone.contract_id, 'a milestone is paid by no release, or by another amount'
FROM contracts_milestone AS milestone
LEFT JOIN contracts_earning AS earning ON earning.milestone_id = milestone.id
WHERE milestone.status = 'paid' AND earning.gross IS DISTINCT FROM milestone.paid
UNION ALL
SELECT earning.contract_id, 'what was released is not paid'
FROM contracts_earning AS earning
JOIN contracts_milestone AS milestone ON milestone.id = earning.milestone_id
WHERE milestone.status <> 'paid';

CREATE FUNCTION contracts_money_matches() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    wanted uuid := (to_jsonb(NEW) ->> TG_ARGV[0])::uuid;
    wrong text;
BEGIN
    SELECT string_agg(says, '; ') INTO wrong FROM contracts_mismatch WHERE contract = wanted;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'Contract %: %.', wanted, wrong USING ERRCODE = 'CC001';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER milestone_matches_when_added AFTER INSERT ON contracts_milestone
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status <> 'future')
    EXECUTE FUNCTION contracts_money_matches('contract_id');
CREATE CONSTRAINT TRIGGER milestone_matches AFTER UPDATE OF status, amount, paid ON contracts_milestone
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.status <> NEW.status OR NEW.status <> 'future' AND (OLD.amount, OLD.paid) IS DISTINCT FROM (NEW.amount, NEW.paid))
    EXECUTE FUNCTION contracts_money_matches('contract_id');
CREATE CONSTRAINT TRIGGER contract_matches AFTER UPDATE OF status, answer_by ON contracts_contract
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.status <> NEW.status OR OLD.answer_by IS DISTINCT FROM NEW.answer_by)
    EXECUTE FUNCTION contracts_money_matches('id');
CREATE CONSTRAINT TRIGGER contract_holds_what_it_claims AFTER UPDATE OF balance ON escrow_account
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.scope IS NOT NULL)
    EXECUTE FUNCTION contracts_money_matches('scope');

-- What was ever funded or settled is part of the books: it stays.
CREATE FUNCTION contracts_milestone_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Milestone % is %, so it stays.', OLD.id, OLD.status USING ERRCODE = 'CC002';
END
$$;
CREATE TRIGGER milestone_stays BEFORE DELETE ON contracts_milestone
    FOR EACH ROW WHEN (OLD.status <> 'future') EXECUTE FUNCTION contracts_milestone_stays();
