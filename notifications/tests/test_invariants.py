"""Money that moved and was not told, told wrong, or told to half of those it concerns, is noticed (I11)."""

from datetime import timedelta

import pytest
from django.db import connection

from contracts.tests.dealing import agreed
from escrow.invariants import ask, registered
from marketplace import clock
from notifications.models import Channel, Delivery
from notifications.tasks import tell_forgotten
from tests.books import books_hold

pytestmark = pytest.mark.django_db


def wrong(name: str) -> set[str]:
    """What the invariant of this name finds, by its last column."""
    (invariant,) = (each for each in registered() if each.name == name)
    found = ask(invariant)
    return {str(row[-1]) for row in found.rows} if found else set()


def past_the_guards(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED; SET LOCAL ROLE NONE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_i11_each_event_of_money_is_told_once_by_each_channel():
    deal = agreed("100.00", "50.00")
    deal.release(1, "60.00")
    clock.advance(timedelta(minutes=14))
    assert wrong("I11-telling") == set()  # it may still be told
    clock.advance(timedelta(minutes=2))
    assert wrong("I11-telling") == {"was not told"}
    tell_forgotten()
    assert wrong("I11-telling") == set()
    Delivery.objects.filter(channel=Channel.EMAIL, post__event__kind="released").delete()
    assert wrong("I11-telling") == {"was not told by both channels"}
    books_hold()


@pytest.mark.parametrize(
    "tamper",
    [
        "UPDATE contracts_event SET paid = 60.01 WHERE kind = 'released'",
        "DELETE FROM contracts_event WHERE kind = 'released'",
        "UPDATE contracts_event SET charged = NULL WHERE kind = 'offer_sent'",
        "INSERT INTO contracts_event (contract_id, kind, returned, note)"
        " SELECT contract_id, 'money_back_agreed', 5, '' FROM contracts_event LIMIT 1",
        "DELETE FROM contracts_earning",
    ],
)
def test_i11_what_was_told_of_money_is_what_moved(tamper):
    agreed("100.00", "50.00").release(1, "60.00")
    assert wrong("I11") == set()
    past_the_guards(tamper)
    assert wrong("I11")
