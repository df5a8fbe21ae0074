"""Proposed contracts and money, which they never hold (contracts/sql/proposals.sql)."""

from django.db import migrations

from contracts.sql import read

DROP = """
DROP VIEW contracts_mismatch;
ALTER VIEW contracts_mismatch_once_answered RENAME TO contracts_mismatch;
"""


class Migration(migrations.Migration):
    dependencies = [("contracts", "0011_money_back")]

    operations = [migrations.RunSQL(read("proposals"), DROP)]
