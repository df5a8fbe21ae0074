"""What lists of the administration are ordered, filtered and searched by; and what staff were shown of messages."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import marketplace.clock
from django.conf import settings
from django.db import migrations, models


ROLE = f'"{settings.APPLICATION_ROLE}"'
# What was shown to staff is written once, by whomever.
KEPT = f"""
REVOKE UPDATE, DELETE, TRUNCATE ON contracts_disclosure FROM {ROLE};
CREATE FUNCTION contracts_disclosure_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: what staff were shown stays on record.', TG_OP, TG_TABLE_NAME;
END $$;
CREATE TRIGGER disclosure_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON contracts_disclosure
    FOR EACH STATEMENT EXECUTE FUNCTION contracts_disclosure_kept();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('contracts', '0015_staff_acts'),
        ('escrow', '0007_admin_lists'),
        ('marketplace', '0006_admin_lists'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Disclosure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('message', 'one message'), ('messages', 'its messages'), ('evidence', 'the evidence of a dispute')], max_length=8, verbose_name='what')),
                ('posts', models.CharField(blank=True, max_length=60, verbose_name='which')),
                ('at', models.DateTimeField(db_default=marketplace.clock.Now(), editable=False, verbose_name='at')),
            ],
            options={
                'verbose_name': 'disclosure',
                'verbose_name_plural': 'disclosures',
            },
        ),
        migrations.AddIndex(
            model_name='bonus',
            index=models.Index(fields=['-at', '-id'], name='bonus_latest'),
        ),
        migrations.AddIndex(
            model_name='changerequest',
            index=models.Index(fields=['-at', '-id'], name='request_latest'),
        ),
        migrations.AddIndex(
            model_name='contract',
            index=models.Index(fields=['-updated_at', '-id'], name='contract_latest'),
        ),
        migrations.AddIndex(
            model_name='contract',
            index=models.Index(fields=['status', '-updated_at', '-id'], name='contract_of_status'),
        ),
        migrations.AddIndex(
            model_name='contract',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('title', config='simple'), name='contract_words'),
        ),
        migrations.AddIndex(
            model_name='dispute',
            index=models.Index(fields=['-at', '-id'], name='dispute_latest'),
        ),
        migrations.AddIndex(
            model_name='earning',
            index=models.Index(fields=['-at', '-id'], name='earning_latest'),
        ),
        migrations.AddIndex(
            model_name='feedback',
            index=models.Index(fields=['-at', '-id'], name='feedback_latest'),
        ),
        migrations.AddIndex(
            model_name='funding',
            index=models.Index(fields=['-at', '-id'], name='funding_latest'),
        ),
        migrations.AddIndex(
            model_name='invoice',
            index=models.Index(fields=['-issued_at', '-id'], name='invoice_latest'),
        ),
        migrations.AddIndex(
            model_name='refundrequest',
            index=models.Index(fields=['-at', '-id'], name='refund_request_latest'),
        ),
        migrations.AddIndex(
            model_name='submission',
            index=models.Index(fields=['-at', '-id'], name='submission_latest'),
        ),
        migrations.AddField(
            model_name='disclosure',
            name='contract',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disclosures', to='contracts.contract', verbose_name='contract'),
        ),
        migrations.AddField(
            model_name='disclosure',
            name='to',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='shown to'),
        ),
        migrations.AddIndex(
            model_name='disclosure',
            index=models.Index(fields=['contract', '-id'], name='disclosure_of_contract'),
        ),
        migrations.AddConstraint(
            model_name='disclosure',
            constraint=models.CheckConstraint(condition=models.Q(('what__in', ['message', 'messages', 'evidence'])), name='disclosure_what_valid'),
        ),
        migrations.RunSQL(
            KEPT,
            "DROP TRIGGER disclosure_stays ON contracts_disclosure; DROP FUNCTION contracts_disclosure_kept",
        ),
    ]
