"""A bank that takes the charge of a bonus back reverses the journal that it was earned by: that is no act of staff."""

from django.db import migrations

from contracts.sql import read


class Migration(migrations.Migration):

    dependencies = [
        ('contracts', '0017_act_without_money'),
    ]

    operations = [
        migrations.RunSQL(read("act_mismatch"), migrations.RunSQL.noop),
    ]
