"""What must become of money in a dispute, worked out in whole cents and days, with no code of Cairn's (B44)."""

from dataclasses import dataclass

from contracts.tests.life_model import REFUND, REVIEW, Model


@dataclass
class Disputes(Model):
    """A contract's life with all that can freeze its money, and let it go."""

    def dispute(self, by: str) -> bool:
        if self.phase not in {"active", "settling"} or self.is_disputed:
            return False
        step = self.funded
        if self.phase == "settling":
            allowed = self.in_time("pending" if by == "talent" else "countered") and by not in self.gave_up
        else:
            enough = step.disputable(by) >= (1 if by == "client" else 2) if step else False
            is_over = by == "client" and self.is_over
            allowed = bool(step and enough and not is_over and step.disputable(by) > step.given_up.get(by, 0))
        if allowed:
            self.is_disputed, self.refund_by, self.back, self.opener = True, None, None, by
            self.disputed = step if self.phase == "active" else None
            if step:
                step.review_by = None
        return allowed

    @property
    def at_stake(self) -> int:
        return min(self.held, self.disputed.amount) if self.disputed else self.held

    def agree(self, paid: int) -> bool:
        """One side offers this split, and the other accepts it."""
        return self.at_stake > 0 and self.decide(paid)

    def decide(self, paid: int) -> bool:
        """The staff do."""
        if not self.is_disputed or not 0 <= paid <= self.at_stake:
            return False
        back, step, goes_on = self.at_stake - paid, self.funded, self.disputed is not None
        if paid:
            self.pay(paid)
        self.give_back(back, with_fee=not goes_on)
        if step:
            step.close("paid" if paid else "refunded")
        self.is_disputed = False
        if not goes_on:
            self.finish()
        return True

    def call_off(self, by: str) -> bool:
        """Whoever opened it withdraws it: what it interrupted has all of its time again."""
        if not self.is_disputed or by != self.opener:
            return False
        self.is_disputed, step = False, self.funded
        if self.disputed is None:
            self.refund_by = self.day + REFUND
            self.gave_up.add(by)
            return True
        self.disputed.given_up[by] = self.disputed.disputable(by)
        if step and step.state == "submitted":
            step.review_by = self.day + REVIEW
        return True
