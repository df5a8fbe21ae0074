"""Indexes over what lists of the administration are ordered, filtered and searched by."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('escrow', '0006_check_runs'),
        ('marketplace', '0005_teams'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='account',
            index=models.Index(fields=['kind', '-id'], name='account_of_kind'),
        ),
        migrations.AddIndex(
            model_name='journal',
            index=models.Index(condition=models.Q(('cause__in', ('deposit', 'payout_returned', 'chargeback', 'settlement', 'split', 'reversal'))), fields=['cause', '-id'], name='journal_of_seldom_cause'),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(fields=['-created_at', '-id'], name='payment_latest'),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(condition=models.Q(('status__in', ('created', 'asked', 'failed', 'refunded'))), fields=['status', '-created_at', '-id'], name='payment_of_unusual_status'),
        ),
    ]
