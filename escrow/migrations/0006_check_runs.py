"""Checks of the books are kept, and while the latest found something wrong, no journal is posted."""

from django.conf import settings
from django.db import migrations, models
from psycopg import sql

import marketplace.clock
from escrow.sql import read

DROP = """
DROP TRIGGER checkrun_append_only ON escrow_checkrun;
DROP FUNCTION escrow_checked, escrow_lift, escrow_broken_seals, escrow_writers;
"""


def rights(apps, schema_editor) -> None:
    role = sql.Identifier(settings.APPLICATION_ROLE).as_string(None)
    schema_editor.execute(read("check_rights") % {"role": role})


class Migration(migrations.Migration):
    dependencies = [("escrow", "0005_no_capture")]

    operations = [
        migrations.CreateModel(
            name='CheckRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_default=marketplace.clock.Now(), editable=False, verbose_name='at')),
                ('asked', models.PositiveIntegerField(verbose_name='invariants asked')),
                ('seconds', models.DecimalField(decimal_places=2, max_digits=8, verbose_name='seconds')),
                ('broken', models.JSONField(verbose_name='broken')),
                ('stops', models.BooleanField(verbose_name='stops money')),
                ('reason', models.TextField(blank=True, verbose_name='why the stop was lifted')),
            ],
            options={
                'verbose_name': 'check of the books',
                'verbose_name_plural': 'checks of the books',
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('stops', False), ('reason', ''), _connector='OR'), name='checkrun_lifted_moves'),
                ],
            },
        ),
        migrations.RunSQL(migrations.RunSQL.noop, DROP),
        *(migrations.RunSQL(read(name), migrations.RunSQL.noop) for name in ("stop", "doors", "seal")),
        migrations.RunPython(rights, migrations.RunPython.noop),
    ]
