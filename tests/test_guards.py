"""The list of guards that the proof removes: complete, each with a test that is known to notice, and each comes back.

That they do notice is what `python3 start.py prove --only guards` tries.
"""

import json
from itertools import groupby

import pytest

from contracts.operations.release import MoreThanHeld
from contracts.policy import Action, Role, has_role
from contracts.states import ContractStatus
from contracts.tests.dealing import agreed
from contracts.tests.test_policy import loaded
from escrow.ledger import Insufficient
from proof.guards import every
from proof.guards_found import KNOWN, ROOT
from proof.guards_of_code import all_guards
from proof.guards_of_policy import all_cells
from proof.guards_of_tables import InTables, all_in, owner
from tests.books import books_hold

PHOTOGRAPH = """
SELECT 'constraint', conname, pg_get_constraintdef(oid) FROM pg_constraint
UNION ALL SELECT 'index', relname, pg_get_indexdef(oid) FROM pg_class WHERE relkind = 'i'
UNION ALL SELECT 'trigger', tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'right', relname, array(SELECT unnest(relacl)::text ORDER BY 1)::text FROM pg_class
UNION ALL SELECT 'right', attrelid::regclass || attname, attacl::text FROM pg_attribute WHERE attacl IS NOT NULL
UNION ALL SELECT 'right', proname, array(SELECT unnest(proacl)::text ORDER BY 1)::text FROM pg_proc
UNION ALL SELECT 'right', nspname, array(SELECT unnest(nspacl)::text ORDER BY 1)::text FROM pg_namespace
    WHERE nspname = 'public'
UNION ALL SELECT 'function', proname, prosrc || coalesce(proconfig::text, '') FROM pg_proc
"""


def photograph(database: str) -> list[tuple]:
    """Everything that a guard may be, as the catalog has it."""
    with owner(database) as connection:
        return sorted((kind, name, said or "") for kind, name, said in connection.execute(PHOTOGRAPH).fetchall())


def one_of_each_kind(database: str) -> list[InTables]:
    """And two of the rights, of which the second has columns that stay writable."""
    guards = all_in(database)
    first = [next(each) for _kind, each in groupby(guards, key=lambda guard: guard.kind)]
    return [*first, next(guard for guard in guards if guard.name == "contracts_dispute update")]


def test_each_guard_has_a_test_that_notices_and_no_test_a_guard_that_is_gone(own_database):
    names = [guard.name for guard in every(own_database)]
    assert len(set(names)) == len(names)
    assert set(names) == set(json.loads(KNOWN.read_text()))


def test_the_tests_that_notice_are_where_they_are_said_to_be():
    known = {test.partition("[")[0] for test in json.loads(KNOWN.read_text()).values()}
    places = (test.split("::") for test in known)
    assert not [f"{path}::{name}" for path, name in places if f"def {name}(" not in (ROOT / path).read_text()]


def test_what_the_database_guards_goes_away_and_comes_back(own_database):
    before = photograph(own_database)
    for guard in one_of_each_kind(own_database):
        with guard.removed([own_database]):
            assert photograph(own_database) != before, guard.name
        assert photograph(own_database) == before, guard.name


@pytest.mark.django_db
def test_what_the_code_guards_goes_away_and_comes_back():
    (guard,) = [each for each in all_guards() if each.name == "contracts/operations/release.py:release refusal 4"]
    deal = agreed("100.00", "150.00")
    with guard.removed([]), pytest.raises(Insufficient):
        deal.release(1, "100.01")
    with pytest.raises(MoreThanHeld):
        deal.release(1, "100.01")
    books_hold()


def test_a_cell_of_the_table_goes_away_and_comes_back():
    (cell,) = [each for each in all_cells() if each.name == "ROLES FUND"]
    (viewer,) = loaded(Role.CLIENT_VIEWER, ContractStatus.ACTIVE)
    with cell.removed([]):
        assert has_role(viewer, Action.FUND)
    assert not has_role(viewer, Action.FUND)
