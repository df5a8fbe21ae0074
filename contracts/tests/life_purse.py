"""What a model of contracts knows of its two parties' own money, in cents and days: cards, earnings, debts."""

from dataclasses import dataclass, field

HOLD = 5


@dataclass
class Charge:
    """Money that came by card: what of it has not gone back, and the life it was for."""

    life: int
    left: int
    is_bonus: bool = False


@dataclass
class Purse:
    """What the talent earned, what Cairn did, what the client paid and what it owes after a chargeback."""

    pending: int = 0
    available: int = 0
    fees: int = 0
    owed: int = 0
    charges: list[Charge] = field(default_factory=list)
    earnings: list[tuple[int, int]] = field(default_factory=list)

    def earn(self, gross: int, day: int) -> None:
        """B23: 10 %, rounded half up once; pending for five days."""
        fee = (gross + 5) // 10
        self.fees += fee
        self.pending += gross - fee
        self.earnings.append((day + HOLD, gross - fee))

    def mature(self, day: int) -> None:
        due = sum(net for matures, net in self.earnings if matures <= day)
        self.earnings = [each for each in self.earnings if each[0] > day]
        self.pending -= due
        self.available += due

    def withdraw(self, amount: int) -> bool:
        if not 0 < amount <= self.available:
            return False
        self.available -= amount
        return True

    def send_back(self, amount: int, life: int) -> None:
        """First to what the client owes; the rest to the charges that it came from, the newest first."""
        settled = min(amount, self.owed)
        self.owed -= settled
        amount -= settled
        for charge in reversed([each for each in self.charges if each.life == life and not each.is_bonus]):
            part = min(amount, charge.left)
            charge.left -= part
            amount -= part
        assert amount == 0
