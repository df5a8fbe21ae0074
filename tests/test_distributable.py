"""Whether the tables could be spread over many servers by contract: what is a contract's says which contract it is of.

What does not is named here with its reason, and `docs/scaling.md` knows each key, reference and trigger that would have
to change. A table is a contract's when a reference leads from it to a contract or to a scope of the ledger, over
however many other tables; people and parties are not. No engine is asked: the paper says what they ask for.
"""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader

from escrow.models import Account
from escrow.models.account import OF_PARTY, OF_SCOPE, SHARED, Kind
from tests.bare import lay_bare, refusal

PAPER = Path(__file__).resolve().parent.parent / "docs" / "scaling.md"
APPS = ("contracts", "escrow", "notifications", "marketplace")
CONTRACT, SCOPED = "contracts_contract", {"escrow_account", "escrow_journal", "escrow_payment"}
# By which reference each of these is found from its contract's rows, and why it has no `contract_id` or `scope` itself.
WITHOUT = {
    "contracts_invoice": ("earning", "it is of its issuer's series, and would be kept where the issuer is"),
    "contracts_splitoffer": ("dispute", "written before anybody asked"),
    "contracts_staffact": ("dispute", "a contract's only when it is frozen; about a user there is none"),
    "contracts_submissionfile": ("submission", "written before anybody asked"),
    "escrow_transfer": ("journal", "its journal has the scope, and 16 bytes in each transfer were saved"),
    "notifications_delivery": ("post", "it is of its recipient, and would be kept where they are"),
    "notifications_postfile": ("post", "written before anybody asked"),
}
# It never grows: what was made by a later migration than these has no excuse.
EXCUSED_UPTO = {"contracts": "0018", "escrow": "0007", "notifications": "0002"}
# Null where there is no contract: a talent's withdrawal, what a party owes, the shared accounts.
SOMETIMES = {"contracts_staffact", "escrow_account", "escrow_journal", "escrow_payment"}


@pytest.fixture(scope="module")
def ours() -> dict[str, type[models.Model]]:
    found = apps.get_models(include_auto_created=True)
    return {each._meta.db_table: each for each in found if each._meta.app_label in APPS and each._meta.managed}


@pytest.fixture(scope="module")
def of_a_contract(ours) -> set[str]:
    """The tables that are a contract's, found anew until none is added."""
    found, before = {CONTRACT, *SCOPED}, set()
    while found != before:
        before = set(found)
        found |= {table for table, model in ours.items() if leads_to(model) & before}
    return found


def leads_to(model: type[models.Model]) -> set[str]:
    """The tables that it refers to, whether the database checks that or not."""
    return {each.related_model._meta.db_table for each in model._meta.concrete_fields if each.is_relation}


def rows(question: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchall()


def carriers() -> dict[str, bool]:
    """The tables that say of which contract each row is; false where that may be left empty."""
    return dict(
        rows(
            "SELECT table_name, is_nullable = 'NO' FROM information_schema.columns WHERE table_schema = 'public'"
            " AND (column_name = 'contract_id' OR column_name = 'scope' AND table_name = ANY (%s))",
            list(SCOPED),
        )
    ) | {CONTRACT: True}


def test_what_is_a_contracts_says_so(db, of_a_contract):
    whole = {table for table, always in carriers().items() if always or table in SCOPED}
    assert of_a_contract - whole == set(WITHOUT), "give the new table a contract_id, or take its line out of WITHOUT"
    assert len(of_a_contract) > 20


def test_only_these_may_leave_it_empty(db):
    assert {table for table, always in carriers().items() if not always} == SOMETIMES


@pytest.mark.parametrize("table", WITHOUT)
def test_what_does_not_is_one_step_from_what_does(db, ours, table):
    way, reason = WITHOUT[table]
    assert ours[table]._meta.get_field(way).related_model._meta.db_table in carriers()
    assert reason


def test_no_new_table_is_excused(ours):
    loader = MigrationLoader(None)
    made = {
        (app, step.name.lower()): name
        for (app, name), migration in loader.disk_migrations.items()
        for step in migration.operations
        if step.__class__.__name__ == "CreateModel"
    }
    metas = [ours[table]._meta for table in WITHOUT]
    late = [each.db_table for each in metas if made[each.app_label, each.model_name][:4] > EXCUSED_UPTO[each.app_label]]
    assert late == []


def test_an_account_is_of_a_scope_or_of_a_party_or_shared():
    assert {*OF_SCOPE, *OF_PARTY, *SHARED} == set(Kind)
    assert len(OF_SCOPE) + len(OF_PARTY) + len(SHARED) == len(Kind)


@pytest.mark.django_db(databases=["default", "owner"])
def test_an_account_of_a_scope_or_a_party_is_never_without_it():
    lay_bare(Account._meta.db_table, but="account_owner_fits_kind")
    said = {kind: refusal("escrow_account", {"kind": kind.value, "balance": 0})[1] for kind in (*OF_SCOPE, *OF_PARTY)}
    assert said == dict.fromkeys(said, "account_owner_fits_kind")


# What the paper says of the schema is said of this one.


@pytest.fixture(scope="module")
def named() -> set[str]:
    return set(re.findall(r"`([\w.]+)`", PAPER.read_text()))


def test_the_paper_names_each_unique_key_that_would_change(db, of_a_contract, named):
    keys = rows(
        """
        SELECT indexrelid::regclass::text FROM pg_index
        WHERE indisunique AND NOT indisprimary AND indrelid::regclass::text = ANY (%s) AND NOT EXISTS (
            SELECT FROM pg_attribute WHERE attrelid = indrelid AND attnum = ANY (indkey) AND attname = 'contract_id'
        )
        """,
        list(of_a_contract),
    )
    assert {key for (key,) in keys} - named == set()
    assert len(keys) > 20


def test_the_paper_names_each_reference_between_tables_of_a_contract(db, of_a_contract, named):
    found = rows(
        """
        SELECT conrelid::regclass || '.' || attname FROM pg_constraint
        JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
        WHERE contype = 'f' AND conrelid::regclass::text = ANY (%s) AND confrelid::regclass::text = ANY (%s)
            AND attname <> 'contract_id'
        """,
        list(of_a_contract),
        list(of_a_contract),
    )
    assert {reference for (reference,) in found} - named == set()
    assert len(found) > 20


def test_the_paper_names_each_trigger(db, named):
    found = rows(
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgrelid::regclass::text ~ %s",
        f"^({'|'.join(APPS)})_",
    )
    assert {name for (name,) in found} - named == set()


def test_the_paper_names_each_table(ours, named):
    assert set(ours) - named == set()
