"""Two at once on one contract: real threads with a connection each, in a database that they may commit to.

Each race runs many rounds with the guard, the contract's row lock. Its control takes the guard away and forces the
order of the two; then the wrong must show, or a lower layer must refuse it.
"""

import threading
from decimal import Decimal
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from psycopg import errors

from contracts.models import Contract
from contracts.operations.funding import StaleFunding
from contracts.operations.plan import PlanMoved
from contracts.plan import Plan
from contracts.refusals import NotAllowed
from contracts.tests.editing import add, edited, moved, save
from marketplace.prepared import Prepared
from tests.books import books_hold
from tests.factories import LATER, agreed, card, fund, line
from tests.racing import PATIENCE, at_once, before_first_write, kinds, wait_for_a_waiter

ROUNDS = 40


@pytest.fixture
def guard_off(monkeypatch) -> None:
    """Nobody locks a row any more."""
    for rows in (QuerySet, Prepared):
        monkeypatch.setattr(rows, "select_for_update", lambda rows, **options: rows)


def numbers(contract: Contract) -> list[int]:
    return list(contract.revisions.values_list("number", flat=True))


# Two editors, one plan


def test_x2_two_editors_saving_one_plan_make_one_revision(own_database):
    for _round in range(ROUNDS):
        people = agreed(3)
        contract, shown = people.contract, people.contract.plan()
        wishes = [edited(shown, 2, title="One"), edited(shown, 3, title="Two")]
        answers = at_once(
            partial(save, contract, wishes[0], by=people.client), partial(save, contract, wishes[1], by=people.manager)
        )
        assert kinds(answers) == {"ChangeSet": 1, "PlanMoved": 1}
        assert numbers(contract) == [1, 2]
        assert contract.plan() == wishes[isinstance(answers[0], PlanMoved)]


def test_x2_two_editors_with_one_wish_both_succeed(own_database):
    for _round in range(ROUNDS):
        people = agreed(3)
        contract, wish = people.contract, edited(people.contract.plan(), 2, title="Both")
        answers = at_once(*[partial(save, contract, wish, by=people.client)] * 2)
        assert kinds(answers) == {"ChangeSet": 1, "NoneType": 1}
        assert numbers(contract) == [1, 2]


def test_x2_control_without_the_lock_the_number_of_the_revision_catches_two_editors(own_database, guard_off):
    people = agreed(3)
    contract, shown, both_read = people.contract, people.contract.plan(), threading.Barrier(2)

    def saving(wish: Plan) -> object:
        with before_first_write(lambda: both_read.wait(PATIENCE)):
            return save(contract, wish, by=people.client)

    answers = at_once(partial(saving, edited(shown, 2, title="One")), partial(saving, edited(shown, 3, title="Two")))
    assert kinds(answers) == {"ChangeSet": 1, "IntegrityError": 1}
    (refusal,) = [answer for answer in answers if isinstance(answer, IntegrityError)]
    assert refusal.__cause__.diag.constraint_name == "plan_revision_unique"
    assert numbers(contract) == [1, 2]


def test_x2_reorder_against_reorder_leaves_one_of_the_two_orders(own_database):
    for _round in range(ROUNDS):
        people = agreed(6)
        contract, shown = people.contract, people.contract.plan()
        wishes = [moved(shown, 2, 7), moved(shown, 6, 3)]
        answers = at_once(
            partial(save, contract, wishes[0], by=people.client), partial(save, contract, wishes[1], by=people.manager)
        )
        assert kinds(answers) == {"ChangeSet": 1, "PlanMoved": 1}
        assert contract.plan() == wishes[isinstance(answers[0], PlanMoved)]
        assert list(contract.milestones.values_list("position", flat=True)) == [1, 2, 3, 4, 5, 6, 7]


def test_x2_save_against_add_loses_neither(own_database):
    for _round in range(ROUNDS):
        people, new = agreed(3), line("Added")
        contract, wish = people.contract, edited(people.contract.plan(), 3, title="Edited")
        saved, added = at_once(
            partial(save, contract, wish, by=people.client), partial(add, contract, new, by=people.manager)
        )
        assert added
        titles = [at.title for at in contract.plan()]
        if isinstance(saved, PlanMoved):
            assert titles == ["Kick-off", "Step 1", "Step 2", "Step 3", "Added"]
            assert [at.title for at in saved.merge.rebased.plan] == ["Kick-off", "Step 1", "Edited", "Step 3", "Added"]
        else:
            assert titles == ["Kick-off", "Step 1", "Edited", "Step 3", "Added"]
        assert numbers(contract) == list(range(1, 3 + (not isinstance(saved, PlanMoved))))


# The limit


def test_b03_of_ten_adders_at_199_one_wins(own_database):
    for _round in range(ROUNDS):
        people = agreed(198)
        contract = people.contract
        answers = at_once(*[partial(add, contract, line("The last"), by=people.client) for _each in range(10)])
        assert kinds(answers) == {"ChangeSet": 1, "PlanTooLong": 9}
        assert list(contract.milestones.values_list("position", flat=True)) == list(range(1, 201))
        assert numbers(contract) == [1, 2]


def test_b03_ten_adders_with_room_all_win(own_database):
    people = agreed(0)
    contract = people.contract
    answers = at_once(*[partial(add, contract, line(), by=people.client) for _each in range(10)])
    assert kinds(answers) == {"ChangeSet": 10}
    assert numbers(contract) == list(range(1, 12))
    assert list(contract.milestones.values_list("position", flat=True)) == list(range(1, 12))


