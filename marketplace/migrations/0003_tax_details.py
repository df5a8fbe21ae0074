import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('marketplace', '0002_clock'),
    ]

    operations = [
        migrations.CreateModel(
            name='TaxDetails',
            fields=[
                ('party', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='tax_details', serialize=False, to='marketplace.party', verbose_name='party')),
                ('legal_name', models.CharField(blank=True, max_length=120, verbose_name='legal name')),
                ('address', models.TextField(blank=True, max_length=500, verbose_name='address')),
                ('country', models.CharField(blank=True, max_length=60, verbose_name='country')),
                ('tax_number', models.CharField(blank=True, max_length=60, verbose_name='tax number')),
            ],
            options={
                'verbose_name': 'tax details',
                'verbose_name_plural': 'tax details',
            },
        ),
    ]
