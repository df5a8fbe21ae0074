"""`manage.py export_person`: everything of somebody into a file, for who answers their letter (docs/operations.md)."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from marketplace.models import User
from marketplace.privacy.export import exported
from marketplace.security_log import security_event


class Command(BaseCommand):
    help = "Write what is kept of somebody into a new ZIP, the same that they get under Settings."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="What they sign in with.")
        parser.add_argument("file", type=Path, help="Where to; a file that is there already is not touched.")

    def handle(self, *args, email: str, file: Path, **options) -> None:
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            raise CommandError("Nobody signs in with this email.")
        try:
            with file.open("xb") as written:
                file.chmod(0o600)
                written.writelines(exported(user))
        except FileExistsError:
            raise CommandError(f"{file} is there already: choose another name.") from None
        security_event("own_data_exported", user=user.pk, by="command")
        self.stdout.write(f"Done: {file}, {file.stat().st_size:,} bytes. Hand it over safely, then delete it.")
