"""Somebody closes their account: what goes, what stays as it was to the last bit, and who they are from then on."""

import json
import logging

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.db import connections
from procrastinate.contrib.django.models import ProcrastinateJob
from psycopg import sql

from contracts.models import Event, Invoice, PlanRevision
from contracts.reading.sentences import what_happened
from contracts.tests.visiting import signed_in
from escrow.models import Journal, PaymentMethod
from escrow.operations.forgetting import forget_method
from marketplace import operations
from marketplace.models import NOWHERE, Erasure, TeamEvent, User
from marketplace.privacy.erasing import NotTheirOwn, erase
from marketplace.suspension import AccountClosed, reinstate
from notifications import queue
from notifications.models import Delivery
from notifications.sending import send_due
from tests.books import books_hold
from tests.factories import outsider
from tests.privacy.nora import EMAIL, HERS, TEXT, Nora, nora

TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
DIGEST = "SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text COLLATE \"C\"), '')) FROM {} AS t"
SAYS = "SELECT EXISTS (SELECT FROM {} AS t WHERE t::text ILIKE %s)"
# Everything that an erasing writes to; nothing of the ledger, of events, revisions, messages or work is among it.
TOUCHED = {
    "account_emailaddress", "django_session", "escrow_paymentmethod", "marketplace_erasure", "marketplace_invitation",
    "marketplace_membership", "marketplace_party", "marketplace_taxdetails", "marketplace_teamevent",
    "marketplace_user", "mfa_authenticator", "notifications_delivery", "notifications_preference",
    "notifications_readmark", "procrastinate_events", "procrastinate_jobs", "usersessions_usersession",
}  # fmt: skip


@pytest.fixture
def she(db) -> Nora:
    return nora()


@pytest.fixture
def committed(own_database) -> Nora:
    """In a database in which the owner sees her too."""
    return nora()


def asked_of_each_table(statement: str, *values: object) -> dict[str, object]:
    """As the owner, so that nothing is hidden."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(TABLES)
        found = {}
        for (table,) in cursor.fetchall():
            cursor.execute(sql.SQL(statement).format(sql.Identifier(table)), values or None)
            (found[table],) = cursor.fetchone()
    return found


def where(word: str) -> set[str]:
    return {table for table, says in asked_of_each_table(SAYS, f"%{word}%").items() if says}


def test_what_is_hers_is_nowhere_any_more_and_nothing_else_changed(committed):
    assert len(where(*HERS)) > 5
    before = asked_of_each_table(DIGEST)
    erase(person=committed.user, by=committed.user)
    after = asked_of_each_table(DIGEST)
    assert {table for table in after if before[table] != after[table]} <= TOUCHED
    for kept in ("escrow_transfer", "escrow_journal", "escrow_account", "escrow_seal", "contracts_event",
                 "contracts_planrevision", "contracts_invoice", "notifications_post"):  # fmt: skip
        assert before[kept] == after[kept]
    assert Journal.objects.count() > 3
    assert Event.objects.count() > 5
    assert PlanRevision.objects.exists()
    assert where(*HERS) == {"contracts_invoice"}
    assert {"marketplace_user", "marketplace_party", "notifications_delivery"} <= {
        table for table in after if before[table] != after[table]
    }
    books_hold()


def test_she_is_a_former_member_wherever_she_did_something(she):
    erase(person=she.user, by=she.user)
    she.user.refresh_from_db()
    she.party.refresh_from_db()
    assert she.user.name.startswith("Former member ")
    assert she.party.name == she.user.name
    assert (she.user.is_active, she.user.has_usable_password()) == (False, False)
    assert she.user.email.endswith(NOWHERE)
    room = signed_in(she.deal.payer).get(f"/contracts/{she.deal.key}/messages/").content.decode()
    assert she.user.name in room
    assert TEXT in room
    assert "Quill" not in room
    accepted = Event.objects.select_related("by").get(kind="offer_accepted")
    assert she.user.name in what_happened(accepted, None).values.values()
    invoice = signed_in(she.deal.payer).get(f"/invoices/{Invoice.objects.get().pk}/").content.decode()
    assert "Quill &amp; Daughters" in invoice


def test_she_is_out_and_her_address_is_free(she):
    assert she.browser.get("/settings/").status_code == 200
    erase(person=she.user, by=she.user)
    assert she.browser.get("/settings/").status_code == 302
    assert not Session.objects.filter(session_key=she.browser.cookies["session"].value).exists()
    assert not EmailAddress.objects.filter(email=EMAIL).exists()
    anew = operations.sign_up(email=EMAIL, password="bridges-on-bridges", name="Nora", kind="client")
    assert anew.pk != she.user.pk
    assert signed_in(anew).get(f"/contracts/{she.deal.key}/").status_code == 404


def test_one_row_says_so_without_saying_who(she, caplog, django_capture_on_commit_callbacks):
    with (
        caplog.at_level(logging.INFO, logger="cairn.security"),
        django_capture_on_commit_callbacks(execute=True),
    ):
        done = erase(person=she.user, by=she.user)
        assert erase(person=she.user, by=None) == done
    assert Erasure.objects.get() == done
    assert (done.person_id, done.by_id) == (she.user.pk, she.user.pk)
    assert TeamEvent.objects.filter(person=she.user, kind="left").count() == 1
    (line,) = [each for each in caplog.records if each.message == "person_erased"]
    assert line.facts == {"user": she.user.pk, "by": she.user.pk}
    assert "quill" not in json.dumps(line.facts).lower()
    with pytest.raises(AccountClosed):
        reinstate(she.user)


def test_nobody_closes_the_account_of_somebody_else(she):
    with pytest.raises(NotTheirOwn):
        erase(person=she.user, by=outsider())
    assert User.objects.get(pk=she.user.pk).email == EMAIL


def test_the_provider_is_told_to_forget_her_bank_account_until_it_does(she):
    erase(person=she.user, by=she.user)
    method = PaymentMethod.objects.get(pk=she.account.pk)
    assert (method.brand, method.last4, method.token) == ("removed", "0000", she.account.token)
    assert method.removed_at
    (job,) = ProcrastinateJob.objects.filter(task_name="forget_method")
    assert job.args == {"method": method.pk}
    for _twice in range(2):
        forget_method(method.pk)
    assert PaymentMethod.objects.get(pk=method.pk).token == f"forgotten-{method.pk}"


def test_mail_that_is_due_is_dropped_and_what_is_being_sent_leaves_no_trace(committed):
    Delivery.objects.exclude(recipient=committed.user).delete()
    assert Delivery.objects.filter(channel="email", status="waiting").count() > 1
    claimed, *rest = queue.claim()
    queue.give_back(rest)
    assert [each.recipient_id for each in claimed] == [committed.user.pk]
    erase(person=committed.user, by=committed.user)
    queue.failed(claimed, f"550 no such user {EMAIL}", for_good=True)
    queue.sent(claimed)
    assert not Delivery.objects.filter(recipient=committed.user).exists()
    send_due()
    assert where(EMAIL) == set()
