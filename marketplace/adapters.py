"""What allauth asks of the site: the sentences it refuses with, in Cairn's voice. Knows no form and no page."""

from allauth.account.adapter import DefaultAccountAdapter
from django.utils.translation import gettext_lazy as _


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
