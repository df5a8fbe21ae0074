"""What the database itself refuses of the ledger, whoever asks: plain SQL as the application's role and as the owner.

The world: a funded contract, half of it released. After each attack the books are the same to the byte.
"""

import uuid

import pytest
from django.conf import settings
from django.db import DatabaseError, connections, transaction

from tests.books import books_hold

APPLICATION, OWNER = "default", "owner"
DENIED, FROZEN, REUSED, MALFORMED = "42501", "CL002", "CL001", "CL003"
CHECK, UNIQUE, FOREIGN, NULL, OVERFLOW = "23514", "23505", "23503", "23502", "22003"

CLIENT, TALENT, SCOPE = uuid.UUID(int=1), uuid.UUID(int=2), uuid.UUID(int=3)
NAMES = {
    "client": f"'{CLIENT}'",
    "talent": f"'{TALENT}'",
    "scope": f"'{SCOPE}'",
    "outside": "escrow_account('outside', NULL, NULL)",
    "fees": "escrow_account('fees', NULL, NULL)",
    "escrow": f"escrow_account('escrow', NULL, '{SCOPE}')",
    "pending": f"escrow_account('pending', '{TALENT}', NULL)",
    "fund": "(SELECT id FROM escrow_journal WHERE key = 'fund:one')",
    "release": "(SELECT id FROM escrow_journal WHERE key = 'release:one')",
    "back": "(SELECT id FROM escrow_journal WHERE key = 'reversal:one')",
}
WORLD = (
    "INSERT INTO marketplace_party (id, kind, name) VALUES ({client}, 'client', 'C'), ({talent}, 'freelancer', 'T')",
    "SELECT escrow_post('fund:one', 'fund', {scope}, ARRAY[{outside}], ARRAY[{escrow}], ARRAY[100])",
    "SELECT escrow_post('release:one', 'release', {scope},"
    " ARRAY[{escrow}, {escrow}], ARRAY[{pending}, {fees}], ARRAY[45, 5])",
    "SELECT escrow_post('reversal:one', 'reversal', {scope}, ARRAY[{pending}], ARRAY[{escrow}], ARRAY[1], {release})",
    "SELECT escrow_seal()",
)
BOOKS = ("escrow_account", "escrow_journal", "escrow_transfer", "escrow_seal")

TRANSFER = "INSERT INTO escrow_transfer (journal_id, debit_id, credit_id, amount) VALUES ({}, {}, {}, {})"
JOURNAL = "INSERT INTO escrow_journal (key, cause) VALUES ({})"
ACCOUNT = "INSERT INTO escrow_account (kind, party_id, scope, balance) VALUES ({})"
POST = "SELECT escrow_post({}, {}, {{scope}}, ARRAY[{}]::bigint[], ARRAY[{}]::bigint[], ARRAY[{}]::numeric[]{})"


def transfer(amount: object, debit: str = "{outside}", credit: str = "{escrow}", journal: str = "{fund}") -> str:
    return TRANSFER.format(journal, debit, credit, amount)


def post(
    debits: str, credit: str, amounts: str, *, key: str = "'fund:two'", cause: str = "'fund'", more: str = ""
) -> str:
    return POST.format(key, cause, debits, credit, amounts, more)


