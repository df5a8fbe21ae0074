"""What allauth asks of the site: the sentences it refuses with, in Cairn's voice, and what it does at a sign-in.

Knows no form and no page.
"""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from marketplace import sessions
from marketplace.models import User
from marketplace.security_log import security_event


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed. Write to us if you think that is wrong."),
        "email_password_mismatch": _("That email and password do not go together. Check both, then try again."),
        "email_taken": _("This email cannot be used. Choose another one."),
        "enter_current_password": _("That is not your current password. Type it again."),
        "incorrect_password": _("That is not your password. Type it again."),
        "invalid_password_reset": _("This link no longer works. Ask for a new one."),
        "same_as_current": _("That is the one you have now. Type a new one."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, then try again."),
        "rate_limited": _("That was a lot at once. Wait a minute, then try again."),
    }

    def login(self, request: HttpRequest, user: User) -> None:
        """The session gets a new key, and an end."""
        super().login(request, user)
        sessions.begin(request)
        security_event("signed_in", user=user.pk)

    def logout(self, request: HttpRequest) -> None:
        security_event("signed_out", user=request.user.pk)
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: str) -> None:
        security_event("sign_in_failed")

    def set_password(self, user: User, password: str) -> None:
        """Every other session of theirs ends with it: it was signed with the old one."""
        super().set_password(user, password)
        security_event("password_changed", user=user.pk)
