"""The one-time codes of the demo's staff: their secret is no secret, so that everybody can look around.

Knows nothing of any other mode: there, nobody is given this secret.
"""

import time

from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from marketplace import codes
from marketplace.models import User

SECRET = "CAIRNDEMOCAIRNDEMOCAIRNDEMOCAIRN"  # noqa: S105, in the demo only
SAYS = _("This is the demo: for its staff the code is %(code)s right now.")


def enrol(user: User) -> None:
    """Give one of the demo's staff the authenticator app whose codes everybody can see."""
    if not (settings.DEMO or settings.MODE == "test"):
        raise RuntimeError("Codes that everybody can see are for the demo only.")
    TOTP.activate(user, SECRET)


def code(user: User | None = None) -> str:
    """What their app shows now; for a user who used that already, what it shows next: each is good once."""
    now = int(time.time()) // app_settings.TOTP_PERIOD
    good = [format_hotp_value(hotp_value(SECRET, counter)) for counter in (now, now + 1, now - 1)]
    return next((each for each in good if not (user and codes.is_used(user, each))), good[0])


class CodeForm(codes.CodeForm):
    """The second step of signing in, which tells the demo's staff what to type."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.user.is_staff:
            self.fields["code"].help_text = SAYS % {"code": code(self.user)}


class CodeAgainForm(codes.CodeAgainForm):
    """The same, for who is asked again."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.user.is_staff:
            self.fields["code"].help_text = SAYS % {"code": code(self.user)}
