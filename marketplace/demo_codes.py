"""The one-time codes of the demo's staff: their secret is no secret, so that everybody can look around.

Knows nothing of any other mode: there, nobody is given this secret.
"""

import time

from allauth.mfa import app_settings
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

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
    codes = [format_hotp_value(hotp_value(SECRET, counter)) for counter in (now, now + 1, now - 1)]
    return next((each for each in codes if not _used(user, each)), codes[0])


def _used(user: User | None, code: str) -> bool:
    app = user and Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    return bool(app) and cache.get(app.wrap()._get_used_cache_key(code)) is not None


class CodeForm(AuthenticateForm):
    """The second step of signing in, which tells the demo's staff what to type."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.user.is_staff:
            self.fields["code"].help_text = SAYS % {"code": code(self.user)}


class CodeAgainForm(ReauthenticateForm):
    """The same, for who is asked again."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.user.is_staff:
            self.fields["code"].help_text = SAYS % {"code": code(self.user)}
