"""Whatever people, banks and the clock do to a contract, in whatever order: its money is what a model of it says.

A state machine does everything there is to do, allowed or not, with random amounts, cards and days, and posts old
forms again, until each thing was done at least once. After each step the figures are the model's to the cent and every
invariant holds. The seed is printed; CAIRN_SEED repeats a run, and CAIRN_STEPS asks for more than a thousand steps.
"""

import os
import random
import traceback
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial

from django.contrib.auth.models import Group
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from contracts import timers
from contracts.models import Contract
from contracts.operations.offers import decline_offer, withdraw_offer
from contracts.operations.withdrawal import withdraw
from contracts.plan import Plan
from contracts.refusals import ContractError
from contracts.tests import dealing
from contracts.tests.dealing import Deal, bank, hear, nobody
from contracts.tests.editing import save
from contracts.tests.kept import Kept
from contracts.tests.life_disputes import Disputes
from contracts.tests.life_draws import (
    AMOUNTS,
    CARDS,
    EVERYTHING,
    NUMBERS,
    PLANS,
    SHARES,
    SIDES,
    dollars,
    likely,
    plan,
    text,
)
from contracts.tests.life_ends import Ends
from contracts.tests.life_purse import Charge
from escrow import ledger
from escrow.models import Kind, Payment
from escrow.operations.refusals import PaymentError
from marketplace import clock
from marketplace.permissions import FINANCE
from tests.books import books_hold
from tests.factories import UserFactory, card
from tests.factories import bank as account
from tests.screens import hold_between

STEPS = int(os.environ.get("CAIRN_STEPS", "1000"))
SEED = int(os.environ.get("CAIRN_SEED") or random.SystemRandom().randrange(10**9))
LIVES, STEPS_OF_A_LIFE = 5, 80


@contextmanager
def told() -> Iterator[None]:
    """Print what fails at once: the life that is lived again to be sure may come to something else."""
    try:
        yield
    except Exception:
        traceback.print_exc()
        raise


