"""The forms that take a one-time code: each code opens once. Knows no page, and not how a code is checked."""

from allauth.mfa import app_settings
from allauth.mfa.base import forms as doors
from allauth.mfa.models import Authenticator
from django.core.cache import cache

from marketplace.models import User
from marketplace.second_step import MFAAdapter


class CodeForm(doors.AuthenticateForm):
    """The second step of signing in."""

    def clean_code(self) -> str:
        code = super().clean_code()
        use_up(self.user, self.authenticator, code)
        return code


class CodeAgainForm(doors.ReauthenticateForm):
    """The same, for who is asked again."""

    def clean_code(self) -> str:
        code = super().clean_code()
        use_up(self.user, self.authenticator, code)
        return code


def use_up(user: User, authenticator: Authenticator, code: str) -> None:
    """An app's code opens once for as long as it is good: the library itself forgets it after 30 seconds.

    Raises ValidationError.
    """
    good_for = app_settings.TOTP_PERIOD * (1 + 2 * app_settings.TOTP_TOLERANCE)
    if authenticator.type == Authenticator.Type.TOTP and not cache.add(_used(user, code), 1, good_for):
        raise MFAAdapter().validation_error("incorrect_code")


def is_used(user: User, code: str) -> bool:
    return cache.get(_used(user, code)) is not None


def _used(user: User, code: str) -> str:
    """However it was typed: "123 456" is "123456"."""
    return f"marketplace.codes.used:{user.pk}:{''.join(filter(str.isdigit, code))}"
