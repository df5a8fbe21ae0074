"""What must hold of contracts and their money, beside what the ledger checks of itself (reliability.md, I and S).

Each is one query that answers no row, registered with escrow's checker.
"""

from escrow.invariants import register

register(
    "I4",
    "What a contract holds is what was charged for it, less what was paid and given back.",
    """
    SELECT account.scope AS contract, account.balance AS held, moved.came, moved.paid, earned.paid AS earned, moved.back
    FROM escrow_account AS account
    JOIN contracts_contract AS contract ON contract.id = account.scope
    CROSS JOIN LATERAL (
        SELECT
            coalesce(sum(amount) FILTER (WHERE credit_id = account.id), 0) AS came,
            coalesce(sum(amount) FILTER (WHERE debit_id = account.id AND other.kind IN ('pending', 'fees')), 0) AS paid,
            coalesce(sum(amount) FILTER (WHERE debit_id = account.id AND other.kind IN ('credit', 'outside')), 0)
                AS back
        FROM escrow_transfer AS transfer
        JOIN escrow_account AS other
            ON other.id = CASE WHEN transfer.debit_id = account.id THEN transfer.credit_id ELSE transfer.debit_id END
        WHERE account.id IN (transfer.debit_id, transfer.credit_id)
    ) AS moved
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(gross), 0) AS paid FROM contracts_earning AS earning
        WHERE earning.contract_id = contract.id AND earning.kind <> 'bonus'
    ) AS earned
    WHERE account.kind = 'escrow'
        AND (account.balance <> moved.came - moved.paid - moved.back OR moved.paid <> earned.paid)
    """,
)
register(
    "I5",
    "States and money agree: funded is held, paid is released once, a closed contract holds and awaits nothing.",
    "SELECT contract, says FROM contracts_mismatch",
)
register(
    "I6",
    "A contract has at most one current milestone.",
    """
    SELECT contract_id AS contract, count(*) FROM contracts_milestone
    WHERE status IN ('funding', 'active', 'submitted', 'changes_requested') GROUP BY contract_id HAVING count(*) > 1
    """,
)
register(
    "I7",
    "Of everything earned the fee is taken once and the rest is the talent's: in the journal as in the contract.",
    """
    SELECT earning.id AS earning, gross, fee, net, moved.pending, moved.fees
    FROM contracts_earning AS earning
    CROSS JOIN LATERAL (
        SELECT
            coalesce(sum(amount) FILTER (WHERE into_.kind = 'pending'), 0) AS pending,
            coalesce(sum(amount) FILTER (WHERE into_.kind = 'fees' AND out_of.kind <> 'initiation_fee'), 0) AS fees
        FROM escrow_transfer AS transfer
        JOIN escrow_account AS into_ ON into_.id = transfer.credit_id
        JOIN escrow_account AS out_of ON out_of.id = transfer.debit_id
        WHERE transfer.journal_id = earning.journal_id
    ) AS moved
    WHERE gross <> fee + net OR net <> moved.pending OR fee <> moved.fees
    """,
)
register(
    "I8",
    "A milestone of an ended contract has exactly one ending.",
    """
    SELECT milestone.id AS milestone, milestone.status FROM contracts_milestone AS milestone
    JOIN contracts_contract AS contract ON contract.id = milestone.contract_id
    WHERE contract.status = 'ended' AND milestone.status NOT IN ('paid', 'refunded', 'cancelled')
    """,
)
register(
    "S4",
    "A contract's plan is its latest revision, and revisions are numbered without a gap.",
    """
    SELECT contract.id AS contract, plan_version, count(revision.id), max(number)
    FROM contracts_contract AS contract
    LEFT JOIN contracts_planrevision AS revision ON revision.contract_id = contract.id
    GROUP BY contract.id HAVING plan_version <> count(revision.id) OR plan_version <> coalesce(max(number), 0)
    """,
)
register(
    "S5",
    "The milestones of a contract stand at 1 to n without a gap, and n is at most 200.",
    """
    SELECT contract_id AS contract, count(*), max(position) FROM contracts_milestone
    GROUP BY contract_id HAVING count(*) <> max(position) OR min(position) <> 1 OR count(*) > 200
    """,
)
register(
    "S9",
    "A review clock runs exactly while submitted work can be reviewed.",
    """
    SELECT milestone.id AS milestone, milestone.status, review_by FROM contracts_milestone AS milestone
    JOIN contracts_contract AS contract ON contract.id = milestone.contract_id
    WHERE (review_by IS NOT NULL) <> (
        milestone.status = 'submitted' AND contract.status = 'active' AND NOT EXISTS (
            SELECT FROM contracts_dispute AS dispute WHERE dispute.contract_id = contract.id AND closed_at IS NULL
        )
    )
    """,
)
register(
    "S10",
    "A contract is being settled exactly while one refund request that ends it is open; others wait on live ones only.",
    """
    SELECT contract.id AS contract, contract.status, count(request.id) FROM contracts_contract AS contract
    LEFT JOIN contracts_refundrequest AS request ON request.contract_id = contract.id AND request.closed_at IS NULL
    GROUP BY contract.id HAVING
        count(request.id) FILTER (WHERE ends) <> CASE WHEN contract.status = 'settling' THEN 1 ELSE 0 END
        OR count(request.id) FILTER (WHERE NOT ends) > CASE WHEN contract.status = 'active' AND NOT EXISTS (
            SELECT FROM contracts_dispute AS dispute WHERE dispute.contract_id = contract.id AND closed_at IS NULL
        ) THEN 1 ELSE 0 END
    """,
)
register(
    "S7",
    "What was agreed to go back on a live contract went back, in one journal of its own, and nothing else did.",
    """
    SELECT request.id AS request, request.status, request.returned, moved.went
    FROM contracts_refundrequest AS request
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(transfer.amount), 0) AS went
        FROM escrow_journal AS journal JOIN escrow_transfer AS transfer ON transfer.journal_id = journal.id
        WHERE journal.key = 'refund:' || request.id
    ) AS moved
    WHERE NOT ends AND went <> coalesce(returned, 0)
    """,
)
register(
    "B44",
    "A dispute says what the ledger, its refund request and its offers say, and while it is open no clock runs.",
    "SELECT dispute, contract, says FROM contracts_dispute_mismatch",
)
register(
    "S6",
    "At most one change request of a contract is pending, and on a version of the plan that is still the latest.",
    """
    SELECT request.contract_id AS contract, count(*), max(revision.number) FROM contracts_changerequest AS request
    JOIN contracts_planrevision AS revision ON revision.id = request.base_id
    JOIN contracts_contract AS contract ON contract.id = request.contract_id
    WHERE request.status = 'pending'
    GROUP BY request.contract_id, contract.plan_version
    HAVING count(*) > 1 OR max(revision.number) <> contract.plan_version
    """,
)
register(
    "S11",
    "A change request is pending on an active contract only, and what it replaces is of the same contract and over.",
    """
    SELECT request.id AS request, 'is pending' AS says FROM contracts_changerequest AS request
    JOIN contracts_contract AS contract ON contract.id = request.contract_id
    WHERE request.status = 'pending' AND contract.status <> 'active'
    UNION ALL
    SELECT request.id, 'replaces another' FROM contracts_changerequest AS request
    JOIN contracts_changerequest AS before ON before.id = request.replaces_id
    WHERE before.contract_id <> request.contract_id
        OR before.status <> CASE WHEN before.from_client = request.from_client THEN 'superseded' ELSE 'countered' END
    """,
)
register(
    "S12",
    "Nobody is on both sides of a contract that is open.",
    """
    SELECT contract.id AS contract, client.user_id FROM contracts_contract AS contract
    JOIN marketplace_membership AS client ON client.party_id = contract.client_id
    JOIN marketplace_membership AS talent ON talent.party_id = contract.talent_id AND talent.user_id = client.user_id
    WHERE NOT contract.is_closed
    """,
)
register(
    "I11-invoices",
    "Every earning has its one invoice, and the numbers of an issuer's invoices run from 1 without a gap.",
    """
    SELECT earning.id::text AS wrong, 'has no invoice' AS says FROM contracts_earning AS earning
    WHERE NOT EXISTS (SELECT FROM contracts_invoice AS invoice WHERE invoice.earning_id = earning.id)
    UNION ALL
    SELECT issuer_id::text, 'has a gap' FROM contracts_invoice
    GROUP BY issuer_id HAVING count(*) <> max(number) OR min(number) <> 1
    UNION ALL
    SELECT series.party_id::text, 'counted past its invoices' FROM contracts_invoiceseries AS series
    WHERE last <> (SELECT count(*) FROM contracts_invoice AS invoice WHERE invoice.issuer_id = series.party_id)
    """,
)
register(
    "I11-acts",
    "What staff moved is in the journal that their act names; no release is reversed without an act.",
    "SELECT wrong, says FROM contracts_act_mismatch",
)
