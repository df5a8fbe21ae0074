"""What must become of money in a contract's life, worked out in whole cents and whole days, with no code of Cairn's.

Every method is one thing that somebody does or that the clock does: it answers whether that is allowed, and if so
does it to the model. Rules are cited by their numbers in domain.md.
"""

from dataclasses import dataclass, field

from contracts.tests.life_purse import Charge, Purse

FEE, REVIEW, ANSWER, REFUND, BONUS, FEEDBACK = 495, 14, 7, 7, 30, 14
WORKS, DECLINES, LATER = "works", "declines", "later"


@dataclass
class Step:
    """A milestone."""

    amount: int
    state: str = "future"
    submitted: int = 0
    returned: int = 0
    review_by: int | None = None

    @property
    def is_funded(self) -> bool:
        return self.state in {"active", "submitted", "changes_requested"}

    def close(self, state: str) -> None:
        self.state, self.review_by = state, None


@dataclass
class Model:
    """One client and one talent; one contract after another between them. `life` counts the contracts."""

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
        self.purse.owed += taken

    # The milestones (B20 to B23, B30, B31)

    def fund(self, card: str) -> bool:
        if not self.can_move or self.current or not self.next:
            return False
        step = self.next
        missing = max(0, step.amount - self.held)
        step.state = "funding" if missing else "active"
        if missing:
            self.begun = self.day
            self.charge("milestone", missing, card)
        return True

    def submit(self) -> bool:
        if not self.can_move or not self.funded or self.funded.state == "submitted":
            return False
        self.funded.state, self.funded.review_by = "submitted", self.day + REVIEW
        self.funded.submitted += 1
        return True

    def send_back(self) -> bool:
        if not self.can_move or not self.funded or self.funded.state != "submitted" or self.is_over:
            return False
        self.funded.returned += 1
        self.funded.close("changes_requested")
        return True

    def release(self, amount: int) -> bool:
        step = self.funded
        if not self.can_move or not step or not 0 < amount <= step.amount or (self.is_over and amount < step.amount):
            return False
        self.pay(amount)
        step.close("paid")
        return True

    def bonus(self, amount: int, card: str) -> bool:
        late = self.phase == "ended" and self.day >= self.ended + BONUS
        if self.phase not in {"active", "settling", "ended"} or late or "bonus" in self.open or amount <= 0:
            return False
        self.charge("bonus", amount, card)
        return True

    def edit(self, amounts: list[int]) -> bool:
        """Replace what lies ahead."""
        if self.phase != "active":
            return False
        self.plan = [step for step in self.plan if step.state != "future"] + [Step(amount) for amount in amounts]
        self.version += 1
        return True

    # The end (B24, B43, B44)

    def end(self, pay: int) -> bool:
        if self.phase == "ended":
            return self.wish == ("end", pay)
        waits = "milestone" in self.open and self.day == self.begun
        if not self.can_move or waits or not 0 <= pay <= self.held or self.is_over:
            return False
        self.let_go()
        step = self.funded
        if step:
            step.review_by = None
        if pay:
            self.pay(pay)
            if step:
                step.close("paid")
        if self.held:
            self.phase, self.request, self.asked, self.refund_by = "settling", "pending", self.held, self.day + REFUND
        else:
            self.give_back(0, with_fee=True)
            self.finish(("end", pay))
        return True

    def let_go(self) -> None:
        """A charge that is still under way keeps nobody; it goes back when it comes."""
        if self.open.pop("milestone", None) and self.current:
            self.current.state = "future"

    def leave(self) -> bool:
        if self.phase == "ended":
            return self.wish == ("leave", 0)
        if self.phase not in {"active", "settling"} or self.is_disputed:
            return False
        self.let_go()
        self.give_back(self.held, with_fee=True)
        self.finish(("leave", 0))
        return True

    def in_time(self, request: str) -> bool:
        waits = self.phase == "settling" and not self.is_disputed and self.request == request
        return waits and self.refund_by is not None and self.day < self.refund_by

    def approve(self) -> bool:
        return self.in_time("pending") and self.settle(self.asked)

    def counter(self, amount: int) -> bool:
        if not self.in_time("pending") or not 0 <= amount < self.asked:
            return False
        self.request, self.countered, self.refund_by = "countered", amount, self.day + REFUND
        return True

    def accept_counter(self) -> bool:
        return self.in_time("countered") and self.settle(self.countered)

    def settle(self, back: int) -> bool:
        """What a bank took meanwhile is taken from what goes back."""
        back = max(0, back - (self.asked - self.held))
        rest, step = self.held - back, self.funded
        if rest:
            self.pay(rest)
            if step:
                step.close("paid")
        self.give_back(back, with_fee=True)
        self.finish()
        return True

    def dispute(self, by: str) -> bool:
        if self.phase not in {"active", "settling"} or self.is_disputed:
            return False
        step = self.funded
        if self.phase == "settling":
            allowed = self.in_time("pending" if by == "talent" else "countered")
        elif by == "client":
            allowed = bool(step and step.submitted and not self.is_over)
        else:
            allowed = bool(step and step.returned >= 2)
        if allowed:
            self.is_disputed, self.refund_by = True, None
            if step:
                step.review_by = None
        return allowed

    def rate(self, by: str) -> bool:
        if self.phase != "ended" or self.day >= self.ended + FEEDBACK or by in self.rated or len(self.rated) == 2:
            return False
        self.rated.add(by)
        return True

    # The clock

    def sweep(self) -> None:
        """Whatever is due by now (B23, B24, B31, B40)."""
        if self.is_over and self.can_move and self.funded:
            self.release(self.funded.amount)
        if self.phase == "settling" and self.refund_by is not None and self.day >= self.refund_by:
            self.settle(self.asked if self.request == "pending" else self.countered)
        if self.expires is not None and self.day >= self.expires:
            self.close_offer("clock")
        self.purse.mature(self.day)
