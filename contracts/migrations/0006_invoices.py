"""An invoice for each earning: numbered without a gap, and never changed (contracts/sql/invoices.sql)."""

import django.db.models.deletion
import django.db.models.expressions
import escrow.money
import marketplace.clock
import uuid
from django.conf import settings
from django.db import migrations, models

from contracts.sql import read

DROP = """
DROP TRIGGER invoice_follows ON contracts_invoice;
DROP TRIGGER invoice_stays ON contracts_invoice;
DROP TRIGGER invoice_series_counts ON contracts_invoiceseries;
DROP FUNCTION contracts_invoice_follows;
DROP FUNCTION contracts_invoice_stays;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('contracts', '0005_money_matches'),
        ('marketplace', '0003_tax_details'),
    ]

    operations = [
        migrations.CreateModel(
            name='InvoiceSeries',
            fields=[
                ('party', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='invoice_series', serialize=False, to='marketplace.party', verbose_name='issuer')),
                ('last', models.PositiveIntegerField(default=0, verbose_name='last number')),
            ],
            options={
                'verbose_name': 'invoice series',
                'verbose_name_plural': 'invoice series',
            },
        ),
        migrations.CreateModel(
            name='Invoice',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('issued_by', models.JSONField(verbose_name='issuer on that day')),
                ('issued_to', models.JSONField(verbose_name='client on that day')),
                ('contract_title', models.CharField(max_length=120, verbose_name='contract')),
                ('item', models.TextField(blank=True, verbose_name='item')),
                ('gross', escrow.money.MoneyField(decimal_places=2, max_digits=12, verbose_name='gross')),
                ('fee', escrow.money.MoneyField(decimal_places=2, max_digits=12, verbose_name='fee')),
                ('net', escrow.money.MoneyField(decimal_places=2, max_digits=12, verbose_name='net')),
                ('issued_at', models.DateTimeField(db_default=marketplace.clock.Now(), editable=False, verbose_name='issued')),
                ('earning', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='invoice', to='contracts.earning', verbose_name='earning')),
                ('issuer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invoices', to='marketplace.party', verbose_name='issuer')),
            ],
            options={
                'verbose_name': 'invoice',
                'verbose_name_plural': 'invoices',
                'constraints': [models.UniqueConstraint(fields=('issuer', 'number'), name='invoice_numbered'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='invoice_numbered_from_one'), models.CheckConstraint(condition=models.Q(('fee__gte', 0), ('gross', django.db.models.expressions.CombinedExpression(models.F('fee'), '+', models.F('net'))), ('gross__gt', 0), ('net__gte', 0)), name='invoice_adds_up')],
            },
        ),
        migrations.RunSQL(read("invoices"), DROP),
        migrations.RunSQL(
            f'REVOKE UPDATE, DELETE, TRUNCATE ON contracts_invoice FROM "{settings.APPLICATION_ROLE}";'
            f'REVOKE DELETE, TRUNCATE ON contracts_invoiceseries FROM "{settings.APPLICATION_ROLE}"',
            f'GRANT UPDATE, DELETE ON contracts_invoice TO "{settings.APPLICATION_ROLE}";'
            f'GRANT DELETE ON contracts_invoiceseries TO "{settings.APPLICATION_ROLE}"',
        ),
    ]
