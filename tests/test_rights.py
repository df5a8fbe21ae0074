"""What the application's role may do to each table, tried in plain SQL: exactly what is written here, and nothing else.

It reads everything. A statement that would touch no row is refused all the same, when the right to it is missing.
"""

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction

APPS = ("contracts", "escrow", "notifications", "marketplace")
CHANGES = ("insert", "update", "delete", "truncate")
# What may be done besides looking. The columns in brackets are the only ones that may be written later.
MAY = {
    "contracts_bonus": "insert update",
    "contracts_changerequest": "insert",
    "contracts_contract": "insert update delete",
    "contracts_contractmember": "insert update delete",
    "contracts_disclosure": "insert",
    "contracts_dispute": "insert",
    "contracts_earning": "insert update",
    "contracts_event": "insert",
    "contracts_feedback": "insert update",
    "contracts_funding": "insert update",
    "contracts_invoice": "insert",
    "contracts_invoiceseries": "insert update",
    "contracts_milestone": "insert update delete",
    "contracts_planrevision": "insert",
    "contracts_refundrequest": "insert update",
    "contracts_splitoffer": "insert",
    "contracts_staffact": "insert",
    "contracts_submission": "insert update",
    "contracts_submissionfile": "insert",
    "django_admin_log": "insert",
    "escrow_account": "",
    "escrow_checkrun": "",
    "escrow_journal": "",
    "escrow_payment": "insert update",
    "escrow_paymentmethod": "insert update",
    "escrow_seal": "",
    "escrow_transfer": "",
    "marketplace_cache": "insert update delete",
    "marketplace_clock": "",
    "marketplace_erasure": "insert",
    "marketplace_invitation": "insert",
    "marketplace_job": "insert update delete",
    "marketplace_limit": "insert update delete",
    "marketplace_membership": "insert update delete",
    "marketplace_party": "insert update delete",
    "marketplace_taxdetails": "insert update delete",
    "marketplace_teamevent": "insert",
    "marketplace_user": "insert update delete",
    "marketplace_user_groups": "insert update delete",
    "marketplace_user_user_permissions": "insert update delete",
    "notifications_conversation": "insert update delete",
    "notifications_delivery": "insert update delete",
    "notifications_post": "insert",
    "notifications_postfile": "insert",
    "notifications_preference": "insert update delete",
    "notifications_readmark": "insert update delete",
}
# Of a row that stays otherwise as it was written, what is found out later.
LATER = {
    "contracts_changerequest": {"answer", "closed_at", "closed_by_id", "remind_at", "status"},
    "contracts_dispute": {"closed_at", "closed_by_id", "decision", "paid", "returned", "status"},
    "contracts_event": {"told_at"},
    "contracts_splitoffer": {"closed_at", "closed_by_id", "status"},
    "contracts_staffact": {
        "approved_at", "approved_by_id", "done_at", "posted_id", "refusal", "refused_at", "refused_by_id",
    },
    "django_admin_log": {"object_repr"},
    "marketplace_invitation": {"closed_at", "closed_by_id", "email", "expires_at", "status"},
    "notifications_post": {"edited_at", "text"},
}  # fmt: skip
DOORS = {
    "escrow_shift(1, 1)", "escrow_posted('k', 'c', NULL, '{}', '{}', '{}', NULL)", "escrow_lift('Because')",
    "nextval('escrow_account_id_seq')", "nextval('escrow_journal_id_seq')", "nextval('escrow_transfer_id_seq')",
    "nextval('escrow_seal_id_seq')", "nextval('escrow_checkrun_id_seq')",
}  # fmt: skip
# What does as its caller may not: it finds the tables by a path of its own, whatever the caller made of theirs.
AS_THE_OWNER = (
    "cairn_advance", "contracts_dispute_freezes", "contracts_dispute_matches", "contracts_invoice_follows",
    "contracts_money_back_matches", "contracts_money_matches", "escrow_account", "escrow_checked", "escrow_close",
    "escrow_post", "escrow_seal",
)  # fmt: skip
BESIDES = {"django_admin_log", "marketplace_cache", "marketplace_limit", "marketplace_clock"}  # no models of ours


def columns_of(table: str) -> list[str]:
    with connection.cursor() as cursor:
        return [each.name for each in connection.introspection.get_table_description(cursor, table)]


def is_allowed(statement: str) -> bool:
    """Whether the role has the right to it. Whatever else stands in its way is no right that is missing."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            transaction.set_rollback(True)
    except DatabaseError as refusal:
        return refusal.__cause__.diag.sqlstate != "42501"
    return True


def tried(table: str) -> dict[str, str]:
    column = columns_of(table)[0]
    return {
        "insert": f"INSERT INTO {table} SELECT * FROM {table} WHERE false",  # noqa: S608 - the names above
        "update": f"UPDATE {table} SET {column} = {column} WHERE false",  # noqa: S608
        "delete": f"DELETE FROM {table} WHERE false",  # noqa: S608
        "truncate": f"TRUNCATE {table}",
    }


@pytest.mark.parametrize("table", MAY)
def test_the_application_changes_only_what_it_may(db, table):
    assert [change for change, statement in tried(table).items() if is_allowed(statement)] == MAY[table].split()


@pytest.mark.parametrize("table", LATER)
def test_what_was_written_once_keeps_all_but_these_columns(db, table):
    update = 'UPDATE {0} SET "{1}" = "{1}" WHERE false'
    assert {each for each in columns_of(table) if is_allowed(update.format(table, each))} == LATER[table]


@pytest.mark.parametrize("call", sorted(DOORS))
def test_the_application_has_no_key_to(db, call):
    with pytest.raises(DatabaseError, match=r"permission denied for (function|sequence)"), transaction.atomic():
        connection.cursor().execute(f"SELECT {call}")


def test_every_table_of_ours_is_here():
    ours = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if is_a_table_of_ours(model)}
    assert set(MAY) == ours | BESIDES


def is_a_table_of_ours(model: type) -> bool:
    return model._meta.app_label in APPS and model._meta.managed and not model._meta.proxy


def test_the_application_makes_nothing(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (settings.APPLICATION_ROLE,)
    assert not is_allowed("CREATE TABLE loot (id int)")
    assert not is_allowed("CREATE FUNCTION loot() RETURNS int LANGUAGE sql RETURN 1")


@pytest.mark.parametrize("function", AS_THE_OWNER)
def test_what_runs_as_the_owner_looks_nowhere_else_first(db, function):
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosecdef, proconfig FROM pg_proc WHERE proname = %s", [function])
        (as_owner, settings_of_it), *others = cursor.fetchall()
    assert as_owner
    assert not others
    assert [
        each for each in settings_of_it or [] if each.startswith("search_path=") and each.endswith("public, pg_temp")
    ]


def test_nothing_else_runs_as_the_owner(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace")
        assert {name for (name,) in cursor.fetchall()} == set(AS_THE_OWNER)
