"""What is kept of a second step: the secrets of apps, and the seeds of recovery codes, encrypted. Knows no page.

The key is made from SECRET_KEY; what was encrypted under those of SECRET_KEY_FALLBACKS is still read, and
`manage.py renew_secrets` encrypts it anew. Whoever reads the table alone reads no secret.
"""

import base64
import logging

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from marketplace.security_log import security_event

SALT = "marketplace.second_step"
SECRETS = ("secret", "seed")  # of an app, and of recovery codes, in a row's `data`
logger = logging.getLogger(__name__)


def keys() -> MultiFernet:
    """Encrypts with the newest key, and reads what any of them encrypted."""
    known = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    made = [salted_hmac(SALT, "secrets", secret=key, algorithm="sha256").digest() for key in known]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in made])


def with_new_key(data: dict) -> dict:
    """A row's `data` with what was encrypted under an older key encrypted under the newest. Raises InvalidToken."""
    return data | {name: keys().rotate(data[name]).decode() for name in SECRETS if name in data}


class MFAAdapter(DefaultMFAAdapter):
    """What the library asks of the site about second steps."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "unreadable": _("Codes cannot be checked for this account right now. Write to us, so that we help you in."),
    }

    def encrypt(self, text: str) -> str:
        return keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Nothing opens with a secret that cannot be read: its key is gone, or somebody wrote it into the table."""
        try:
            return keys().decrypt(encrypted_text).decode()
        except InvalidToken:
            logger.error("A second step's secret was not encrypted under any key that is known.")
            raise self.validation_error("unreadable") from None

    def validation_error(self, code: str, *args) -> ValidationError:
        """A wrong code is written down, like a wrong password."""
        if code == "incorrect_code":
            security_event("code_refused")
        return super().validation_error(code, *args)


@transaction.atomic
def renew_secrets() -> int:
    """Encrypt everybody's secrets under the newest key, so that older ones can go; answers how many rows."""
    rows = Authenticator.objects.select_for_update(no_key=True).filter(data__has_any_keys=SECRETS)
    for row in rows:
        row.data = with_new_key(row.data)
        row.save(update_fields=["data"])
    return len(rows)
