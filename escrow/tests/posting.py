"""How tests of the ledger move money: the parties' and the contract's accounts, and journals between them."""

import uuid
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from escrow import ledger
from escrow.ledger import Move, Owned, Posted
from escrow.models import Kind
from marketplace.models import Party, PartyKind
from tests.factories import PartyFactory

D = Decimal


@dataclass(frozen=True)
class Deal:
    """One contract as the ledger sees it: a scope between two parties."""

    scope: uuid.UUID
    client: Party
    talent: Party

    @cached_property
    def ids(self) -> dict[str, int]:
        """The id of each account that matters here, by its kind."""
        owned = [
            Owned(Kind.OUTSIDE),
            Owned(Kind.FEES),
            *(Owned(kind, party=self.talent.pk) for kind in (Kind.PENDING, Kind.AVAILABLE, Kind.RECEIVABLE)),
            Owned(Kind.CREDIT, party=self.client.pk),
            *(Owned(kind, scope=self.scope) for kind in (Kind.ESCROW, Kind.INITIATION_FEE)),
        ]
        return dict(zip((str(one.kind) for one in owned), ledger.accounts(*owned), strict=True))

    def move(self, debit: str, credit: str, amount: str | Decimal) -> Move:
        return Move(self.ids[debit], self.ids[credit], D(amount))

    def post(self, key: str, *moves: tuple[str, str, str | Decimal], reverses: int | None = None) -> Posted:
        """Post moves between accounts that are named by their kinds; the key begins with the cause."""
        transfers = [self.move(*move) for move in moves]
        cause = key.partition(":")[0]
        return ledger.post(key=key, cause=cause, scope=self.scope, transfers=transfers, reverses=reverses)

    def fund(self, amount: str | Decimal = "100.00", key: str = "fund:one") -> Posted:
        return self.post(key, ("outside", "escrow", amount))

    def release(self, net: str = "90.00", fee: str = "10.00", key: str = "release:one") -> Posted:
        return self.post(key, ("escrow", "pending", net), ("escrow", "fees", fee))

    def balances(self) -> dict[str, Decimal]:
        """Every balance that is not 0, by the kind of the account."""
        found = {kind: ledger.balance(kind, **self._owner(kind)) for kind in self.ids}
        return {kind: amount for kind, amount in found.items() if amount}

    def _owner(self, kind: str) -> dict[str, uuid.UUID]:
        if kind in (Kind.ESCROW, Kind.INITIATION_FEE):
            return {"scope": self.scope}
        if kind in (Kind.OUTSIDE, Kind.FEES):
            return {}
        return {"party": self.client.pk if kind == Kind.CREDIT else self.talent.pk}


def deal() -> Deal:
    """A new contract between a new client and a new freelancer."""
    return Deal(uuid.uuid4(), PartyFactory.create(), PartyFactory.create(kind=PartyKind.FREELANCER))
