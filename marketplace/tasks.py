"""What the worker does for people: mails about their teams, and forgetting what is over. Knows no content."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import call_command
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from marketplace import cache, limits
from marketplace.models import TeamEvent
from marketplace.privacy import sweeping
from marketplace.teams.mail import send

PATIENCE = RetryStrategy(max_attempts=10, exponential_wait=3)  # a mail server that is away: about a day in all


@app.task(name="send_team_mail", retry=PATIENCE)
def send_team_mail(event: int) -> None:
    """Tell by mail what was done to a team, if there still is somebody to tell."""
    send(TeamEvent.objects.select_related("party", "by", "person", "invitation__by").get(pk=event))


@app.periodic(cron="7 * * * *")
@app.task(name="forget", queueing_lock="forget")
def forget(timestamp: int) -> None:
    """Delete sessions that are over, what was cached of the past, and limits that nobody is near."""
    call_command("clearsessions")
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    cache.delete_expired()
    limits.forget()


@app.periodic(cron="40 3 * * *")
@app.task(name="forget_people", queueing_lock="forget_people")
def forget_people(timestamp: int) -> None:
    """Delete what is kept of people for so many days and not longer (docs/privacy.md)."""
    sweeping.sweep()
