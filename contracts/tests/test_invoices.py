"""An invoice for each earning: numbered without a gap, both sides as they stood, and never changed."""

import threading
import uuid
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import DatabaseError, connection, transaction

from contracts.models import Contract, Earning, EarningKind, EventKind, Invoice, InvoiceSeries, Side
from contracts.operations import _invoices
from contracts.operations._contract import record
from contracts.operations._invoices import issue, lock_series
from contracts.states import ContractStatus
from contracts.tests import billing
from escrow import fees, ledger
from escrow.invariants import broken
from escrow.models import Cause, Kind
from marketplace.clock import Now
from marketplace.models import Party, PartyKind, TaxDetails
from tests.books import books_hold
from tests.factories import JobFactory, PartyFactory, accept, fund, leader, offer, offered, plan
from tests.racing import PATIENCE, at_once, kinds


def agreement(talent: Party | None = None, title: str = "Small works") -> Contract:
    job = JobFactory.create()
    return Contract.objects.create(
        job=job, client=job.client, talent=talent or PartyFactory.create(kind=PartyKind.FREELANCER), title=title,
        status=ContractStatus.ACTIVE, sent_at=Now(), started_at=Now(), service_fee=Decimal("0.10"),
        initiation_fee=Decimal("4.95"), offer_days=7, review_days=14, refund_days=7, hold_days=5, bonus_days=30,
        feedback_days=14,
    )  # fmt: skip


@transaction.atomic
def earn(contract: Contract, gross: str = "100.00", *, guarded: bool = True, fail: bool = False) -> Invoice:
    """What every operation does that pays the talent, at its smallest: a bonus."""
    if guarded:
        lock_series(contract.talent_id)
    shares = fees.share(Decimal(gross), contract.service_fee)
    outside, pending, earned = ledger.accounts(
        ledger.Owned(Kind.OUTSIDE), ledger.Owned(Kind.PENDING, party=contract.talent_id), ledger.Owned(Kind.FEES)
    )
    moves = [ledger.Move(outside, pending, shares.net), ledger.Move(outside, earned, shares.fee)]
    posted = ledger.post(key=f"bonus:{uuid.uuid4()}", cause=Cause.BONUS, scope=contract.pk, transfers=moves)
    earning = Earning.objects.create(
        contract=contract, kind=EarningKind.BONUS, gross=shares.gross, fee=shares.fee, net=shares.net,
        journal_id=posted.journal_id, note="For the early delivery", matures_at=Now() + timedelta(days=5),
    )  # fmt: skip
    record(contract, kind=EventKind.BONUS_PAID, by=None, paid=shares.gross)
    invoice = issue(earning)
    if fail:
        raise DatabaseError
    return invoice


def numbers(party: Party) -> list[int]:
    return list(Invoice.objects.filter(issuer=party).order_by("number").values_list("number", flat=True))


@pytest.mark.django_db
def test_x7_invoices_of_an_issuer_are_numbered_from_one_across_its_clients():
    first, other = agreement(), agreement()
    second = agreement(first.talent)
    for contract in (first, second, other, first):
        earn(contract)
    assert numbers(first.talent) == [1, 2, 3]
    assert numbers(other.talent) == [1]
    books_hold()


@pytest.mark.django_db
def test_x7_what_rolls_back_gives_its_number_back():
    contract = agreement()
    earn(contract)
    with pytest.raises(DatabaseError):
        earn(contract, fail=True)
    earn(contract)
    assert numbers(contract.talent) == [1, 2]
    books_hold()


@pytest.mark.django_db
def test_i07_an_invoice_says_what_was_earned():
    contract = agreement(title="Garden wall")
    invoice = earn(contract, "33.35")
    assert (invoice.gross, invoice.fee, invoice.net) == (Decimal("33.35"), Decimal("3.34"), Decimal("30.01"))
    assert (invoice.contract_title, invoice.item) == ("Garden wall", "For the early delivery")
    books_hold()


@pytest.mark.django_db
def test_x7_an_invoice_keeps_both_sides_as_they_stood():
    contract = agreement()
    TaxDetails.objects.create(
        party=contract.talent, legal_name="Wall & Sons", address="1 Road\nTown", country="Norway", tax_number="NO 1"
    )
    before = earn(contract)
    TaxDetails.objects.filter(party=contract.talent).update(legal_name="Wall Limited")
    Party.objects.filter(pk=contract.client_id).update(name="Renamed")
    after = earn(contract)
    assert before.sides == (
        Side(contract.talent.name, "Wall & Sons", "1 Road\nTown", "Norway", "NO 1"),
        Side(contract.client.name),
    )
    assert [side.legal_name or side.name for side in after.sides] == ["Wall Limited", "Renamed"]
    books_hold()


