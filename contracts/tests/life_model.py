"""What must become of money in a contract's life, worked out in whole cents and whole days, with no code of Cairn's.

What comes before it starts, and what a charge does, is in life_offers.
"""

from dataclasses import dataclass

from contracts.tests.life_offers import Offers
from contracts.tests.life_step import Back, Step

REVIEW, REFUND, BONUS, FEEDBACK = 14, 7, 30, 14


@dataclass
class Model(Offers):
    """The contract once it is agreed, until it is over; and the clock."""

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
        else:
            self.look_back()
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
        self.look_back()
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

    # Money back, and the contract goes on (B24)

    @property
    def can_give_back(self) -> bool:
        """While a charge is under way nobody knows what will be left over."""
        return self.can_move and not (self.current and self.current.state == "funding")

    @property
    def left_over(self) -> int:
        return max(0, self.held - (self.current.amount if self.current else 0))

    @property
    def reachable(self) -> int:
        """What of an open request can still go back."""
        return self.back.reachable(self.held, self.current) if self.back else 0

    def ask_back(self, amount: int) -> bool:
        fits = 0 < amount <= self.left_over or 0 < amount == self.held
        if not self.can_give_back or self.back or not fits or (amount > self.left_over and self.is_over):
            return False
        self.back = Back(amount, self.funded if amount > self.left_over else None)
        return True

    def agree_back(self, amount: int) -> bool:
        if not self.can_give_back or not self.back or amount != self.reachable:
            return False
        about = self.current if self.current and self.current is self.back.step else None
        if about and self.is_over:
            return False
        self.give_back(amount, with_fee=False)
        if about:
            about.close("refunded")
        self.back = None
        return True

    def close_asked(self) -> bool:
        was_open, self.back = self.back is not None, None
        return was_open

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
            self.gave_up = set()
        else:
            self.give_back(0, with_fee=True)
            self.finish(("end", pay))
        return True

    def let_go(self) -> None:
        """A charge that is still under way keeps nobody; it goes back when it comes. What is asked back is settled."""
        self.back = None
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
