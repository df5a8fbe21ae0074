"""What must become of money in an offer, and when a charge ends: in whole cents and days, with no code of Cairn's.

Every method is one thing that somebody does or that the clock does: it answers whether that is allowed, and if so
does it to the model. Rules are cited by their numbers in domain.md.
"""

from dataclasses import dataclass, field

from contracts.tests.life_purse import Charge, Purse
from contracts.tests.life_step import Back, Step

FEE, ANSWER = 495, 7
WORKS, DECLINES, LATER = "works", "declines", "later"


@dataclass
class Offers:
    """One client and one talent, and one contract after another between them: its offer and its charges.

    `life` counts the contracts.
    """

    day: int = 0
    life: int = 0
    phase: str = "none"
    plan: list[Step] = field(default_factory=list)
    version: int = 0
    held: int = 0
    fee: int = 0
    is_sent: bool = False
    answer_by: int | None = None
    expires: int | None = None
    request: str = ""
    asked: int = 0
    countered: int = 0
    refund_by: int | None = None
    is_disputed: bool = False
    disputed: Step | None = None  # the milestone that it is about; a refund request without one
    opener: str = ""
    gave_up: set[str] = field(default_factory=set)  # the sides that withdrew a dispute about the refund request
    back: Back | None = None
    ended: int = 0
    wish: tuple[str, int] | None = None  # the end that somebody asked for, and got: asked for again it is a success
    rated: set[str] = field(default_factory=set)
    purse: Purse = field(default_factory=Purse)
    open: dict[str, int] = field(default_factory=dict)  # charges under way: for what, how much
    begun: int = 0  # the day on which the milestone's began

    # Looking

    @property
    def current(self) -> Step | None:
        return next((step for step in self.plan if step.is_funded or step.state == "funding"), None)

    @property
    def funded(self) -> Step | None:
        return self.current if self.current and self.current.is_funded else None

    @property
    def next(self) -> Step | None:
        return next((step for step in self.plan if step.state == "future"), None)

    @property
    def is_over(self) -> bool:
        """Whether a review has run out and was not swept yet (B31)."""
        return bool(self.funded and self.funded.review_by is not None and self.day >= self.funded.review_by)

    @property
    def can_move(self) -> bool:
        return self.phase == "active" and not self.is_disputed

    # Moving

    def pay(self, gross: int) -> None:
        """B21: the first release captures the initiation fee."""
        self.held -= gross
        self.purse.fees += self.fee
        self.fee = 0
        self.purse.earn(gross, self.day)

    def give_back(self, amount: int, *, with_fee: bool) -> None:
        self.purse.send_back(amount + (self.fee if with_fee else 0), self.life)
        self.held -= amount
        self.fee = 0 if with_fee else self.fee

    def finish(self, wish: tuple[str, int] | None = None) -> None:
        self.wish = wish
        for step in self.plan:
            if step.is_funded:
                step.close("refunded")
            elif step.state == "future":
                step.close("cancelled")
        self.phase, self.ended, self.is_disputed, self.refund_by = "ended", self.day, False, None

    def look_back(self) -> None:
        """A request that could give back nothing any more is over."""
        if self.back and not self.back.reachable(self.held, self.current):
            self.back = None

    # The offer (B40)

    def offer(self, amounts: list[int], card: str) -> bool:
        if self.phase not in {"none", "ended", "closed"} or "bonus" in self.open:
            return False
        self.open.clear()
        self.life += 1
        self.phase, self.plan, self.version = "offered", [Step(amount) for amount in amounts], 1
        self.is_sent, self.answer_by, self.expires, self.rated = False, None, None, set()
        self.request, self.refund_by, self.is_disputed = "", None, False
        return self.follow(card)

    def change(self, amounts: list[int], card: str) -> bool:
        if self.phase != "offered" or "deposit" in self.open:
            return False
        self.plan, self.version, self.answer_by = [Step(amount) for amount in amounts], self.version + 1, None
        self.expires = self.day + ANSWER if self.is_sent else None
        return self.follow(card)

    def follow(self, card: str) -> bool:
        if self.phase != "offered" or "deposit" in self.open:
            return False
        if self.answer_by is None:
            missing = max(0, self.plan[0].amount - self.held) + FEE - self.fee
            if missing:
                self.charge("deposit", missing, card)
            else:
                self.give_back(self.held - self.plan[0].amount, with_fee=False)
                self.open_offer()
        return True

    def charge(self, what: str, amount: int, card: str) -> None:
        self.open[what] = amount
        if card != LATER:
            self.arrive(what, agreed=card == WORKS)

    def open_offer(self) -> None:
        self.is_sent, self.answer_by = True, self.day + ANSWER
        self.expires = self.answer_by

    def accept(self) -> bool:
        if self.phase == "active":
            return True  # again
        if self.phase != "offered" or not self.is_sent or self.answer_by is None or self.day >= self.answer_by:
            return False
        self.phase, self.answer_by, self.expires, self.plan[0].state = "active", None, None, "active"
        return True

    def close_offer(self, by: str) -> bool:
        if self.phase != "offered" or (by == "talent" and not self.is_sent):
            return False
        self.give_back(self.held, with_fee=True)
        self.phase, self.answer_by, self.expires = "closed", None, None
        return True

    # A charge ends

    def arrive(self, what: str, *, agreed: bool) -> None:
        amount = self.open.pop(what)
        if not agreed:
            if what == "milestone" and self.current:
                self.current.state = "future"
        elif what == "bonus":
            self.purse.charges.append(Charge(self.life, amount, is_bonus=True))
            self.purse.earn(amount, self.day)
        elif what == "deposit":
            self.deposit(amount)
        else:
            self.funded_with(amount)

    def deposit(self, amount: int) -> None:
        if self.phase == "offered" and self.held + self.fee + amount == self.plan[0].amount + FEE:
            self.purse.charges.append(Charge(self.life, amount))
            self.held, self.fee = self.plan[0].amount, FEE
            self.open_offer()

    def funded_with(self, amount: int) -> None:
        step = self.current
        assert step
        if self.held + amount < step.amount:
            step.state = "future"
            return
        self.purse.charges.append(Charge(self.life, amount))
        self.held += amount
        step.state = "active"
        self.look_back()

    def charge_back(self, charge: Charge) -> None:
        taken, charge.left = charge.left, 0
        if charge.life == self.life and not charge.is_bonus:
            part = min(taken, self.held)
            self.held -= part
            of_fee = min(taken - part, self.fee)
            self.fee -= of_fee
            taken -= part + of_fee
            if self.funded and self.funded.amount > self.held:
                self.funded.close("refunded")
            if self.phase == "offered" and (self.held, self.fee) != (self.plan[0].amount, FEE):
                self.answer_by = None
            self.look_back()
        self.purse.owed += taken
