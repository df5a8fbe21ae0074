"""The last mail to whoever closed their account: read from them before they are nobody, sent afterwards."""

import logging
from smtplib import SMTPException
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace import clock
from marketplace.models import User

logger = logging.getLogger(__name__)


class Letter:
    """To the address that they have now; it stands nowhere but here until it is sent."""

    def __init__(self, user: User) -> None:
        host = urlsplit(settings.SITE_URL).hostname or "localhost"
        self.message = EmailMessage(
            subject=_("Your account is closed"), to=[user.email],
            body=render_to_string("marketplace/mail/account_closed.txt", {"name": user.name, "at": clock.now()}),
            headers={"Message-ID": f"<closed.{uuid4()}@{host}>", "Auto-Submitted": "auto-generated"},
        )  # fmt: skip

    def send(self) -> bool:
        """Once. Whether a server took it: there is nobody left to send it to again."""
        try:
            with timezone.override("UTC"):
                self.message.send()
        except (SMTPException, OSError) as failure:
            logger.warning("The last mail to a closed account was not taken: %s.", type(failure).__name__)
            return False
        return True
