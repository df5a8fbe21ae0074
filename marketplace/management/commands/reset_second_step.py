"""`manage.py reset_second_step`: somebody who lost phone and recovery codes gets in again (docs/operations.md)."""

from smtplib import SMTPException

from django.core.management.base import BaseCommand, CommandError, CommandParser

from marketplace.lost_step import NoSecondStep, take_away, tell
from marketplace.models import User

LONGEST = 200


class Command(BaseCommand):
    help = "Take away somebody's authenticator app and recovery codes, sign them out everywhere and tell them by mail."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="What they sign in with.")
        parser.add_argument("--reason", required=True, help="Why, for the log: no names, and no addresses.")

    def handle(self, *args, email: str, reason: str, **options) -> None:
        user, reason = User.objects.filter(email=email.strip().lower()).first(), reason.strip()
        if user is None:
            raise CommandError("Nobody signs in with this email.")
        if not reason or len(reason) > LONGEST or "@" in reason:
            raise CommandError(f"Say why in --reason, in at most {LONGEST} characters and without an address.")
        try:
            take_away(user, reason)
        except NoSecondStep:
            raise CommandError("They have no second step: their password alone signs them in.") from None
        try:
            tell(user)
        except (SMTPException, OSError) as error:
            said = f"Done, but the mail about it did not go out ({type(error).__name__}): tell them in another way."
            raise CommandError(said) from error
        self.stdout.write("Done. They are signed out everywhere, and a mail tells them.")
