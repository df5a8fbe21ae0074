"""The buckets of `marketplace/limits.py`. Unlogged: no commit waits for the disk, and a crash only fills them."""

from django.db import migrations

TABLE = """
CREATE UNLOGGED TABLE marketplace_limit (
    key varchar(200) PRIMARY KEY,
    full_at timestamptz NOT NULL
) WITH (fillfactor = 50);
"""


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0003_tax_details")]

    operations = [migrations.RunSQL(TABLE, "DROP TABLE marketplace_limit")]
