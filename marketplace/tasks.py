"""What the worker does for people: mails about their teams. Knows no content."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from marketplace.models import TeamEvent
from marketplace.teams.mail import send

PATIENCE = RetryStrategy(max_attempts=10, exponential_wait=3)  # a mail server that is away: about a day in all


@app.task(name="send_team_mail", retry=PATIENCE)
def send_team_mail(event: int) -> None:
    """Tell by mail what was done to a team, if there still is somebody to tell."""
    send(TeamEvent.objects.select_related("party", "by", "person", "invitation__by").get(pk=event))
