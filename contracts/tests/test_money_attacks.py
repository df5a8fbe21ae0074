"""What the database itself refuses of contracts and their money: plain SQL as the application's role and as the owner.

Contracts in several states, lived by operations. Each attack is refused, at the latest at the commit, and leaves
everything as it was. With the triggers off, the invariants notice what they would have refused.
"""

import pytest
from django.db import DatabaseError, connections, transaction

from contracts.operations.offers import withdraw_offer
from contracts.tests.dealing import Deal, agreed, offered
from contracts.tests.proposing import proposed
from escrow.invariants import broken
from escrow.tests.paying import DECLINES
from tests.books import books_hold

APPLICATION, OWNER = "default", "owner"
MATCHES, FROZEN, UNIQUE, CHECK, FOREIGN, DENIED = (
    "CC001", "CC002", "23505", "23514", "23503", "42501",
)  # fmt: skip

MILESTONE = "UPDATE contracts_milestone SET {} WHERE contract_id = '{}' AND position = {}"
CONTRACT = "UPDATE contracts_contract SET {} WHERE id = '{}'"
POST = "SELECT escrow_post('fund:attack', 'fund', '{0}', ARRAY[{1}], ARRAY[{2}], ARRAY[{3}])"
AWAY = "DELETE FROM contracts_milestone WHERE contract_id = '{{{}}}' AND position = {}"
EARNED = (
    "INSERT INTO contracts_earning (id, contract_id, milestone_id, kind, gross, fee, net, journal_id, matures_at, note)"
    " SELECT id, contract_id, id, 'release', 9, 0, 9, (SELECT min(id) FROM escrow_journal), now(), ''"
    " FROM contracts_milestone WHERE contract_id = '{active}' AND position = 1"
)
ASKED = (
    "INSERT INTO contracts_refundrequest (id, contract_id, ends, amount, status, reason, answer, by_id)"
    " SELECT gen_random_uuid(), '{{{}}}', false, 5, 'pending', 'Why', '', by_id FROM contracts_refundrequest LIMIT 1"
)
BACK = "UPDATE contracts_refundrequest"
OF_ENDED = "(SELECT {} FROM contracts_contract WHERE id = '{{ended}}')"
OUTSIDE = "escrow_account('outside', NULL, NULL)"
ENDED = "status = 'ended', ended_at = now(), feedback_by = now()"
SILENT = "answer_by = NULL, expires_at = NULL"
CLOCK = "answer_by = now() + interval '7 days'"


def milestone(change: str, contract: str, position: int = 1) -> str:
    return MILESTONE.format(change, f"{{{contract}}}", position)


def contract(change: str, name: str) -> str:
    return CONTRACT.format(change, f"{{{name}}}")


def post(debit: str, credit: str, amount: str, name: str) -> str:
    return POST.format(f"{{{name}}}", debit, credit, amount)


def held(name: str, kind: str = "escrow") -> str:
    return f"escrow_account('{kind}', NULL, '{{{name}}}')"