# Straight at the tables. The application's role is denied whatever it writes; the owner is refused for the reason.
AT_TABLES = {
    "more in an account": ("UPDATE escrow_account SET balance = balance + 100 WHERE id = {escrow}", FROZEN),
    "less in an account": ("UPDATE escrow_account SET balance = 0 WHERE id = {pending}", FROZEN),
    "nothing new in an account": ("UPDATE escrow_account SET balance = balance", FROZEN),
    "an update of no row": ("UPDATE escrow_account SET balance = 1 WHERE false", FROZEN),
    "an account of another party": ("UPDATE escrow_account SET party_id = {client} WHERE id = {pending}", FROZEN),
    "an account of another kind": ("UPDATE escrow_account SET kind = 'available' WHERE id = {pending}", FROZEN),
    "an account of a shared kind": ("UPDATE escrow_account SET kind = 'outside', balance = NULL", FROZEN),
    "an account away": ("DELETE FROM escrow_account WHERE id = {pending}", FROZEN),
    "accounts emptied": ("TRUNCATE escrow_account", FROZEN),
    "an account with money from nowhere": (ACCOUNT.format("'available', {talent}, NULL, 1000"), FROZEN),
    "an account below zero from the start": (ACCOUNT.format("'receivable', {talent}, NULL, -1000"), FROZEN),
    "a shared account with a balance": (ACCOUNT.format("'outside', NULL, NULL, 0"), CHECK),
    "a second outside world": (ACCOUNT.format("'outside', NULL, NULL, NULL"), UNIQUE),
    "a second account of a party": (ACCOUNT.format("'pending', {talent}, NULL, 0"), UNIQUE),
    "a second account of a scope": (ACCOUNT.format("'escrow', NULL, {scope}, 0"), UNIQUE),
    "an account of no kind we know": (ACCOUNT.format("'gold', {talent}, NULL, 0"), CHECK),
    "an account of nobody": (ACCOUNT.format("'available', NULL, NULL, 0"), CHECK),
    "an account of two": (ACCOUNT.format("'available', {talent}, {scope}, 0"), CHECK),
    "an account of a stranger": (ACCOUNT.format("'available', gen_random_uuid(), NULL, 0"), FOREIGN),
    "a stored account without a balance": (ACCOUNT.format("'available', {talent}, NULL, NULL"), CHECK),
    "an upsert into an account": (
        ACCOUNT.format("'escrow', NULL, {scope}, 0")
        + " ON CONFLICT (kind, scope) WHERE scope IS NOT NULL DO UPDATE SET balance = 1000",
        FROZEN,
    ),
    "a merge into an account": (
        "MERGE INTO escrow_account AS a USING (SELECT 1) AS one ON a.id = {escrow}"
        " WHEN MATCHED THEN UPDATE SET balance = 1000",
        FROZEN,
    ),
    "a journal's cause": ("UPDATE escrow_journal SET cause = 'bonus'", FROZEN),
    "a journal's key": ("UPDATE escrow_journal SET key = 'fund:two' WHERE id = {fund}", FROZEN),
    "a journal's time": ("UPDATE escrow_journal SET at = now() - interval '1 year'", FROZEN),
    "a journal opened again": ("UPDATE escrow_journal SET transaction = pg_current_xact_id()::text::bigint", FROZEN),
    "a journal away": ("DELETE FROM escrow_journal WHERE id = {release}", FROZEN),
    "journals emptied": ("TRUNCATE escrow_journal CASCADE", FROZEN),
    "a journal without transfers": (JOURNAL.format("'fund:two', 'fund'"), CHECK),
    "a second journal of a key": (JOURNAL.format("'fund:one', 'fund'"), UNIQUE),
    "a journal without a key": (JOURNAL.format("'', 'fund'"), CHECK),
    "a journal of no cause we know": (JOURNAL.format("'luck:one', 'luck'"), CHECK),
    "a transfer's amount": ("UPDATE escrow_transfer SET amount = 1", FROZEN),
    "a transfer's side": ("UPDATE escrow_transfer SET credit_id = {pending}", FROZEN),
    "a transfer's balance": ("UPDATE escrow_transfer SET debit_balance = 0", FROZEN),
    "a transfer away": ("DELETE FROM escrow_transfer WHERE journal_id = {release}", FROZEN),
    "transfers emptied": ("TRUNCATE escrow_transfer", FROZEN),
    "everything emptied": ("TRUNCATE escrow_account, escrow_journal, escrow_transfer, escrow_seal CASCADE", FROZEN),
    "a transfer of nothing": (transfer(0), CHECK),
    "a transfer of less than nothing": (transfer(-5), CHECK),
    "a transfer of no number": (transfer("'NaN'"), CHECK),
    "a transfer without end": (transfer("'Infinity'"), OVERFLOW),
    "a transfer beyond the cap": (transfer("1000000.01"), CHECK),
    "a transfer without an amount": (transfer("NULL"), CHECK),
    "a transfer to itself": (transfer(5, "{escrow}", "{escrow}"), CHECK),
    "a transfer below zero": (transfer("51.01", "{escrow}", "{fees}"), CHECK),
    "a transfer to nowhere": (transfer(5, credit="999999999"), FOREIGN),
    "a transfer from nowhere": (transfer(5, debit="999999999"), FOREIGN),
    "a transfer without a journal": (transfer(5, journal="999999999"), FROZEN),
    "a seal's digest": ("UPDATE escrow_seal SET digest = ''", FROZEN),
    "a seal away": ("DELETE FROM escrow_seal", FROZEN),
    "a party with money away": ("DELETE FROM marketplace_party WHERE id = {talent}", FOREIGN),
}