SKIPPING = """
INSERT INTO contracts_invoice
    (id, earning_id, issuer_id, number, issued_by, issued_to, contract_title, item, gross, fee, net, issued_at)
SELECT gen_random_uuid(), gen_random_uuid(), issuer_id, number + 2, issued_by, issued_to, contract_title, item, gross,
    fee, net, issued_at
FROM contracts_invoice
"""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("UPDATE contracts_invoice SET gross = gross", "CC004"),
        ("DELETE FROM contracts_invoice", "CC004"),
        ("TRUNCATE contracts_invoice", "CC004"),
        ("UPDATE contracts_invoiceseries SET last = last + 2", "CC004"),
        ("UPDATE contracts_invoiceseries SET last = last - 1", "CC004"),
        (SKIPPING, "CC003"),
    ],
)
def test_i16_an_invoice_stays_and_follows_the_one_before_it(statement, refusal):
    earn(agreement())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET ROLE NONE")  # the owner of the tables
        with pytest.raises(DatabaseError) as refused, transaction.atomic():
            cursor.execute(statement)
    assert refused.value.__cause__.diag.sqlstate == refusal


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE contracts_invoice SET gross = gross",
        "DELETE FROM contracts_invoice",
        "TRUNCATE contracts_invoice",
        "DELETE FROM contracts_invoiceseries",
        "TRUNCATE contracts_invoiceseries",
    ],
)
def test_i16_the_application_may_not_even_ask(statement):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.django_db
def test_i11_an_earning_without_its_invoice_is_noticed(monkeypatch):
    monkeypatch.setitem(globals(), "issue", lambda earning: None)
    earn(agreement())
    assert [found.invariant.name for found in broken()] == ["I11-invoices"]


@pytest.mark.django_db
def test_x7_an_invoice_is_refused_without_its_series_locked():
    with pytest.raises(InvoiceSeries.DoesNotExist):
        earn(agreement(), guarded=False)


def test_x7_forty_rounds_at_once_leave_no_gap(own_database):
    talent = PartyFactory.create(kind=PartyKind.FREELANCER)
    contracts = [agreement(talent) for _each in range(2)]
    for number in range(40):
        fails = number % 4 == 0
        at_once(partial(earn, contracts[0], fail=fails), partial(earn, contracts[1]), partial(earn, contracts[0]))
    assert numbers(talent) == list(range(1, 111))
    books_hold()


def test_x7_without_its_lock_two_would_take_one_number(own_database, monkeypatch):
    talent = PartyFactory.create(kind=PartyKind.FREELANCER)
    contracts = [agreement(talent) for _each in range(2)]
    both_read, read = threading.Barrier(2), threading.local()

    def unguarded(talent_id: uuid.UUID) -> None:
        read.number = InvoiceSeries.objects.get(party=talent_id).last + 1
        both_read.wait(PATIENCE)

    def as_read(talent_id: uuid.UUID) -> int:
        InvoiceSeries.objects.filter(party=talent_id).update(last=read.number)
        return read.number

    monkeypatch.setitem(globals(), "lock_series", unguarded)
    monkeypatch.setattr(_invoices, "_next_number", as_read)
    InvoiceSeries.objects.create(party=talent)
    answers = at_once(*(partial(earn, contract) for contract in contracts))
    assert kinds(answers) == {"Invoice": 1, "IntegrityError": 1}
    assert numbers(talent) == [1]
    books_hold()


def test_x7_bonuses_and_releases_of_one_talent_at_once_block_nobody_for_good(own_database):
    first = offered(10, lines=plan(10)).contract
    client = leader(first.client)
    second = offer(client, first.job, first.talent, plan(10))
    accept(first)
    accept(second)
    for position in range(1, 11):
        milestone = first.milestones.get(position=position)
        if milestone.is_future:
            fund(milestone)
        at_once(
            partial(billing.bonus, first), partial(billing.bonus, second),
            partial(billing.release_part, first, "10.00", milestone),
        )  # fmt: skip
    assert numbers(first.talent) == list(range(1, 31))
    books_hold()
