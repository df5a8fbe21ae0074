"""Whoever decides on a row holds it: while somebody else does, each act waits for it before it moves money.

Another connection holds one row, and the act may wait a moment only: it has to stop at a SELECT that takes the lock. An
act that looks without a lock ends, or stops at what it writes, and is found. Races in full are told in test_*races.py.
"""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from django.db import OperationalError, connection, models, transaction
from psycopg.errors import LockNotAvailable

from contracts.models import ActKind, Event
from contracts.operations.maturing import mature
from contracts.operations.members import assign_members
from contracts.tests import dealing
from contracts.tests.dealing import Deal
from contracts.tests.staffing import agree, ask, finance, journal_of
from contracts.timers import DUE, sweep
from escrow.gateways.base import Confirmed
from escrow.models import Direction, Payment
from escrow.operations import methods, payments
from escrow.operations.returning import refund_again
from escrow.operations.starting import start_refund
from marketplace import clock
from marketplace.operations import change_tax_details
from marketplace.privacy.erasing import erase
from marketplace.suspension import suspend
from marketplace.teams import invitations, members
from marketplace.tests.inviting import confirmed
from notifications.messages.posting import edit_message, mark_read, post_message
from notifications.models import Channel, Delivery, DeliveryStatus, ReadMark
from notifications.queue import claim
from notifications.telling import tell
from tests.books import books_hold
from tests.factories import agreed

A_MOMENT = "50ms"
ASIDE = ("SAVEPOINT", "RELEASE", "ROLLBACK")
LEDGER = ("SELECT escrow_account", "SELECT posted")  # accounts are locked last, by everybody
LOCKS = ("FOR UPDATE", "FOR NO KEY UPDATE")
type Acts = dict[str, tuple[models.Model, Callable[[], object]]]


@contextmanager
def held(row: models.Model) -> Iterator[None]:
    """Within it, another connection holds this row."""
    with transaction.atomic("owner"):
        type(row)._base_manager.using("owner").select_for_update(no_key=True).only("pk").get(pk=row.pk)
        yield


def stops(row: models.Model, act: Callable[[], object]) -> str:
    """Where the act stops while the row is held: at its lock, at something else, or nowhere."""
    ran: list[str] = []

    def note(execute, sql, params, many, context):
        if not sql.startswith(ASIDE):
            ran.append(sql.lstrip())
        return execute(sql, params, many, context)

    with held(row), connection.execute_wrapper(note):
        try:
            act()
        except OperationalError as refusal:
            waited = isinstance(refusal.__cause__, LockNotAvailable)
            return "at its lock" if waited and is_first_lock(row, ran) else f"at {ran[-1]}"
        except Exception as refusal:
            return f"nowhere: {type(refusal).__name__}"
    return "nowhere"


def is_first_lock(row: models.Model, ran: list[str]) -> bool:
    """Whether the last of these took the lock of the row's table, and none before it went to the ledger."""
    is_lock = row._meta.db_table in ran[-1] and any(lock in ran[-1] for lock in LOCKS)
    return is_lock and not any(each.startswith(LEDGER) for each in ran)


def within(act: Callable[..., object], *values: object, **named: object) -> Callable[[], object]:
    """The act in a transaction: its caller's, or its own."""
    return lambda: transaction.atomic(act)(*values, **named)


def of_contracts(deal: Deal, settling: Deal) -> Acts:
    earning = deal.release(1, "60.00")
    back, charge = settling.charges[-1], Payment.objects.filter(scope=deal.key, direction=Direction.CHARGE)[0]
    refund = refunded()
    return {
        "a release": (deal.contract, partial(deal.end, "0.00")),
        "an answer about money that goes back": (back, settling.approve),
        "an earning that matures": (deal.contract, partial(mature, earning.pk)),
        "the end of a deposit": (deal.contract, partial(payments.settle, charge.pk, Confirmed(charge.reference))),
        "the end of any payment": (charge, partial(payments.settle, charge.pk, Confirmed(charge.reference))),
        "a payment that is asked for": (charge, partial(payments.ask, charge.pk)),
        "a refund": (charge, within(start_refund, charge, charge.amount, subject=uuid.uuid4())),
        "a refund that is tried again": (refund.refunds, within(refund_again, refund.pk)),
        "news of an event": (deal.contract, partial(tell, deal.contract.events.first().pk)),
    }


