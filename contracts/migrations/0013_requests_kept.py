"""What was asked for in a change request is written once: the application's role can only answer or close it (B9)."""

from django.conf import settings
from django.db import migrations

TABLE, ROLE = "contracts_changerequest", f'"{settings.APPLICATION_ROLE}"'


class Migration(migrations.Migration):
    dependencies = [("contracts", "0012_proposals")]

    operations = [
        migrations.RunSQL(
            f"REVOKE UPDATE, DELETE, TRUNCATE ON {TABLE} FROM {ROLE};"
            f"GRANT UPDATE (status, closed_by_id, closed_at, answer, remind_at) ON {TABLE} TO {ROLE}",
            f"GRANT UPDATE, DELETE ON {TABLE} TO {ROLE}",
        ),
    ]
