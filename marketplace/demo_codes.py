"""The one-time codes of the demo's staff: their secret is no secret, so that everybody can look around.

Knows nothing of any other mode: there, nobody is given this secret.
"""

import time

from allauth.mfa import app_settings
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from marketplace.models import User

SECRET = "CAIRNDEMOCAIRNDEMOCAIRNDEMOCAIRN"  # noqa: S105, in the demo only
SAYS = _("This is the demo: for its staff the code is %(code)s right now.")


def enrol(user: User) -> None:
    """Give one of the demo's staff the authenticator app whose codes everybody can see."""
    if not (settings.DEMO or settings.MODE == "test"):
        raise RuntimeError("Codes that everybody can see are for the demo only.")
    TOTP.activate(user, SECRET)


def code() -> str:
    """What their app shows now."""
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // app_settings.TOTP_PERIOD))


class CodeForm(AuthenticateForm):
    """The second step of signing in, which tells the demo's staff what to type."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.user.is_staff:
            self.fields["code"].help_text = SAYS % {"code": code()}


class CodeAgainForm(ReauthenticateForm):
    """The same, for who is asked again."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.user.is_staff:
            self.fields["code"].help_text = SAYS % {"code": code()}
