"""Telling staff that the books do not hold: once when something breaks, once when money moves again.

Knows who of the staff is told. What is shown of it to them is a page of the administration.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from escrow.models import CheckRun
from marketplace.models import User
from marketplace.permissions import GROUPS


def raise_alarm(run: CheckRun) -> None:
    """Have staff told of a check, in its transaction, if it found what the check before did not."""
    before = CheckRun.objects.filter(pk__lt=run.pk).order_by("-pk").first()
    known, was_stopped = (set(before.names), before.stops) if before else (set(), False)
    if set(run.names) - known or run.stops != was_stopped:
        app.configure_task("tell_staff").defer(run=run.pk)


def tell_staff(run_id: int) -> None:
    """Send the email about a check to all staff whom it concerns. Sent twice, it has the same Message-ID."""
    run = CheckRun.objects.get(pk=run_id)
    if recipients := staff():
        context = {"run": run, "address": settings.SITE_URL + reverse("admin:escrow_checkrun_change", args=[run.pk])}
        host = urlsplit(settings.SITE_URL).hostname or "localhost"
        EmailMessage(
            subject=_subject(run), body=render_to_string("escrow/alarm.txt", context), bcc=recipients,
            headers={"Message-ID": f"<check.{run.pk}@{host}>", "Auto-Submitted": "auto-generated"},
        ).send()  # fmt: skip


def staff() -> list[str]:
    """The addresses of all staff who look after money, and those that the settings name."""
    looks_after = Q(groups__name__in=GROUPS) | Q(is_superuser=True)
    people = User.objects.filter(looks_after, is_staff=True, is_active=True)
    return sorted({*people.values_list("email", flat=True), *settings.ALARM_EMAILS})


def _subject(run: CheckRun) -> str:
    if run.stops:
        return _("Money has stopped: the books do not hold (%(names)s)") % {"names": ", ".join(run.names)}
    if run.reason or not run.broken:
        return _("Money moves again")
    return _("Alarm: something in the books does not hold (%(names)s)") % {"names": ", ".join(run.names)}
