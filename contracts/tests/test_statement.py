"""The statement of a party: every movement of its own accounts, and figures that are the ledger's to the cent."""

from datetime import UTC, date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from contracts.models import Contract
from contracts.reading import statement as reading
from contracts.reading.statement import OutOfBalance, Period, Statement, statement, this_month
from contracts.tests import billing
from escrow import ledger
from escrow.models import OF_PARTY, OF_SCOPE, Journal
from escrow.operations.bad_luck import chargeback
from marketplace import clock
from marketplace.models import Party
from tests.books import books_hold
from tests.factories import PartyFactory, accept, end, offered

pytestmark = pytest.mark.django_db
EVER = Period(date(2000, 1, 1), date(2100, 1, 1))


def movements(found: Statement) -> list[tuple[str, str, str]]:
    return [tuple(map(str, (each.incoming, each.outgoing, each.moved))) for each in found.movements]


def in_the_ledger(party: Party) -> Decimal:
    """What lies in the party's own accounts now, asked of the ledger one by one."""
    own = sum(ledger.balance(kind, party=party.pk) for kind in OF_PARTY)
    scopes = Contract.objects.filter(client=party).values_list("pk", flat=True)
    return own + sum(ledger.balance(kind, scope=scope) for kind in OF_SCOPE for scope in scopes)


def adds_up(found: Statement) -> bool:
    last = found.movements[-1].balance if found.movements else found.opening
    return found.opening + found.incoming - found.outgoing == found.closing == last


def test_i15_both_statements_say_all_that_moved_and_end_with_what_the_ledger_holds():
    contract = billing.lived().contract
    for party, expected in ((contract.client, billing.CLIENT), (contract.talent, billing.TALENT)):
        found = statement(party, EVER)
        assert movements(found) == expected
        assert adds_up(found)
        assert found.closing == in_the_ledger(party)
    books_hold()


def test_i15_what_is_left_is_said_account_by_account():
    talent = billing.lived().contract.talent
    assert [(lot.kind, str(lot.closing)) for lot in statement(talent, EVER).left] == [
        ("available", "34.00"), ("pending", "162.90"),
    ]  # fmt: skip


def test_i15_held_money_is_said_contract_by_contract():
    world = offered(2, title="First")
    found = statement(world.contract.client, EVER)
    assert [(lot.kind, lot.contract_title, str(lot.closing)) for lot in found.left] == [
        ("escrow", "First", "100.00"), ("initiation_fee", "First", "4.95"),
    ]  # fmt: skip
    books_hold()


def test_i15_each_period_begins_where_the_one_before_ended():
    contract = billing.lived().contract
    days = sorted(set(Journal.objects.values_list("at__date", flat=True)))
    for party in (contract.client, contract.talent):
        first, second = (statement(party, Period(day, day)) for day in days)
        assert first.opening == 0
        assert second.opening == first.closing
        assert second.closing == in_the_ledger(party)
        assert adds_up(first)
        assert adds_up(second)
        assert movements(first) + movements(second) == movements(statement(party, EVER))


def test_a_day_is_the_readers_own():
    world = offered(1)
    at = Journal.objects.get().at
    east = ZoneInfo("Pacific/Kiritimati") if at.astimezone(UTC).hour >= 10 else ZoneInfo("Pacific/Pago_Pago")
    there, here = at.astimezone(east).date(), at.astimezone(UTC).date()
    assert there != here
    with timezone.override(east):
        assert statement(world.contract.client, Period(there, there)).count == 1


def test_i15_a_refund_shows_where_the_money_went():
    world = offered(1)
    accept(world.contract)
    end(world.contract)
    client = world.contract.client
    found = statement(client, EVER)
    assert adds_up(found)
    assert found.closing == in_the_ledger(client) == 0
    assert [each.in_plain_words for each in found.movements][-2:] == [
        "No longer held; on its way back to you: $104.95", "Paid back to your payment method",
    ]  # fmt: skip
    books_hold()


def test_i15_a_bonus_that_the_bank_takes_back_passes_through_the_clients_statement():
    world = offered(1)
    accept(world.contract)
    payment = billing.bonus(world.contract)
    chargeback(payment.pk)
    client, talent = (statement(party, EVER) for party in (world.contract.client, world.contract.talent))
    assert movements(client)[1] == ("50.00", "50.00", "0.00")
    for found in (client, talent):
        assert adds_up(found)
        assert found.closing == in_the_ledger(found.party)
    books_hold()


def test_a_party_without_money_has_an_empty_statement():
    found = statement(PartyFactory.create(), EVER)
    assert (found.opening, found.closing, found.movements) == (0, 0, [])


def test_what_does_not_add_up_is_no_statement(monkeypatch):
    world = offered(1)
    monkeypatch.setattr(reading, "MOVEMENTS", reading.MOVEMENTS.replace("comes AND NOT goes OR", "false OR"))
    with pytest.raises(OutOfBalance):
        statement(world.contract.client, EVER)


def test_figures_count_every_movement_also_those_that_are_not_listed(monkeypatch):
    client = billing.lived().contract.client
    monkeypatch.setattr(reading, "LISTED", 3)
    found = statement(client, EVER)
    assert movements(found) == billing.CLIENT[:3]
    assert found.is_cut
    assert (found.count, found.closing) == (len(billing.CLIENT), in_the_ledger(client))


@pytest.mark.parametrize("bonuses", [0, 3])
def test_a_statement_costs_two_questions_however_much_moved(django_assert_num_queries, bonuses):
    world = offered(1)
    accept(world.contract)
    for _each in range(bonuses):
        billing.bonus(world.contract)
    client = world.contract.client
    with django_assert_num_queries(4):  # two are a savepoint's
        statement(client, EVER)


@pytest.mark.parametrize(("today", "last"), [(date(2027, 2, 28), 28), (date(2028, 2, 1), 29), (date(2026, 12, 31), 31)])
def test_this_month_is_all_of_it(today, last):
    assert this_month(today) == Period(today.replace(day=1), today.replace(day=last))


def test_nothing_of_another_partys_is_on_it():
    mine, other = offered(1), offered(1)
    assert statement(mine.contract.client, EVER).count == 1
    assert statement(other.contract.talent, EVER).count == 0
    assert statement(other.contract.client, Period(clock.now().date() + timedelta(days=2), date(2100, 1, 1))).count == 0