def test_b03_control_without_the_lock_a_constraint_catches_the_201st(own_database, guard_off):
    people = agreed(198)
    contract, both_read = people.contract, threading.Barrier(2)

    def adding() -> object:
        with before_first_write(lambda: both_read.wait(PATIENCE)):
            return add(contract, line("The last"), by=people.client)

    (refusal,) = [answer for answer in at_once(adding, adding) if isinstance(answer, Exception)]
    # Each holds what the other's constraint waits for: whoever is told first, is told by one or by the other.
    assert isinstance(refusal.__cause__, errors.UniqueViolation | errors.DeadlockDetected)
    assert contract.milestones.count() == 200


def test_one_milestone_added_twice_at_once_is_added_once(own_database):
    for _round in range(ROUNDS):
        people, new = agreed(2), line("Once")
        contract = people.contract
        answers = at_once(*[partial(add, contract, new, by=people.client)] * 2)
        assert kinds(answers) == {"ChangeSet": 1, "NoneType": 1}
        assert contract.milestones.count() == 4


# A milestone becomes current during a save


def fund_first(contract: Contract) -> Decimal:
    """Fund the first milestone ahead; what is charged for it, which the bank decides about later."""
    payment = fund(contract.milestones.get(position=2), card(contract.client, LATER))
    assert payment
    return payment.amount


def charges(contract: Contract) -> list[Decimal]:
    """What was charged for milestones after the first, whose deposit and fee came with the offer."""
    fundings = contract.fundings.exclude(milestone=None)
    return list(fundings.values_list("charge", flat=True))


def test_b04_what_was_charged_for_a_milestone_is_its_amount_whoever_was_first(own_database):
    for _round in range(ROUNDS):
        people = agreed(3)
        contract, wish = people.contract, edited(people.contract.plan(), 2, amount=Decimal("900.00"))
        saved, charged = at_once(partial(save, contract, wish, by=people.client), partial(fund_first, contract))
        first = contract.milestones.get(position=2)
        assert first.amount == (Decimal("100.00") if isinstance(saved, PlanMoved) else Decimal("900.00"))
        if isinstance(charged, StaleFunding):  # the amount changed after it was read: nothing is charged
            assert (first.status, charges(contract)) == ("future", [])
        else:
            assert (first.status, charges(contract)) == ("funding", [charged])
            assert charged == first.amount
    books_hold()


def test_b04_no_milestone_becomes_current_between_reading_and_writing(own_database):
    people = agreed(3)
    contract, wish = people.contract, edited(people.contract.plan(), 2, amount=Decimal("900.00"))
    read = threading.Event()

    def after_reading() -> None:
        read.set()
        wait_for_a_waiter()

    def saving() -> object:
        with before_first_write(after_reading):
            return save(contract, wish, by=people.client)

    def funding() -> Decimal:
        read.wait(PATIENCE)
        return fund_first(contract)

    saved, charged = at_once(saving, funding)
    assert kinds([saved, charged]) == {"ChangeSet": 1, "StaleFunding": 1}
    first = contract.milestones.get(position=2)
    assert (first.status, first.amount, charges(contract)) == ("future", Decimal("900.00"), [])
    books_hold()


def test_s03_control_without_the_lock_the_database_keeps_a_current_milestones_amount(own_database, guard_off):
    people = agreed(3)
    contract, wish = people.contract, edited(people.contract.plan(), 2, amount=Decimal("900.00"))
    read, funded = threading.Event(), threading.Event()

    def after_reading() -> None:
        read.set()
        funded.wait(PATIENCE)

    def saving() -> object:
        with before_first_write(after_reading):
            return save(contract, wish, by=people.client)

    def funding() -> Decimal:
        read.wait(PATIENCE)
        charged = fund_first(contract)
        funded.set()
        return charged

    saved, charged = at_once(saving, funding)
    assert saved.__cause__.diag.sqlstate == "CC002"
    first = contract.milestones.get(position=2)
    assert (first.status, charged, first.amount) == ("funding", Decimal("100.00"), Decimal("100.00"))


# A right is taken away while a save waits


def test_a_role_revoked_while_a_save_waits_for_the_lock_counts(own_database):
    people = agreed(3)
    contract, wish = people.contract, edited(people.contract.plan(), 2, title="Too late")
    locked = threading.Event()

    def revoking() -> None:
        with transaction.atomic():
            Contract.objects.select_for_update(no_key=True).get(pk=contract.pk)
            locked.set()
            wait_for_a_waiter()
            people.client.memberships.all().delete()

    def saving() -> object:
        locked.wait(PATIENCE)
        return save(contract, wish, by=people.client)

    _revoked, saved = at_once(revoking, saving)
    assert isinstance(saved, NotAllowed)
    assert numbers(contract) == [1]


def test_editors_of_different_contracts_do_not_wait_for_each_other(own_database):
    one, other = agreed(2), agreed(2)
    held = threading.Event()

    def holding() -> object:
        with transaction.atomic():
            Contract.objects.select_for_update(no_key=True).get(pk=one.contract.pk)
            return held.wait(PATIENCE)

    def saving() -> object:
        changes = save(other.contract, edited(other.contract.plan(), 2, title="Mine"), by=other.client)
        held.set()
        return changes

    answers = at_once(holding, saving)
    assert answers[0] is True
    assert kinds(answers) == {"bool": 1, "ChangeSet": 1}
