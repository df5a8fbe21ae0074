"""Money and states agree at every COMMIT (I5, I7, I8, S11): one view says what does not, and a trigger asks it."""

from django.conf import settings
from django.db import migrations

from contracts.sql import read

KEPT = (
    "contracts_earning, contracts_funding, contracts_submission, contracts_refundrequest, contracts_dispute, "
    "contracts_feedback, contracts_bonus"
)
DROP = """
DROP TRIGGER milestone_matches_when_added ON contracts_milestone;
DROP TRIGGER milestone_matches ON contracts_milestone;
DROP TRIGGER milestone_stays ON contracts_milestone;
DROP TRIGGER contract_matches ON contracts_contract;
DROP TRIGGER contract_holds_what_it_claims ON escrow_account;
DROP FUNCTION contracts_money_matches;
DROP FUNCTION contracts_milestone_stays;
DROP VIEW contracts_mismatch;
"""


class Migration(migrations.Migration):
    dependencies = [("contracts", "0004_money"), ("escrow", "0003_payments")]

    operations = [
        migrations.RunSQL(read("money_matches"), DROP),
        migrations.RunSQL(
            f'REVOKE DELETE, TRUNCATE ON {KEPT} FROM "{settings.APPLICATION_ROLE}"',
            f'GRANT DELETE ON {KEPT} TO "{settings.APPLICATION_ROLE}"',
        ),
    ]
