from django.db import migrations, models

from escrow.sql import read


class Migration(migrations.Migration):

    dependencies = [
        ('escrow', '0003_payments'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(condition=models.Q(('direction', 'refund'), ('status__in', ('failed', 'refunded'))), fields=['settled_at'], name='payment_refund_came_back'),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(condition=models.Q(('direction', 'refund')), fields=['subject', 'created_at'], name='payment_refund_tries'),
        ),
        migrations.RunSQL(read("payments"), migrations.RunSQL.noop),
    ]
