"""A new version's migrations run while the old one serves: none may hold up its pages, or take away what it reads.

Knows the first version's migrations, which met an empty database. Squawk says what a statement locks, and for how long.
"""

import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

FIRST = {"marketplace": 7, "escrow": 7, "contracts": 18, "notifications": 2}
# Those after the first that are found fault with and do no harm: "app.name" and why, for instance for an empty table.
HARMLESS: dict[str, str] = {}
# migrate is given its lock timeout by PGOPTIONS, and runs each migration in one transaction; the rest is taste.
NOT_ASKED = (
    "require-lock-timeout", "require-statement-timeout", "require-timeout-settings", "prefer-robust-stmts",
    "transaction-nesting", "prefer-text-field", "prefer-identity", "prefer-bigint-over-int",
    "prefer-bigint-over-smallint", "prefer-timestamptz", "ban-char-field",
)  # fmt: skip


def faults(sql: str) -> str:
    """What squawk says against this; empty when nothing."""
    words = [Path(sys.executable).with_name("squawk"), "--pg-version=18", "--reporter=gcc", "--stdin-filepath=sql"]
    words += ["--assume-in-transaction", f"--exclude={','.join(NOT_ASKED)}"]
    done = subprocess.run(words, input=sql, capture_output=True, text=True, check=False)
    assert done.returncode in {0, 1}, done.stderr
    return done.stdout.strip() if done.returncode else ""


def statements(app: str, name: str) -> str:
    """What the migration says to the database; what it does in Python is not among it."""
    written = StringIO()
    call_command("sqlmigrate", app, name, database="owner", stdout=written)
    return written.getvalue()


def later() -> list[tuple[str, str]]:
    """Our migrations after those of the first version."""
    names = MigrationLoader(None).disk_migrations
    return sorted((app, name) for app, name in names if app in FIRST and int(name[:4]) > FIRST[app])


@pytest.mark.django_db(databases=["default", "owner"])
def test_no_migration_after_the_first_version_holds_up_the_pages():
    found = {f"{app}.{name}": faults(statements(app, name)) for app, name in later()}
    assert {name for name, said in found.items() if said} == set(HARMLESS), found


@pytest.mark.django_db(databases=["default", "owner"])
def test_a_migration_that_would_hold_up_an_installation_is_found_by_its_name():
    assert "constraint-missing-not-valid" in faults(statements("contracts", "0017_act_without_money"))


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("CREATE INDEX late ON contracts_event (at);", "require-concurrent-index-creation"),
        ("ALTER TABLE contracts_event ADD CONSTRAINT late CHECK (id > 0);", "constraint-missing-not-valid"),
        ("ALTER TABLE contracts_event DROP COLUMN at;", "ban-drop-column"),
        ("ALTER TABLE contracts_event RENAME COLUMN at TO moment;", "renaming-column"),
        ("ALTER TABLE contracts_event ALTER COLUMN kind SET NOT NULL;", "adding-not-nullable-field"),
        ("ALTER TABLE contracts_event ALTER COLUMN kind TYPE varchar(9);", "changing-column-type"),
        ("DROP TABLE contracts_event;", "ban-drop-table"),
    ],
)
def test_what_would_hold_them_up_is_found(statement, rule):
    assert rule in faults(f"BEGIN;\n{statement}\nCOMMIT;\n")


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE late (id bigint PRIMARY KEY, at timestamptz NOT NULL); CREATE INDEX late_at ON late (at);",
        'ALTER TABLE contracts_event ADD COLUMN "late" boolean NULL;',
        "ALTER TABLE contracts_event ADD COLUMN late boolean DEFAULT false NOT NULL;",
        "ALTER TABLE contracts_event ADD CONSTRAINT late CHECK (id > 0) NOT VALID;",
        "CREATE OR REPLACE VIEW late AS SELECT 1;",
    ],
)
def test_what_holds_up_nothing_is_let_pass(statement):
    assert faults(f"BEGIN;\n{statement}\nCOMMIT;\n") == ""
