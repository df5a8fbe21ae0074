"""What the database itself refuses of disputes and offers of a split: plain SQL, as the application and as the owner.

Each attack is refused, at the latest at the commit. With the triggers off, the invariants notice what was refused.
"""

import pytest
from django.db import DatabaseError, connections, transaction

from contracts.tests.dealing import Deal, agreed
from escrow.invariants import broken
from tests.books import books_hold

APPLICATION, OWNER = "default", "owner"
MATCHES, FROZEN, UNIQUE, CHECK, DENIED = "CC001", "CC002", "23505", "23514", "42501"
TABLES = ("contracts_dispute", "contracts_splitoffer", "contracts_refundrequest", "escrow_journal")

DISPUTE = "UPDATE contracts_dispute SET {} WHERE contract_id = '{{{}}}'"
SPLIT = (
    "UPDATE contracts_splitoffer SET {} FROM contracts_dispute AS d WHERE d.id = dispute_id AND contract_id = '{{{}}}'"
)
CLOSED = "closed_at = now(), closed_by_id = {}by_id"
ANOTHER = (
    "INSERT INTO contracts_dispute"
    " (id, contract_id, milestone_id, refund_request_id, from_client, reason, by_id, status, decision)"
    " SELECT gen_random_uuid(), contract_id, milestone_id, refund_request_id, {}, 'Why', by_id, 'open', ''"
    " FROM contracts_dispute WHERE contract_id = '{{{}}}'"
)
OFFERED = (
    "INSERT INTO contracts_splitoffer (id, dispute_id, from_client, to_talent, to_client, note, by_id, status)"
    " SELECT gen_random_uuid(), id, {}, {}, 5, '', by_id, 'open' FROM contracts_dispute WHERE contract_id = '{{{}}}'"
)
POST = (
    "SELECT escrow_post('{}:attack', '{}', '{{live}}', ARRAY[escrow_account('escrow', NULL, '{{live}}')],"
    " ARRAY[escrow_account('outside', NULL, NULL)], ARRAY[1.00])"
)


def dispute(change: str, name: str) -> str:
    return DISPUTE.format(change, name)


def split(change: str, name: str) -> str:
    return SPLIT.format(change, name)


