"""The crash sweep of the proof is complete: what moves money is killed on the way, each operation under its name."""

import inspect

from contracts.operations.staff.acts import foresee
from contracts.operations.staff.doing import carry_out
from escrow.operations import payments
from proof.crash_acts import EVERY
from proof.dues import DUES
from proof.posting import operations_that_post

# Undone at once; what each act of staff is done by; and steps of all that is charged, paid back and withdrawn.
NO_OPERATION = {foresee, carry_out, payments.ask, payments.settle}


def test_each_operation_that_moves_money_is_killed_at_each_of_its_instants():
    swept = {inspect.unwrap(each.does) for each in (*EVERY, *DUES)}
    moving = operations_that_post() - set(map(inspect.unwrap, NO_OPERATION))
    assert {f"{each.__module__}.{each.__name__}" for each in moving - swept} == set()
    assert len(moving) > 25


def test_each_of_them_has_a_name_of_its_own():
    names = [each.name for each in (*EVERY, *DUES)]
    assert len(set(names)) == len(names)
