"""Encrypts the secrets of second steps that were kept in the clear. Back again it writes them in the clear."""

from collections.abc import Callable

from django.db import migrations

from marketplace.second_step import SECRETS, MFAAdapter


def rewrite(apps, schema_editor, turn: Callable[[str], str]) -> None:
    rows = apps.get_model("mfa", "Authenticator").objects.using(schema_editor.connection.alias)
    for row in rows.filter(data__has_any_keys=SECRETS):
        row.data |= {name: turn(row.data[name]) for name in SECRETS if name in row.data}
        row.save(update_fields=["data"])


def encrypt(apps, schema_editor) -> None:
    rewrite(apps, schema_editor, MFAAdapter().encrypt)


def decrypt(apps, schema_editor) -> None:
    rewrite(apps, schema_editor, MFAAdapter().decrypt)


class Migration(migrations.Migration):
    dependencies = [
        ("marketplace", "0006_admin_lists"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(encrypt, decrypt)]
