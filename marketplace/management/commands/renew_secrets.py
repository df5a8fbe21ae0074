"""`manage.py renew_secrets`: encrypt what is kept of second steps under the newest SECRET_KEY."""

from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand, CommandError

from marketplace.second_step import renew_secrets


class Command(BaseCommand):
    help = "Encrypt all secrets of second steps under SECRET_KEY, so that a key of SECRET_KEY_FALLBACKS can go."

    def handle(self, *args, **options) -> None:
        try:
            count = renew_secrets()
        except InvalidToken:
            raise CommandError(
                "A secret was encrypted under a key that is neither SECRET_KEY nor in SECRET_KEY_FALLBACKS. "
                "Nothing was changed. Put that key back, or reset_second_step for whose it is."
            ) from None
        self.stdout.write(f"{count} encrypted under SECRET_KEY.")
