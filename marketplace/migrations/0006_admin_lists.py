"""Indexes over what lists of the administration are ordered, filtered and searched by."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('admin', '0003_logentry_add_action_flag_choices'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('marketplace', '0005_teams'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='job',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('title', config='simple'), name='job_words'),
        ),
        migrations.AddIndex(
            model_name='party',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('name', config='simple'), name='party_words'),
        ),
        migrations.AddIndex(
            model_name='party',
            index=models.Index(fields=['-created_at', '-id'], name='party_latest'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('name', config='simple'), name='user_words'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=models.Index(condition=models.Q(('is_staff', True)), fields=['-id'], name='user_staff'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=models.Index(condition=models.Q(('is_active', False)), fields=['-id'], name='user_suspended'),
        ),
        migrations.AddIndex(
            model_name='invitation',
            index=models.Index(fields=['-created_at', '-id'], name='invitation_latest'),
        ),
        # What staff changed in the administration is written once.
        migrations.RunSQL(
            f'REVOKE UPDATE, DELETE, TRUNCATE ON django_admin_log FROM "{settings.APPLICATION_ROLE}"',
            f'GRANT UPDATE, DELETE ON django_admin_log TO "{settings.APPLICATION_ROLE}"',
        ),
    ]
