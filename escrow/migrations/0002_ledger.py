"""The ledger's triggers and doors, the shared accounts, and what the application's role may do with all of it."""

from django.conf import settings
from django.db import migrations
from psycopg import sql

from escrow.sql import read

DROP = """
DROP TRIGGER journal_closed ON escrow_journal;
DROP TRIGGER transfer_moves_balances ON escrow_transfer;
DROP VIEW escrow_excess_reversal, escrow_holding, escrow_side;
DROP FUNCTION escrow_post, escrow_posted, escrow_account, escrow_seal, escrow_digest, escrow_close, escrow_move,
    escrow_shift;
DROP FUNCTION escrow_refuse CASCADE;
"""


def rights(apps, schema_editor) -> None:
    role = sql.Identifier(settings.APPLICATION_ROLE).as_string(None)
    schema_editor.execute(read("rights") % {"role": role})


class Migration(migrations.Migration):
    dependencies = [("escrow", "0001_initial")]

    operations = [
        migrations.RunSQL("INSERT INTO escrow_account (kind) VALUES ('outside'), ('fees')", migrations.RunSQL.noop),
        migrations.RunSQL(migrations.RunSQL.noop, DROP),
        *(migrations.RunSQL(read(name), migrations.RunSQL.noop) for name in (
            "append_only", "views", "transfer", "journal", "doors", "seal"
        )),
        migrations.RunPython(rights, migrations.RunPython.noop),
    ]