OPEN_OVER = (
    "UPDATE contracts_splitoffer SET status = 'over', closed_at = now(), closed_by_id = by_id WHERE status = 'open'; "
)
# Live: an open dispute about a milestone, with an open offer. Ending: one about a refund request. Settled: one that is
# over. What refuses each attack, for the application and for the owner, and which invariants notice it untriggered.
ATTACKS = {
    "settled on paper": (
        OPEN_OVER + dispute(f"status = 'settled', paid = 60, returned = 40, {CLOSED.format('')}", "live"),
        MATCHES, MATCHES, {"B44"},
    ),
    "settled on paper, with an offer accepted": (
        split(f"status = 'accepted', {CLOSED.format('d.')}", "live") + "; "
        + dispute(f"status = 'settled', paid = 60, returned = 40, {CLOSED.format('')}", "live"),
        MATCHES, MATCHES, {"B44"},
    ),
    "decided on paper": (
        OPEN_OVER
        + dispute(f"status = 'decided', paid = 60, returned = 40, decision = 'So.', {CLOSED.format('')}", "live"),
        MATCHES, MATCHES, {"B44"},
    ),
    "decided without a reason": (
        dispute(f"status = 'decided', paid = 60, returned = 40, {CLOSED.format('')}", "live"), CHECK, CHECK, None,
    ),
    "decided by nobody": (
        dispute("status = 'decided', paid = 60, returned = 40, decision = 'So.', closed_at = now()", "live"),
        CHECK, CHECK, None,
    ),
    "decided without figures": (
        dispute(f"status = 'decided', decision = 'So.', {CLOSED.format('')}", "live"), CHECK, CHECK, None,
    ),
    "withdrawn while an offer is open": (
        dispute(f"status = 'withdrawn', {CLOSED.format('')}", "live"), MATCHES, MATCHES, {"B44", "S9"},
    ),
    "withdrawn while its request stays disputed": (
        dispute(f"status = 'withdrawn', {CLOSED.format('')}", "ending"), MATCHES, MATCHES, {"B44"},
    ),
    "over and open again": (
        dispute("status = 'open', paid = NULL, returned = NULL, closed_at = NULL, closed_by_id = NULL", "settled"),
        FROZEN, FROZEN, {"B44"},
    ),
    "divided otherwise afterwards": (dispute("paid = 59, returned = 41", "settled"), FROZEN, FROZEN, {"B44"}),
    "another reason": (dispute("reason = 'Something else.'", "live"), DENIED, FROZEN, None),
    "opened by the other side": (dispute("from_client = NOT from_client", "live"), DENIED, FROZEN, None),
    "a second one": (ANOTHER.format("true", "live"), UNIQUE, UNIQUE, None),
    "another figure in an offer": (split("to_talent = 61, to_client = 39", "live"), DENIED, FROZEN, None),
    "an offer accepted alone": (
        split(f"status = 'accepted', {CLOSED.format('d.')}", "live"), MATCHES, MATCHES, {"B44"},
    ),
    "an offer closed by nobody": (split("status = 'withdrawn', closed_at = now()", "live"), CHECK, CHECK, None),
    "a second open offer": (OFFERED.format("false", "5", "live"), UNIQUE, UNIQUE, None),
    "an offer of less than nothing": (OFFERED.format("true", "-5", "live"), CHECK, CHECK, None),
    "an offer in a dispute that is over": (OFFERED.format("true", "5", "settled"), MATCHES, MATCHES, {"B44"}),
    "a disputed request that waits": (
        "UPDATE contracts_refundrequest SET status = 'pending', answer_by = now() WHERE contract_id = '{ending}'",
        MATCHES, MATCHES, {"B44"},
    ),
    "frozen money released": (POST.format("release", "release"), MATCHES, MATCHES, None),
    "frozen money given back": (POST.format("refund", "refund"), MATCHES, MATCHES, None),
    "a dispute away": ("DELETE FROM contracts_splitoffer; DELETE FROM contracts_dispute", DENIED, None, None),
}  # fmt: skip


@pytest.fixture
def world(own_database) -> dict[str, Deal]:
    live, ending, settled = agreed("100.00", "50.00"), agreed("100.00"), agreed("100.00", "50.00")
    for deal in (live, settled):
        deal.submit(1)
        deal.dispute(deal.payer)
        deal.offer_split(deal.earner, "60.00")
    settled.accept_split(settled.payer, settled.disputed.splits.get())
    ending.end("0.00")
    ending.dispute(ending.earner)
    books_hold()
    return {"live": live, "ending": ending, "settled": settled}


def statement(attack: str, world: dict[str, Deal]) -> str:
    return ATTACKS[attack][0].format(**{name: deal.key for name, deal in world.items()})


def sqlstate(role: str, attack: str) -> str:
    try:
        with transaction.atomic(role), connections[role].cursor() as cursor:
            cursor.execute(attack)
    except DatabaseError as refusal:
        return refusal.__cause__.diag.sqlstate
    return "nothing"


def test_b44_no_sql_ends_a_dispute_or_moves_what_it_froze(world):
    for place, role in enumerate((APPLICATION, OWNER), start=1):
        expected = {attack: how[place] for attack, how in ATTACKS.items() if how[place]}
        assert {attack: sqlstate(role, statement(attack, world)) for attack in expected} == expected
    books_hold()


def test_b44_control_with_the_triggers_off_the_invariants_notice(world):
    for attack, (_sql, _application, _owner, noticed) in ATTACKS.items():
        if not noticed:
            continue
        with transaction.atomic(OWNER), connections[OWNER].cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(statement(attack, world))
            assert {each.invariant.name for each in broken(OWNER)} >= noticed, attack
            transaction.set_rollback(True, OWNER)
    books_hold()
