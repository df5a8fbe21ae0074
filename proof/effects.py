"""How often each effect that a wish can have is in the books: of journals where money moved, else of events.

A refund, an automatic release and the like are nobody's wish; they are the invariants' business.
"""

from collections import Counter

from django.db import DEFAULT_DB_ALIAS, connections

# Each answers one row for each time that it happened: the effect as proof/wishes.py names it.
CHARGED = "SELECT {name} FROM escrow_payment AS p JOIN escrow_journal AS j ON j.key = p.direction || ':' || p.id {more}"
FIRST = "JOIN contracts_contract AS c ON c.id = p.subject"
QUERIES = (
    CHARGED.format(name="'offer ' || substr(c.title, 7)", more=f"{FIRST} WHERE p.purpose = 'deposit'"),
    CHARGED.format(name="'bonus ' || p.amount", more="WHERE p.purpose = 'bonus'"),
    CHARGED.format(name="'withdrawal ' || p.amount", more="WHERE p.purpose = 'withdrawal'"),
    """SELECT 'release ' || earning.milestone_id FROM contracts_earning AS earning
    JOIN escrow_journal AS j ON j.id = earning.journal_id
    WHERE j.cause = 'release' AND num_nulls(earning.by_id, earning.milestone_id) = 0 AND EXISTS (
        SELECT FROM contracts_event AS told WHERE told.kind = 'released' AND told.milestone_id = earning.milestone_id
    )""",
    """SELECT 'settle ' || dispute.id FROM contracts_dispute AS dispute
    JOIN escrow_journal AS j ON j.key = 'split:' || dispute.id WHERE dispute.status = 'settled'""",
    """SELECT CASE WHEN ends THEN 'end, asking: ' ELSE 'ask back: ' END || reason FROM contracts_refundrequest""",
    """SELECT CASE status WHEN 'approved' THEN 'give back ' WHEN 'declined' THEN 'keep ' ELSE 'ask no longer ' END || id
    FROM contracts_refundrequest WHERE NOT ends AND status IN ('approved', 'declined', 'withdrawn')""",
    "SELECT 'dispute: ' || reason FROM contracts_dispute",
    "SELECT 'split: ' || note FROM contracts_splitoffer",
    "SELECT 'undispute ' || id FROM contracts_dispute WHERE status = 'withdrawn'",
    "SELECT 'request: ' || note FROM contracts_changerequest",
    """SELECT CASE status WHEN 'declined' THEN 'decline request ' WHEN 'withdrawn' THEN 'take back '
        ELSE 'accept request ' END || id
    FROM contracts_changerequest WHERE status IN ('accepted', 'partly', 'declined', 'withdrawn')""",
    "SELECT 'save: ' || title FROM contracts_milestone WHERE title LIKE 'Saved %'",
    "SELECT 'submit ' || message FROM contracts_submission",
    "SELECT 'fund ' || milestone_id FROM contracts_event WHERE kind = 'milestone_funded'",
    """SELECT CASE kind WHEN 'offer_accepted' THEN 'accept ' WHEN 'offer_declined' THEN 'decline '
        WHEN 'offer_withdrawn' THEN 'withdraw ' WHEN 'refund_approved' THEN 'approve '
        WHEN 'refund_countered' THEN 'counter ' WHEN 'counter_accepted' THEN 'accept counter '
        ELSE 'end ' END || contract_id FROM contracts_event
    WHERE kind IN ('offer_accepted', 'offer_declined', 'offer_withdrawn', 'refund_approved', 'refund_countered',
        'counter_accepted', 'contract_ended')""",
)


def effects(using: str = DEFAULT_DB_ALIAS) -> Counter[str]:
    found: Counter[str] = Counter()
    with connections[using].cursor() as cursor:
        for query in QUERIES:
            cursor.execute(query)
            found.update(row[0] for row in cursor.fetchall())
    return found
