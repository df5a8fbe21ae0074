"""Whatever is posted, in whatever order: the ledger is what a dictionary of sums would be, and every invariant holds.

A state machine posts random journals between the accounts of two contracts, posts some of them again, gives some
back, and keeps a model of what must have come of it. The database agrees after each step.
"""

from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule, run_state_machine_as_test

from escrow import ledger
from escrow.ledger import Insufficient, KeyReused, Move
from escrow.models import Transfer
from escrow.tests.posting import deal
from tests.books import books_hold

OWNED = ["pending", "available", "credit", "receivable", "escrow", "initiation_fee"]
NEGATIVE = {"outside", "receivable"}
AMOUNTS = st.sampled_from(["0.01", "5.00", "1000000.00"]).map(Decimal) | st.decimals("0.01", "300.00", places=2)
WHICH = st.integers(0, 1)
DEBITS = st.tuples(WHICH, st.sampled_from(["outside", "outside", "outside", *OWNED]))
CREDITS = st.tuples(WHICH, st.sampled_from(["outside", "fees", *OWNED]))
MOVES = st.lists(st.tuples(DEBITS, CREDITS, AMOUNTS), min_size=1, max_size=6)


class Kept(NamedTuple):
    """A journal that was posted."""

    key: str
    journal: int
    moves: tuple[Move, ...]


class Books(RuleBasedStateMachine):
    """Two contracts; the outside world and the fees are theirs together."""

    journals = Bundle("journals")

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.atomic()
        self.point.__enter__()
        self.ids = [deal().ids, deal().ids]
        self.negative = {pk for ids in self.ids for kind, pk in ids.items() if kind in NEGATIVE}
        self.model: dict[int, Decimal] = defaultdict(Decimal)
        self.transfers = 0
        self.keys = 0
        self.reversed: set[int] = set()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.point.__exit__(None, None, None)

    @rule(target=journals, drawn=MOVES)
    def post(self, drawn: list) -> object:
        named = (Move(self.ids[a][debit], self.ids[b][credit], amount) for (a, debit), (b, credit), amount in drawn)
        moves = tuple(move for move in named if move.debit != move.credit)
        self.keys += 1
        key = f"fund:{self.keys}"
        posted = self.follow(moves, lambda: ledger.post(key=key, cause="fund", transfers=moves)) if moves else None
        return Kept(key, posted.journal_id, moves) if posted else multiple()

    @rule(kept=journals)
    def post_again(self, kept: Kept) -> None:
        assert ledger.post(key=kept.key, cause="fund", transfers=kept.moves) == (kept.journal, False)

    @rule(kept=journals, amount=AMOUNTS)
    def post_something_else(self, kept: Kept, amount: Decimal) -> None:
        other = (*kept.moves, kept.moves[0]._replace(amount=amount))
        with pytest.raises(KeyReused), transaction.atomic():
            ledger.post(key=kept.key, cause="fund", transfers=other)

    @rule(kept=journals)
    def give_back(self, kept: Kept) -> None:
        back = tuple(Move(move.credit, move.debit, move.amount) for move in reversed(kept.moves))
        key = f"reversal:{kept.key}"
        if kept.journal in self.reversed:
            assert not ledger.reverse(kept.journal, key=key).created
        elif self.follow(back, lambda: ledger.reverse(kept.journal, key=key)):
            self.reversed.add(kept.journal)

    def follow(self, moves: tuple[Move, ...], act) -> ledger.Posted | None:
        """Act, and let the model do the same; where the model says no, so must the ledger."""
        after = self.model.copy()
        possible = True
        for debit, credit, amount in moves:
            after[debit] -= amount
            after[credit] += amount
            possible = possible and (after[debit] >= 0 or debit in self.negative)
        if not possible:
            with pytest.raises(Insufficient), transaction.atomic():
                act()
            return None
        self.model, self.transfers = after, self.transfers + len(moves)
        posted = act()
        assert posted.created
        return posted

    @invariant()
    def the_ledger_is_what_the_model_says(self) -> None:
        held = holdings()
        assert {pk: held[pk] for ids in self.ids for pk in ids.values()} == {
            pk: self.model[pk] for ids in self.ids for pk in ids.values()
        }
        assert Transfer.objects.count() == self.transfers
        books_hold()


def holdings() -> dict[int, Decimal]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT account, held FROM escrow_holding")
        return dict(cursor.fetchall())


def test_b26_random_journals_keep_every_invariant(db):
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