# Through the doors, as anybody may.
AT_DOORS = {
    "more than there is": (post("{escrow}", "{fees}", "51.01"), CHECK),
    "more than there is, in two": (post("{escrow},{escrow}", "{fees},{pending}", "50, 1.01"), CHECK),
    "nothing at all": (post("", "", ""), MALFORMED),
    "parts of a cent": (post("{outside}", "{escrow}", "5.001"), MALFORMED),
    "no number": (post("{outside}", "{escrow}", "'NaN'"), CHECK),
    "less than nothing": (post("{escrow}", "{outside}", "-5"), CHECK),
    "beyond the cap": (post("{outside}", "{escrow}", "1000000.01"), CHECK),
    "an amount without accounts": (post("{outside}", "{escrow}", "5, 5"), MALFORMED),
    "accounts without an amount": (post("{outside},{outside}", "{escrow},{escrow}", "5"), MALFORMED),
    "an amount of nothing known": (post("{outside}", "{escrow}", "NULL"), MALFORMED),
    "to itself": (post("{escrow}", "{escrow}", "5"), CHECK),
    "to nowhere": (post("{outside}", "999999999", "5"), FOREIGN),
    "no key": (post("{outside}", "{escrow}", "5", key="NULL"), NULL),
    "an empty key": (post("{outside}", "{escrow}", "5", key="''"), CHECK),
    "no cause we know": (post("{outside}", "{escrow}", "5", cause="'luck'"), CHECK),
    "a used key, another amount": (post("{outside}", "{escrow}", "101", key="'fund:one'"), REUSED),
    "a used key, another account": (post("{outside}", "{pending}", "100", key="'fund:one'"), REUSED),
    "a used key, another cause": (post("{outside}", "{escrow}", "100", key="'fund:one'", cause="'bonus'"), REUSED),
    "a reversal of more than was taken": (post("{pending}", "{escrow}", "49.01", more=", {release}"), CHECK),
    "a reversal to somebody else": (post("{escrow}", "{pending}", "5", more=", {fund}"), CHECK),
    "a reversal of a reversal": (post("{escrow}", "{pending}", "1", more=", {back}"), CHECK),
    "a reversal of nothing": (post("{escrow}", "{outside}", "1", more=", 999999999"), FOREIGN),
    "an account of no kind we know": ("SELECT escrow_account('gold', {talent}, NULL)", CHECK),
    "an account of two": ("SELECT escrow_account('escrow', {talent}, {scope})", CHECK),
    "an account of nobody": ("SELECT escrow_account('available', NULL, NULL)", CHECK),
    "an account of a stranger": ("SELECT escrow_account('available', gen_random_uuid(), NULL)", FOREIGN),
    "a second outside world": ("SELECT escrow_account('outside', {talent}, NULL)", CHECK),
}

