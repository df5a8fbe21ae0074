"""What tests of telling need: events passed on at once, and the mail that went out."""

import pytest
from django.db.models import QuerySet

from contracts.models import Event
from marketplace.prepared import Prepared
from notifications.sending import send_due
from notifications.telling import tell


@pytest.fixture
def pass_on():
    """Tell all that happened so far, as it is done after each commit."""

    def act() -> None:
        for key in Event.objects.filter(told_at=None).order_by("pk").values_list("pk", flat=True):
            tell(key)

    return act


@pytest.fixture
def outbox(mailoutbox, pass_on):
    """Tell all that happened so far and send what is due; the mail of just that."""

    def act() -> list:
        pass_on()
        del mailoutbox[:]
        send_due()
        return list(mailoutbox)

    return act


@pytest.fixture
def guard_off(monkeypatch) -> None:
    """Nobody locks a row any more."""
    for rows in (QuerySet, Prepared):
        monkeypatch.setattr(rows, "select_for_update", lambda rows, **options: rows)
