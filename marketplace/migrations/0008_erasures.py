"""Who was erased; and that of two tables which are written once, what names a person may be taken out, and only that."""

import django.db.models.deletion
import marketplace.clock
from django.conf import settings
from django.db import migrations, models

ROLE = f'"{settings.APPLICATION_ROLE}"'
ONLY_OUT = """
CREATE FUNCTION marketplace_only_out() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'check_violation', CONSTRAINT = 'only_taken_out',
        MESSAGE = format('What %s says of a person may be taken out, and not be changed.', TG_TABLE_NAME);
END $$;
CREATE TRIGGER invitation_only_out BEFORE UPDATE OF email ON marketplace_invitation
    FOR EACH ROW WHEN (NEW.email IS DISTINCT FROM OLD.email AND NEW.email NOT LIKE '%@erased.invalid')
    EXECUTE FUNCTION marketplace_only_out();
CREATE TRIGGER admin_log_only_out BEFORE UPDATE OF object_repr ON django_admin_log
    FOR EACH ROW WHEN (NEW.object_repr <> '') EXECUTE FUNCTION marketplace_only_out();
"""
DROP = """
DROP TRIGGER admin_log_only_out ON django_admin_log;
DROP TRIGGER invitation_only_out ON marketplace_invitation;
DROP FUNCTION marketplace_only_out();
"""
RIGHTS = f"""
REVOKE UPDATE, DELETE, TRUNCATE ON marketplace_erasure FROM {ROLE};
GRANT UPDATE (email) ON marketplace_invitation TO {ROLE};
GRANT UPDATE (object_repr) ON django_admin_log TO {ROLE};
"""
RIGHTS_BEFORE = f"""
REVOKE UPDATE (object_repr) ON django_admin_log FROM {ROLE};
REVOKE UPDATE (email) ON marketplace_invitation FROM {ROLE};
GRANT UPDATE, DELETE ON marketplace_erasure TO {ROLE};
"""


class Migration(migrations.Migration):

    dependencies = [
        ('admin', '0003_logentry_add_action_flag_choices'),
        ('marketplace', '0007_encrypted_secrets'),
    ]

    operations = [
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='erasure', serialize=False, to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('at', models.DateTimeField(db_default=marketplace.clock.Now(), editable=False, verbose_name='at')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'erasure',
                'verbose_name_plural': 'erasures',
                'indexes': [models.Index(fields=['at'], name='erasure_latest')],
            },
        ),
        migrations.RunSQL(ONLY_OUT, DROP),
        migrations.RunSQL(RIGHTS, RIGHTS_BEFORE),
    ]