class Life(Ends, RuleBasedStateMachine):
    """One client, one talent, one contract after another."""

    steps = 0
    seen: Counter[str] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.deal: Deal = nobody()
        self.cards = {name: card(self.deal.client, number) for name, number in NUMBERS.items()}
        self.account = account(self.deal.talent)
        self.model = Disputes()
        self.finance = UserFactory.create(is_staff=True)
        self.finance.groups.add(Group.objects.get(name=FINANCE))
        self.before = ledger.balance(Kind.FEES)
        self.posted: list[tuple[Callable, object]] = []
        self.waiting: list[tuple[str, Payment]] = []
        self.charged: list[tuple[Charge, Payment]] = []
        self.kept = Kept()

    def teardown(self) -> None:
        """Both sides read what the ledger says (I15). Then let all that could come due do so: fees are everybody's."""
        with told():
            hold_between(self.deal.client, self.deal.talent)
            clock.advance(timedelta(days=60))
            timers.sweep()

    def tried(self, act: Callable, allowed: bool, *, again: bool = False) -> object:
        """What the act answered; refused exactly when the model says so. A form that can be posted again is kept."""
        try:
            answer = act()
        except (ContractError, PaymentError) as refusal:
            assert not allowed, f"{type(refusal).__name__}: {refusal}"  # noqa: PT017 - either may be
            return None
        assert allowed, f"This was allowed, with {answer!r}."
        Life.seen[self.what] += 1
        if again:
            self.posted.append((act, answer))
        return answer

    def paid(self, act: Callable, what: str, do: Callable[[], bool]) -> None:
        """An act that may charge, and what became of its charge."""
        known = len(self.model.purse.charges)
        answer = self.tried(act, do())
        if isinstance(answer, Payment):
            self.posted.append((act, answer))
            self.waiting += [(what, answer)] if answer.is_open else []
            self.count_charges(known, answer)

    def count_charges(self, known: int, payment: Payment) -> None:
        self.charged += [(charge, payment) for charge in self.model.purse.charges[known:]]

    @rule(data=st.data())
    def something_happens(self, data: st.DataObject) -> None:
        """One of the things that make sense to try now; most of them are allowed, some are not."""
        self.what = data.draw(st.sampled_from(self.likely), label="what")
        with told():
            getattr(self, self.what)(data.draw)

    @property
    def likely(self) -> list[str]:
        left = [each for each in self.charged if each[0].left]
        return likely(self.model, bank_decides=self.waiting, post_again=self.posted, charge_back=left)

    # The offer

    def offer(self, draw: Callable) -> None:
        amounts, chosen = draw(PLANS), draw(CARDS)
        deal = self.deal = replace(self.deal, key=uuid.uuid4())
        wish, method = plan(amounts), self.cards[chosen]
        self.paid(lambda: deal.offer(wish, method=method), "deposit", lambda: self.model.offer(amounts, chosen))

    def change(self, draw: Callable) -> None:
        amounts, chosen = draw(PLANS), draw(CARDS)
        act = partial(
            self.deal.change, plan(amounts), base=self.model.version, key=uuid.uuid4(), method=self.cards[chosen]
        )
        self.paid(act, "deposit", lambda: self.model.change(amounts, chosen))

    def pay_deposit(self, draw: Callable) -> None:
        chosen = draw(CARDS)
        act = partial(self.deal.pay_deposit, self.cards[chosen], uuid.uuid4())
        self.paid(act, "deposit", lambda: self.model.follow(chosen))

    def accept(self, draw: Callable) -> None:
        self.tried(partial(self.deal.accept, self.model.version), self.model.accept())

    def close_offer(self, draw: Callable) -> None:
        by = draw(SIDES)
        act = withdraw_offer if by == "client" else decline_offer
        self.tried(partial(act, contract=self.deal.contract, by=self.user(by)), self.model.close_offer(by))

    # The milestones

    def fund(self, draw: Callable) -> None:
        chosen, place = draw(CARDS), self.model.plan.index(self.model.next) + 1
        self.paid(self.deal.funding(place, self.cards[chosen]), "milestone", lambda: self.model.fund(chosen))

    def submit(self, draw: Callable) -> None:
        self.tried(partial(self.deal.submit, self.place, key=uuid.uuid4()), self.model.submit(), again=True)

    def send_back(self, draw: Callable) -> None:
        number = self.model.current.submitted
        act = partial(self.deal.send_back, self.place, number, f"Not quite, {Life.steps}.")
        self.tried(act, self.model.send_back())

    def release(self, draw: Callable) -> None:
        amount = self.model.current.amount * draw(SHARES) // 100
        self.tried(partial(self.deal.release, self.place, text(amount)), self.model.release(amount), again=True)

    def bonus(self, draw: Callable) -> None:
        amount, chosen = draw(AMOUNTS | st.integers(0, 20)), draw(CARDS)
        act = partial(self.deal.bonus, text(amount), self.cards[chosen], uuid.uuid4())
        self.paid(act, "bonus", lambda: self.model.bonus(amount, chosen))

    def edit(self, draw: Callable) -> None:
        """Other milestones in place of those ahead, after an editor that was open on the plan as it is."""
        amounts, base, contract = draw(PLANS), self.model.version, self.deal.contract
        pinned = sum(step.state != "future" for step in self.model.plan)
        wish = Plan((*contract.plan().lines[:pinned], *plan(amounts).lines))
        self.tried(partial(save, contract, wish, by=self.deal.payer, base=base), self.model.edit(amounts))

    # Money back, and the contract goes on

    def ask_back(self, draw: Callable) -> None:
        model, left = self.model, self.model.left_over
        amount = draw(st.sampled_from([model.held, left, left * draw(SHARES) // 100]))
        act = partial(self.deal.ask_back, text(amount), key=uuid.uuid4(), held=dollars(model.held))
        self.tried(act, model.ask_back(amount), again=True)

    def agree_back(self, draw: Callable) -> None:
        amount = self.model.reachable + draw(st.sampled_from([0, 0, 1]))
        self.tried(partial(self.deal.give_back, text(amount)), self.model.agree_back(amount))

    def close_asked(self, draw: Callable) -> None:
        act = self.deal.ask_no_longer if draw(SIDES) == "client" else partial(self.deal.keep, f"No, {Life.steps}.")
        self.tried(act, self.model.close_asked())

    # The end

    def rate(self, draw: Callable) -> None:
        by = draw(SIDES)
        self.tried(partial(self.deal.rate, self.user(by), text=f"Fine, {Life.steps}."), self.model.rate(by))

    def withdraw(self, draw: Callable) -> None:
        amount, talent = max(1, self.model.purse.available * draw(SHARES) // 100), self.deal.talent
        act = partial(
            withdraw, by=self.deal.earner, party=talent, key=uuid.uuid4(), amount=dollars(amount), method=self.account
        )
        self.tried(act, self.model.purse.withdraw(amount), again=True)

    # Banks, the clock, and the same again

    def bank_decides(self, draw: Callable) -> None:
        """Of a charge that was under way; what it was for may be over."""
        agreed = draw(st.booleans())
        what, payment = self.waiting.pop(draw(st.integers(0, len(self.waiting) - 1)))
        known = len(self.model.purse.charges)
        if payment.subject == self.deal.key and what in self.model.open:
            self.model.arrive(what, agreed=agreed)
        bank().answer(Payment.objects.get(pk=payment.pk).reference, agreed=agreed)
        hear()
        self.count_charges(known, payment)

    def charge_back(self, draw: Callable) -> None:
        charge, payment = draw(st.sampled_from([each for each in self.charged if each[0].left]))
        self.model.charge_back(charge)
        dealing.charge_back(payment)

    def days_pass(self, draw: Callable) -> None:
        days = draw(st.sampled_from([1, 2, 5, 7, 14, 30]))
        clock.advance(timedelta(days=days))
        self.model.day += days

    def sweep(self, draw: Callable) -> None:
        self.model.sweep()
        assert not timers.sweep()[timers.FAILED]

    def post_again(self, draw: Callable) -> None:
        """The same form once more: the answer of then, or a refusal; and nothing moves."""
        act, answer = draw(st.sampled_from(self.posted))
        with suppress(ContractError, PaymentError):
            assert act() == answer

    @property
    def place(self) -> int:
        return self.model.plan.index(self.model.current) + 1

    @invariant()
    def everything_is_as_the_model_says(self) -> None:
        Life.steps += 1
        with told():
            self.compare()

    def compare(self) -> None:
        model, purse, money = self.model, self.model.purse, self.deal.money
        expected = {
            Kind.PENDING: purse.pending, Kind.AVAILABLE: purse.available, Kind.RECEIVABLE: -purse.owed,
            Kind.ESCROW: model.held, Kind.INITIATION_FEE: model.fee,
        }  # fmt: skip
        assert {kind: money.get(kind, 0) for kind in expected} == {kind: dollars(is_) for kind, is_ in expected.items()}
        assert ledger.balance(Kind.FEES) - self.before == dollars(purse.fees)
        if model.phase != "none":
            found = Contract.objects.with_settlement().get(pk=self.deal.key)
            status = "closed" if found.is_closed and found.status != "ended" else found.status
            assert (status, self.deal.states) == (model.phase, [step.state for step in model.plan])
            assert found.asks_back is bool(model.back)
            if Life.steps % 3 == 0:
                self.kept.look(found)
        books_hold()


def test_whatever_happens_to_a_contract_its_money_is_what_the_model_says(own_database):
    print(f"CAIRN_SEED={SEED}")  # noqa: T201 - repeats what failed
    run = 0
    while Life.steps < STEPS or not set(Life.seen) >= EVERYTHING:
        run_state_machine_as_test(
            seed(SEED + run)(Life),
            settings=settings(
                max_examples=LIVES, stateful_step_count=STEPS_OF_A_LIFE, deadline=None, database=None,
                suppress_health_check=list(HealthCheck), phases=[Phase.generate],
            ),
        )  # fmt: skip
        run += 1
    print(f"{Life.steps} steps: {sorted(Life.seen.items())}")  # noqa: T201 - what they were
    assert Kept.same > 5  # pages that were said to be unchanged, and were