# The contracts: active with 100.00 held for its first milestone; leftover with 40.00 held for none; an open offer; an
# unpaid one; settling; ended; asked with 40.00 left over and asked back; given, where they went back. What refuses each
# attack, and which invariants notice it without the triggers.
ATTACKS = {
    "a milestone active without money": (milestone("status = 'active'", "leftover", 2), MATCHES, {"I5"}),
    "a milestone submitted without money": (
        milestone("status = 'submitted', review_by = now()", "leftover", 2), MATCHES, {"I5"},
    ),
    "a second current milestone": (milestone("status = 'active'", "active", 2), UNIQUE, None),
    "a milestone paid without a release": (
        milestone("status = 'paid', paid = 100, closed_at = now()", "active"), MATCHES, {"I5"},
    ),
    "a milestone paid more than was released": (milestone("paid = 61", "leftover"), MATCHES, {"I5"}),
    "a milestone paid nothing": (milestone("paid = NULL", "leftover"), MATCHES, {"I5"}),
    "a paid milestone active again": (
        milestone("status = 'active', paid = NULL, closed_at = NULL", "leftover"), MATCHES, {"I5"},
    ),
    "a paid milestone refunded": (milestone("status = 'refunded', paid = NULL", "leftover"), MATCHES, {"I5"}),
    "a cancelled milestone open again": (
        milestone("status = 'future', closed_at = NULL", "ended", 2), MATCHES, {"I5", "I8"},
    ),
    "more for a funded milestone": (milestone("amount = 101", "active"), FROZEN, {"I5"}),
    "less for a funded milestone": (milestone("amount = 99", "active"), FROZEN, None),
    "less for a paid milestone": (milestone("amount = 60", "leftover"), FROZEN, None),
    "a funded milestone in another contract": (
        milestone("contract_id = '{ended}', position = 9", "active"), FROZEN, {"I5", "I8", "S5"},
    ),
    "a funded milestone away": (AWAY.format("active", 1), FROZEN, {"S5"}),
    "a cancelled milestone away": (AWAY.format("ended", 2), FROZEN, None),
    "a paid milestone away": (AWAY.format("leftover", 1), FROZEN, None),
    "a contract ended that holds money": (contract(ENDED, "active"), MATCHES, {"I5", "I8"}),
    "a contract ended that holds leftover": (contract(ENDED, "leftover"), MATCHES, {"I5", "I8"}),
    "a contract ended while it settles": (contract(ENDED, "settling"), MATCHES, {"I5", "I8", "S10"}),
    "an offer withdrawn with its deposit": (contract(f"status = 'withdrawn', {SILENT}", "offer"), MATCHES, {"I5"}),
    "an offer declined with its deposit": (contract(f"status = 'declined', {SILENT}", "offer"), MATCHES, {"I5"}),
    "an offer to be answered without a deposit": (contract(f"sent_at = now(), {CLOCK}", "unpaid"), MATCHES, {"I5"}),
    "an active contract to be answered": (contract(CLOCK, "active"), CHECK, None),
    "another client for a contract": (contract("client_id = " + OF_ENDED.format("client_id"), "active"), FROZEN, None),
    "another talent for a contract": (contract("talent_id = " + OF_ENDED.format("talent_id"), "active"), FROZEN, None),
    "another fee for a contract": (contract("service_fee = 0", "active"), FROZEN, None),
    "no initiation fee for an offer": (contract("initiation_fee = 0", "offer"), FROZEN, {"I5"}),
    "a contract away": ("DELETE FROM contracts_contract WHERE id = '{active}'", FOREIGN, None),
    "a current milestone's money away": (post(held("active"), OUTSIDE, "0.01", "active"), MATCHES, {"I5"}),
    "a deposit away": (post(held("offer"), OUTSIDE, "0.01", "offer"), MATCHES, {"I5"}),
    "a deposit's fee away": (post(held("offer", "initiation_fee"), OUTSIDE, "4.95", "offer"), MATCHES, {"I5"}),
    "more deposit than was asked for": (post(OUTSIDE, held("offer"), "0.01", "offer"), MATCHES, {"I5"}),
    "money into a proposed contract": (post(OUTSIDE, held("proposed"), "5", "proposed"), MATCHES, {"I5"}),
    "a proposed contract active without money": (
        contract("status = 'active', started_at = now()", "proposed") + "; "
        + milestone("status = 'active'", "proposed"), MATCHES, {"I5"},
    ),
    "money into an ended contract": (post(OUTSIDE, held("ended"), "5", "ended"), MATCHES, {"I5"}),
    "an earning away": ("DELETE FROM contracts_earning WHERE contract_id = '{leftover}'", FOREIGN, None),
    "more earned": (
        "UPDATE contracts_earning SET gross = gross + 1, net = net + 1 WHERE contract_id = '{leftover}'",
        FROZEN, {"I4", "I5", "I7"},
    ),
    "a smaller fee of what was earned": (
        "UPDATE contracts_earning SET fee = fee - 1, net = net + 1 WHERE contract_id = '{leftover}'", FROZEN, {"I7"},
    ),
    "an earning of a milestone that is not paid": (
        EARNED,
        MATCHES, {"I4", "I5", "I7", "I11-invoices"},
    ),
    "a refund asked for from an ended contract": (
        "INSERT INTO contracts_refundrequest (id, contract_id, ends, amount, status, reason, answer, by_id, answer_by)"
        " SELECT gen_random_uuid(), '{ended}', true, 5, 'pending', 'Why not', '', by_id, now()"
        " FROM contracts_refundrequest LIMIT 1",
        MATCHES, {"I5", "S10"},
    ),
    "money asked back from an ended contract": (ASKED.format("ended"), MATCHES, {"I5", "S10"}),
    "money asked back from a contract that settles": (ASKED.format("settling"), UNIQUE, None),
    "money given back on paper only": (
        f"{BACK} SET status = 'approved', returned = amount, closed_at = now() WHERE contract_id = '{{asked}}'",
        MATCHES, {"S7"},
    ),
    "money given back, and said otherwise": (
        f"{BACK} SET returned = returned - 1 WHERE contract_id = '{{given}}'", FROZEN, {"S7"},
    ),
    "money given back, and asked for again": (
        f"{BACK} SET status = 'pending', returned = NULL, closed_at = NULL WHERE contract_id = '{{given}}'",
        FROZEN, {"S7"},
    ),
    "a request for money back that now ends the contract": (
        f"{BACK} SET ends = true, answer_by = now() WHERE contract_id = '{{asked}}'", FROZEN, {"S10"},
    ),
    "more money asked back than was asked for": (
        f"{BACK} SET amount = amount + 1 WHERE contract_id = '{{asked}}'", FROZEN, None,
    ),
    "a dispute about an ended contract": (
        "INSERT INTO contracts_dispute (id, contract_id, milestone_id, from_client, reason, by_id, status, decision)"
        " SELECT gen_random_uuid(), '{ended}', milestone.id, true, 'Why not', by_id, 'open', ''"
        " FROM contracts_refundrequest, contracts_milestone AS milestone"
        " WHERE milestone.contract_id = '{ended}' LIMIT 1",
        MATCHES, {"I5"},
    ),
}  # fmt: skip
NOTICED = [attack for attack, (_sql, _refused, noticed) in ATTACKS.items() if noticed]
TABLES = (
    "contracts_contract", "contracts_milestone", "contracts_earning", "contracts_refundrequest", "contracts_dispute",
    "escrow_account",
)  # fmt: skip


