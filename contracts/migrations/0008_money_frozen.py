"""What money stands on is frozen, by trigger (contracts/sql/money_frozen.sql)."""

from django.db import migrations

from contracts.sql import read

DROP = """
DROP TRIGGER dispute_matches ON contracts_dispute;
DROP TRIGGER refund_request_matches ON contracts_refundrequest;
DROP TRIGGER earning_matches ON contracts_earning;
DROP TRIGGER earning_frozen ON contracts_earning;
DROP TRIGGER contract_frozen ON contracts_contract;
DROP TRIGGER milestone_frozen ON contracts_milestone;
DROP FUNCTION contracts_money_frozen;
"""


class Migration(migrations.Migration):
    """The triggers; before it, only the operations kept to this."""

    dependencies = [("contracts", "0007_submission_files")]

    operations = [migrations.RunSQL(read("money_frozen"), DROP)]
