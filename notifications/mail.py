"""An email as it goes out: both parts from one context, and its headers. Knows no database and no server."""

from urllib.parse import urlsplit
from uuid import UUID

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone

from marketplace.models import User
from notifications.letters import Digest, Letter
from notifications.links import absolute, unsubscribe_path
from notifications.wishes import zone_named

_INLINER = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


def compose_mail(letter: Letter | Digest, *, to: User, mail: UUID) -> EmailMultiAlternatives:
    """The email that tells `to` of this; `mail` makes its Message-ID, the same however often it goes out."""
    with timezone.override(zone_named(to.time_zone)):
        html, text = rendered(letter, to)
    message = EmailMultiAlternatives(
        subject=" ".join(letter.subject.split()), body=text, to=[to.email], headers=_headers(letter, to, mail)
    )
    message.attach_alternative(html, "text/html")
    return message


def rendered(letter: Letter | Digest, to: User) -> tuple[str, str]:
    """HTML and plain text."""
    context = {
        "letter": letter,
        "address": absolute(letter.place.path),
        "site": settings.SITE_URL,
        "unsubscribe": absolute(unsubscribe_path(to.pk, letter.topics)),
    }
    html = render_to_string(f"notifications/mail/{letter.template}.html", context)
    text = render_to_string(f"notifications/mail/{letter.template}.txt", context)
    return _INLINER.inline(html), _without_gaps(text)


def _headers(letter: Letter | Digest, to: User, mail: UUID) -> dict[str, str]:
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    headers = {
        "Message-ID": f"<{mail}@{host}>",
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{absolute(unsubscribe_path(to.pk, letter.topics))}>",
    }
    if letter.topics:
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if isinstance(letter, Letter):
        thread = f"<contract.{letter.contract.pk}@{host}>"
        headers |= {"References": thread, "In-Reply-To": thread}
    return headers


def _without_gaps(text: str) -> str:
    """Not more than one empty line at a time, and none at the end."""
    lines: list[str] = []
    for line in text.splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines).strip() + "\n"
