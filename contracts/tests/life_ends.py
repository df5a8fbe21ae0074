"""What people do about the end of a contract and about disputes in a random life: each tried, and said to the model.

Knows the deal and its model; what is drawn and how it is judged is the life's.
"""

import uuid
from collections.abc import Callable
from functools import partial

from contracts.tests.dealing import Deal
from contracts.tests.life_disputes import Disputes
from contracts.tests.life_draws import SHARES, SIDES, dollars, text
from marketplace.models import User


class Ends:
    """The part of a life that ends it, freezes it, and settles it."""

    deal: Deal
    model: Disputes
    finance: User
    steps = 0

    def tried(self, act: Callable, allowed: bool, *, again: bool = False) -> object:
        raise NotImplementedError

    def end(self, draw: Callable) -> None:
        pay = self.model.held * draw(SHARES) // 100
        act = partial(self.deal.end, text(pay), key=uuid.uuid4(), held=dollars(self.model.held))
        self.tried(act, self.model.end(pay), again=True)

    def leave(self, draw: Callable) -> None:
        self.tried(self.deal.leave, self.model.leave())

    def approve(self, draw: Callable) -> None:
        self.tried(self.deal.approve, self.model.approve())

    def counter(self, draw: Callable) -> None:
        amount = self.model.asked * draw(SHARES) // 100
        if self.model.request == "countered" and amount == self.model.countered:
            return  # the same answer again is a success
        self.tried(partial(self.deal.counter, text(amount)), self.model.counter(amount))

    def accept_counter(self, draw: Callable) -> None:
        self.tried(self.deal.accept_counter, self.model.accept_counter())

    def dispute(self, draw: Callable) -> None:
        by = draw(SIDES)
        act = partial(self.deal.dispute, self.user(by), f"We disagree, {type(self).steps}.")
        self.tried(act, self.model.dispute(by))

    def agree(self, draw: Callable) -> None:
        """One side offers a split and the other accepts it."""
        amount, by = self.model.at_stake * draw(SHARES) // 100, draw(SIDES)
        other = "talent" if by == "client" else "client"
        act = partial(self._split, self.user(by), self.user(other), text(amount))
        self.tried(act, self.model.agree(amount))

    def decide(self, draw: Callable) -> None:
        amount = self.model.at_stake * draw(SHARES) // 100
        self.tried(partial(self.deal.decide, text(amount), self.finance), self.model.decide(amount))

    def call_off(self, draw: Callable) -> None:
        by = draw(SIDES)
        self.tried(partial(self.deal.dispute_no_longer, self.user(by)), self.model.call_off(by))

    def user(self, side: str) -> User:
        return self.deal.payer if side == "client" else self.deal.earner

    def _split(self, offers: User, accepts: User, amount: str) -> object:
        return self.deal.accept_split(accepts, self.deal.offer_split(offers, amount))
