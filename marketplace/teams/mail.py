"""The mails about a team: to whom was invited, to whom it is about, to whom invited them. Knows no moment to send one.

Each act is one mail to one person, with the same Message-ID however often it goes out.
"""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from marketplace import clock
from marketplace.models import TeamEvent, TeamEventKind, User
from marketplace.teams.invitations import is_open, token_of

_INLINER = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
NEWS_FOR = timedelta(days=2)
_K = TeamEventKind
INVITING = frozenset({_K.INVITED, _K.INVITED_AGAIN})


@dataclass(frozen=True)
class TeamLetter:
    """What a mail is rendered from; `label` is what its link to `path` says."""

    event: TeamEvent
    to: str
    text: str
    path: str
    label: str

    @property
    def subject(self) -> str:
        return " ".join(self.text.format(**self._names).split())

    @property
    def heading(self) -> SafeString:
        """The same for the HTML part: what people typed is set apart."""
        return format_html(self.text, **{key: format_html("<bdi>{}</bdi>", name) for key, name in self._names.items()})

    @property
    def _names(self) -> dict[str, str]:
        person = self.event.person.name if self.event.person else ""
        return {"by": self.event.by.name, "person": person, "party": self.event.party.name}


def send(event: TeamEvent) -> None:
    """Send the mail about this act, unless nobody needs it any more: what is long past is no news."""
    letter = letter_about(event) if clock.now() - event.at < NEWS_FOR else None
    if letter:
        with timezone.override("UTC"):
            compose(letter).send()


def letter_about(event: TeamEvent) -> TeamLetter | None:
    """None for an act that nobody is told of, or who was to be told is not there any more."""
    if event.kind in INVITING:
        return _invitation(event)
    team = reverse("marketplace:team", args=[event.party_id])
    if event.kind in {_K.JOINED, _K.DECLINED} and event.invitation and _is_told(event.invitation.by, event):
        text = _("{person} joined {party}") if event.kind == _K.JOINED else _("{person} did not join {party}")
        return TeamLetter(event, event.invitation.by.email, text, team, _("Open the team"))
    if event.kind == _K.ROLE_CHANGED and _is_told(event.person, event):
        return TeamLetter(event, event.person.email, _("Your role at {party} changed"), team, _("Open the team"))
    if event.kind == _K.REMOVED and event.person and event.person.is_active:
        text, home = _("You do not act for {party} any more"), reverse("marketplace:settings")
        return TeamLetter(event, event.person.email, text, home, _("Open your settings"))
    return None


def compose(letter: TeamLetter) -> EmailMultiAlternatives:
    """Both parts of it, from one context."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    context = {"letter": letter, "event": letter.event, "address": f"{settings.SITE_URL}{letter.path}"}
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=render_to_string("marketplace/mail/team.txt", context).strip() + "\n",
        to=[letter.to],
        headers={"Message-ID": f"<team.{letter.event.pk}@{host}>", "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(_INLINER.inline(render_to_string("marketplace/mail/team.html", context)), "text/html")
    return message


def _invitation(event: TeamEvent) -> TeamLetter | None:
    invitation = event.invitation
    if invitation is None or invitation.is_erased or not is_open(invitation):
        return None
    path = reverse("marketplace:invitation", args=[token_of(invitation)])
    return TeamLetter(event, invitation.email, _("{by} invites you to act for {party}"), path, _("Read and answer"))


def _is_told(person: User | None, event: TeamEvent) -> bool:
    """Whether somebody is still on the team that it is about."""
    return person is not None and person.is_active and event.party.memberships.filter(user=person).exists()