def refunded() -> Payment:
    """What went back of a charge of which something is left."""
    deal = dealing.agreed("100.00", "150.00")
    deal.release(1, "60.00")
    deal.ask_back("40.00")
    deal.give_back("40.00")
    return Payment.objects.get(scope=deal.key, direction=Direction.REFUND)


def of_parties(deal: Deal) -> Acts:
    bank = deal.card
    details = {"legal_name": "A", "address": "B", "country": "US", "tax_number": ""}
    return {
        "a bonus": (deal.card, partial(deal.bonus, "5.00")),
        "whom a bonus is for": (deal.talent, partial(deal.bonus, "5.00")),
        "an account that is closed": (deal.payer, partial(erase, person=deal.payer, by=deal.payer)),
        "the parties of whoever closes it": (deal.client, partial(erase, person=deal.payer, by=deal.payer)),
        "an offer": (deal.talent, partial(dealing.another, deal, "10.00")),
        "a card that is removed": (bank, partial(methods.remove_method, method=bank)),
        "the cards of a party": (deal.client, partial(methods.remove_method, method=bank)),
        "tax details": (deal.client, partial(change_tax_details, by=deal.payer, party=deal.client, **details)),
        "a suspension": (deal.payer, within(suspend, deal.payer)),
    }


def of_teams() -> Acts:
    world = agreed(agency=True)
    agency, client = world.contract.talent, world.contract.client
    member = agency.memberships.get(user=world.member)
    invited = confirmed("somebody@cairn.test")
    invitation = invitations.invite(party=client, by=world.client, email=invited.email, role="viewer")
    return {
        "who is assigned": (
            member, partial(assign_members, contract=world.contract, by=world.talent, memberships=[member]),
        ),
        "a team": (agency, partial(members.remove, party=agency, by=world.talent, person=world.member)),
        "who is removed": (member, partial(members.remove, party=agency, by=world.talent, person=world.member)),
        "who joins": (invited, partial(invitations.accept, invitation=invitation, by=invited)),
    }  # fmt: skip


def of_staff(deal: Deal, settings) -> Acts:
    settings.SECOND_PERSON_ABOVE = 0
    asks, agrees = finance(), finance()
    act = ask(ActKind.REVERSE, journal_of(deal), asks)
    return {
        "an act of staff": (act, partial(agree, act, agrees)),
        "who agrees to it": (agrees, partial(agree, act, agrees)),
    }


def of_messages(deal: Deal) -> Acts:
    wanted = {"contract": deal.contract, "by": deal.payer}
    post = post_message(**wanted, key=uuid.uuid4(), text="Hello")
    mark_read(**wanted, upto=post.pk)
    mark = ReadMark.objects.get(user=deal.payer)
    return {
        "a message": (deal.payer, partial(post_message, **wanted, key=uuid.uuid4(), text="Hello")),
        "a message that is edited": (post, partial(edit_message, post=post, by=deal.payer, text="Bye")),
        "what was read": (mark, partial(mark_read, **wanted, upto=post.pk)),
    }


def test_each_act_waits_for_the_row_that_it_decides_on(own_database, settings):
    deal, settling = dealing.agreed("100.00", "150.00"), dealing.agreed("100.00")
    settling.end("0.00")
    acts = of_contracts(deal, settling) | of_parties(deal) | of_teams() | of_staff(deal, settings) | of_messages(deal)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = %s", [A_MOMENT])
    assert {name: stops(*each) for name, each in acts.items()} == dict.fromkeys(acts, "at its lock")
    books_hold()


def test_who_looks_for_work_passes_by_what_somebody_holds(own_database):
    deal = dealing.agreed("100.00", "150.00")
    deal.submit(1)
    event = deal.contract.events.first()
    Event.objects.filter(pk=event.pk).update(told_at=None)
    letter = Delivery.objects.filter(channel=Channel.EMAIL, status=DeliveryStatus.WAITING, tries=0).first()
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = %s", [A_MOMENT])
    with held(deal.contract):
        assert not sweep(clock.now() + timedelta(days=30), DUE[:2])
    with held(event):
        assert tell(event.pk) is None
    with held(letter):
        assert letter not in [each for mail in claim(letter.post_id) for each in mail]