@pytest.fixture
def world(own_database) -> dict[str, Deal]:
    active, leftover, settling, ended, asked, given = (agreed("100.00", "150.00") for _each in range(6))
    leftover.release(1, "60.00")
    settling.end("0.00")
    for deal in (asked, given):
        deal.release(1, "60.00")
        deal.ask_back("40.00")
    given.give_back("40.00")
    ended.end("100.00")
    gone = offered("100.00")
    withdraw_offer(contract=gone.contract, by=gone.payer)
    books_hold()
    return {
        "active": active, "leftover": leftover, "settling": settling, "ended": ended, "offer": offered("100.00"),
        "unpaid": offered("100.00", method=DECLINES), "asked": asked, "given": given, "proposed": proposed("100.00"),
    }  # fmt: skip


def statement(attack: str, world: dict[str, Deal]) -> str:
    return ATTACKS[attack][0].format(**{name: deal.key for name, deal in world.items()})


def rows(role: str) -> list[tuple]:
    each = (f"SELECT '{table}', t::text FROM {table} AS t" for table in TABLES)  # noqa: S608 - the names above
    with connections[role].cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return sorted(cursor.fetchall())


def sqlstate(role: str, attack: str) -> str:
    """How the attack was refused, now or at the commit; "nothing" when it was not."""
    try:
        with transaction.atomic(role), connections[role].cursor() as cursor:
            cursor.execute(attack)
            assert cursor.rowcount, "The attack hit no row."
    except DatabaseError as refusal:
        return refusal.__cause__.diag.sqlstate
    return "nothing"


@pytest.mark.parametrize("role", [APPLICATION, OWNER])
def test_i05_states_and_money_cannot_be_parted(world, role):
    before = rows(role)
    refused = {attack: sqlstate(role, statement(attack, world)) for attack in ATTACKS}
    expected = {attack: how for attack, (_sql, how, _noticed) in ATTACKS.items()}
    if role == APPLICATION:
        expected["an earning away"] = DENIED
    assert refused == expected
    assert rows(role) == before
    books_hold()


@pytest.mark.parametrize("role", [APPLICATION, OWNER])
def test_i05_nor_by_emptying_tables(world, role):
    for table in TABLES[:4]:
        assert sqlstate(role, f"TRUNCATE {table}") == (DENIED if role == APPLICATION else "0A000")
    books_hold()


def test_i05_control_with_the_triggers_off_the_invariants_notice(world):
    for attack in NOTICED:
        with transaction.atomic(OWNER), connections[OWNER].cursor() as cursor:
            for table in TABLES[:-1]:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute("ALTER TABLE escrow_account DISABLE TRIGGER contract_holds_what_it_claims")
            cursor.execute(statement(attack, world))
            noticed = {each.invariant.name for each in broken(OWNER)}
            assert noticed >= ATTACKS[attack][2], attack
            transaction.set_rollback(True, OWNER)
    books_hold()
