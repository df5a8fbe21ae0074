"""Files of submissions: rows that the application can add, and neither change nor delete."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contracts', '0006_invoices'),
    ]

    operations = [
        migrations.CreateModel(
            name='SubmissionFile',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('content_type', models.CharField(max_length=100, verbose_name='content type')),
                ('size', models.PositiveIntegerField(verbose_name='size in bytes')),
                ('stored', models.CharField(max_length=64, unique=True, verbose_name='stored as')),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='contracts.submission', verbose_name='submission')),
            ],
            options={
                'verbose_name': 'file',
                'verbose_name_plural': 'files',
                'ordering': ['submission', 'position'],
                'constraints': [models.UniqueConstraint(fields=('submission', 'name'), name='file_name_once_in_a_submission'), models.UniqueConstraint(fields=('submission', 'position'), name='file_position_unique'), models.CheckConstraint(condition=models.Q(('position__gte', 1), ('position__lte', 10), ('size__gte', 1), ('size__lte', 26214400), models.Q(('name', ''), _negated=True), models.Q(('stored', ''), _negated=True)), name='file_in_limits')],
            },
        ),
        migrations.RunSQL(
            f'REVOKE UPDATE, DELETE, TRUNCATE ON contracts_submissionfile FROM "{settings.APPLICATION_ROLE}"',
            f'GRANT UPDATE, DELETE ON contracts_submissionfile TO "{settings.APPLICATION_ROLE}"',
        ),
    ]
