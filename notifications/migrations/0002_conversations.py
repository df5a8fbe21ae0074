"""The inbox's rows, and what of a post the application may change: the text, and when that was. Posts are not deleted."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ROLE = f'"{settings.APPLICATION_ROLE}"'
POSTS, FILES = "notifications_post", "notifications_postfile"


class Migration(migrations.Migration):

    dependencies = [
        ('contracts', '0011_money_back'),
        ('marketplace', '0003_tax_details'),
        ('notifications', '0001_telling'),
    ]

    operations = [
        migrations.CreateModel(
            name='Conversation',
            fields=[
                ('contract', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='conversation', serialize=False, to='contracts.contract', verbose_name='contract')),
                ('client', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='marketplace.party', verbose_name='client')),
                ('talent', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='marketplace.party', verbose_name='talent')),
                ('last', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='notifications.post', verbose_name='last message')),
            ],
            options={
                'verbose_name': 'conversation',
                'verbose_name_plural': 'conversations',
                'indexes': [
                    models.Index(fields=['client', '-last'], name='conversation_of_client'),
                    models.Index(fields=['talent', '-last'], name='conversation_of_talent'),
                ],
            },
        ),
        migrations.AddField(
            model_name='readmark',
            name='unread',
            field=models.PositiveIntegerField(default=0, verbose_name='unread'),
        ),
        migrations.AddIndex(
            model_name='readmark',
            index=models.Index(condition=models.Q(('unread__gt', 0)), fields=['user'], name='read_mark_unread'),
        ),
        migrations.RunSQL(
            [
                f"REVOKE UPDATE, DELETE ON {POSTS}, {FILES} FROM {ROLE}",
                f"GRANT UPDATE (text, edited_at) ON {POSTS} TO {ROLE}",
            ],
            f"GRANT UPDATE, DELETE ON {POSTS}, {FILES} TO {ROLE}",
        ),
    ]
