"""What allauth asks of the site: the sentences it refuses with, in Cairn's voice, and what it does at a sign-in.

Knows no form and no page.
"""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailConfirmationMixin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from marketplace import email_change, sessions
from marketplace.models import User
from marketplace.security_log import security_event

FAILED_SPAN = 300  # seconds, as in ACCOUNT_RATE_LIMITS
MAILED, MAILED_TO_OLD = "account/messages/email_confirmation_sent.txt", "account/messages/email_change_asked.txt"


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

    def send_confirmation_mail(
        self, request: HttpRequest, emailconfirmation: EmailConfirmationMixin, signup: bool
    ) -> None:
        """A new address is written to once the old one has agreed."""
        if email_change.is_change(emailconfirmation.email_address):
            email_change.ask_the_old_one(request, emailconfirmation.email_address)
        else:
            super().send_confirmation_mail(request, emailconfirmation, signup)

    def send_to_new_address(self, request: HttpRequest, confirmation: EmailConfirmationMixin) -> None:
        """The last link of a change of email."""
        super().send_confirmation_mail(request, confirmation, signup=False)

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None,
        message_context: dict | None = None, *rest, **more,
    ) -> None:  # fmt: skip
        """What is said of a change of email names the address that is written to first."""
        if message_template == MAILED and request.user.is_authenticated:
            message_template, message_context = MAILED_TO_OLD, {"old": request.user.email}
        super().add_message(request, level, message_template, message_context, *rest, **more)

    def validation_error(self, code: str, *args) -> ValidationError:
        """Too many tries: said in the form that was sent, and by the answer's status too. A wrong one is on record."""
        if code == "too_many_login_attempts":
            self.request.retry_after = FAILED_SPAN
        if code == "enter_current_password":
            security_event("password_refused", user=self.request.user.pk)
        return super().validation_error(code, *args)

    def login(self, request: HttpRequest, user: User) -> None:
        """The session gets a new key, and an end."""
        super().login(request, user)
        sessions.begin(request)
        by = sessions.factors(get_authentication_records(request, user))
        security_event("signed_in", user=user.pk, by="+".join(by))

    def logout(self, request: HttpRequest) -> None:
        security_event("signed_out", user=request.user.pk)
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: str) -> None:
        """At a sign-in, or where somebody who is signed in is asked again."""
        if request.user.is_authenticated:
            security_event("password_refused", user=request.user.pk)
        else:
            security_event("sign_in_failed")

    def set_password(self, user: User, password: str) -> None:
        """Every other session of theirs ends with it: it was signed with the old one."""
        super().set_password(user, password)
        security_event("password_changed", user=user.pk)