# Around both: only a role that owns nothing is kept from these.
AROUND = {
    "the triggers off": "ALTER TABLE escrow_account DISABLE TRIGGER ALL",
    "one trigger gone": "DROP TRIGGER journal_append_only ON escrow_journal",
    "a trigger of its own": ("CREATE TRIGGER mine BEFORE INSERT ON escrow_transfer EXECUTE FUNCTION escrow_refuse()"),
    "a check gone": "ALTER TABLE escrow_account DROP CONSTRAINT account_not_below_zero",
    "another door": (
        "CREATE OR REPLACE FUNCTION public.escrow_shift(account bigint, change numeric) RETURNS numeric"
        " LANGUAGE sql AS 'SELECT 1.0'"
    ),
    "a door gone": "DROP FUNCTION escrow_move() CASCADE",
    "a table gone": "DROP TABLE escrow_seal",
    "triggers asleep": "SET session_replication_role = replica",
    "the door's inside": "SELECT escrow_shift({escrow}, 100)",
    "the next number": "SELECT nextval('escrow_transfer_id_seq')",
    "the numbers set back": "SELECT setval('escrow_journal_id_seq', 1)",
    "rows locked": "SELECT FROM escrow_account FOR NO KEY UPDATE",
    "a table locked": "LOCK TABLE escrow_transfer IN ACCESS EXCLUSIVE MODE",
    "the table itself": f'ALTER TABLE escrow_account OWNER TO "{settings.APPLICATION_ROLE}"',
    "a seal of its own": "INSERT INTO escrow_seal (upto, transfers, digest) VALUES (9, 9, '')",
}

both = pytest.mark.django_db(databases=[APPLICATION, OWNER])


def execute(role: str, statement: str) -> None:
    with connections[role].cursor() as cursor:
        cursor.execute(statement.format(**NAMES))


def books(role: str) -> list[tuple]:
    """Every row of the ledger, as text."""
    each = (f"SELECT '{table}', t::text FROM {table} AS t" for table in BOOKS)  # noqa: S608 - the names above
    with connections[role].cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return sorted(cursor.fetchall())


def make_world(role: str) -> None:
    """As the role; with nothing left that waits for a commit."""
    for statement in (*WORLD, "SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED"):
        execute(role, statement)


def refused(role: str, attack: str) -> str:
    """The SQLSTATE with which the attack was refused, now or at the commit; the books are as they were."""
    before = books(role)
    with pytest.raises(DatabaseError) as refusal, transaction.atomic(role):
        execute(role, f"{attack}; SET CONSTRAINTS ALL IMMEDIATE")
    assert books(role) == before
    books_hold(role)
    return refusal.value.__cause__.diag.sqlstate


@both
@pytest.mark.parametrize("attack", AT_TABLES)
def test_b26_the_application_cannot_write_the_tables(attack):
    make_world(APPLICATION)
    statement, _reason = AT_TABLES[attack]
    # Two it would be allowed, or never come to ask for: a party is no row of the ledger, and no column holds infinity.
    earlier = {"a party with money away": FOREIGN, "a transfer without end": OVERFLOW}
    assert refused(APPLICATION, statement) == earlier.get(attack, DENIED)


@both
@pytest.mark.parametrize("attack", AT_TABLES)
def test_b26_the_owner_cannot_bend_the_tables(attack):
    make_world(OWNER)
    statement, reason = AT_TABLES[attack]
    assert refused(OWNER, statement) == reason


@both
@pytest.mark.parametrize("role", [APPLICATION, OWNER])
@pytest.mark.parametrize("attack", AT_DOORS)
def test_b26_the_doors_let_nothing_else_through(role, attack):
    make_world(role)
    statement, reason = AT_DOORS[attack]
    assert refused(role, statement) == reason


@both
@pytest.mark.parametrize("attack", AROUND)
def test_b26_the_application_cannot_go_around(attack):
    make_world(APPLICATION)
    assert refused(APPLICATION, AROUND[attack]) == DENIED


@both
@pytest.mark.parametrize("role", [APPLICATION, OWNER])
def test_b26_a_temporary_table_of_the_same_name_is_not_taken_for_the_ledger(role):
    make_world(role)
    for table in BOOKS:
        execute(role, f"CREATE TEMPORARY TABLE {table} AS TABLE public.{table}")
    execute(role, post("{outside}", "{escrow}", "7"))
    with connections[role].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM public.escrow_transfer WHERE amount = 7")
        assert cursor.fetchone() == (1,)
        cursor.execute("DROP TABLE " + ", ".join(f"pg_temp.{table}" for table in BOOKS))
    books_hold(role)


@pytest.mark.parametrize("role", [APPLICATION, OWNER])
def test_b26_a_journal_of_the_past_takes_no_more_transfers(own_database, role):
    with transaction.atomic(OWNER):
        make_world(OWNER)
    assert refused(role, transfer(5)) == (FROZEN if role == OWNER else DENIED)
