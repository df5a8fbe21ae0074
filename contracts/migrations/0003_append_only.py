"""Events and plan revisions are written once: the application's role can neither change nor delete them."""

from django.conf import settings
from django.db import migrations

TABLES = "contracts_event, contracts_planrevision"


class Migration(migrations.Migration):
    dependencies = [("contracts", "0002_initial")]

    operations = [
        migrations.RunSQL(
            f'REVOKE UPDATE, DELETE ON {TABLES} FROM "{settings.APPLICATION_ROLE}"',
            f'GRANT UPDATE, DELETE ON {TABLES} TO "{settings.APPLICATION_ROLE}"',
        ),
    ]
