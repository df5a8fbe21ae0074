"""The way back for who lost phone and recovery codes: their second step is taken away by who has the server.

Who may ask for it, and what has to be shown first, is in docs/operations.md. Knows no page: there is none for this.
"""

from urllib.parse import urlsplit
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.models import User
from marketplace.security_log import security_event
from marketplace.sessions import end_all


class NoSecondStep(Exception):
    """There is nothing to take away."""


@transaction.atomic
def take_away(user: User, reason: str) -> None:
    """Their app and recovery codes open nothing any more, and they are signed out everywhere. Raises NoSecondStep.

    The password stays, and is all that a sign-in asks for then; staff set up a new app before they see any page.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    taken, _kinds = Authenticator.objects.filter(user=user).delete()
    if not taken:
        raise NoSecondStep
    end_all(user)
    transaction.on_commit(lambda: security_event("second_step_taken_away", user=user.pk, reason=reason))


def tell(user: User) -> None:
    """By mail, with what to do if it was not them who asked."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    context = {
        "user": user, "at": timezone.now(), "settings_url": settings.SITE_URL + reverse("mfa_index"),
        "reset_url": settings.SITE_URL + reverse("account_reset_password"),
    }  # fmt: skip
    EmailMessage(
        subject=_("One-time codes were switched off for your account"),
        body=render_to_string("marketplace/mail/second_step_taken_away.txt", context), to=[user.email],
        headers={"Message-ID": f"<second-step.{uuid4()}@{host}>", "Auto-Submitted": "auto-generated"},
    ).send()  # fmt: skip
