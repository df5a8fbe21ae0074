"""What ending a contract and settling its held money come to, to the cent, for each choice (B24). Knows no request."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from contracts.models import Contract, Dispute, RefundRequest
from contracts.states import MilestoneStatus, RefundStatus
from escrow import fees
from escrow.models import Kind, Transfer

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Sums:
    """Who gets what: of `paid`, `net` goes to the talent and `fee` to Cairn; `back` goes to the client.

    `initiation` is the initiation fee, where it goes back too: with a contract that never paid anything (B21).
    """

    paid: Decimal
    fee: Decimal
    net: Decimal
    back: Decimal
    initiation: Decimal

    @property
    def back_in_all(self) -> Decimal:
        return self.back + self.initiation


@dataclass(frozen=True)
class Ending:
    """`contract`, for which so much is held, and of the initiation fee so much, as it would be ended now."""

    contract: Contract
    held: Decimal
    fee_held: Decimal

    def divided(self, *, paid: Decimal = ZERO, back: Decimal = ZERO) -> Sums:
        """What moves when `paid` is paid and `back` returned."""
        shares = fees.share(paid, self.contract.service_fee)
        return Sums(paid, shares.fee, shares.net, back, ZERO if paid else self.fee_held)

    @property
    def all_paid(self) -> Sums:
        return self.divided(paid=self.held)

    @property
    def nothing_paid(self) -> Sums:
        return self.divided(back=self.held)

    @cached_property
    def ahead(self) -> int:
        """How many future milestones would be cancelled."""
        return self.contract.milestones.filter(status=MilestoneStatus.FUTURE).count()

    @property
    def cents(self) -> int:
        return int(self.held * 100)

    @property
    def rate(self) -> int:
        """The service fee in ten-thousandths."""
        return int(self.contract.service_fee * 10_000)


@dataclass(frozen=True)
class Settling(Ending):
    """A refund request, and what each answer to it comes to."""

    request: RefundRequest

    @property
    def waits_for_talent(self) -> bool:
        return self.request.status == RefundStatus.PENDING

    @property
    def waits_for_client(self) -> bool:
        return self.request.status == RefundStatus.COUNTERED

    @property
    def is_disputed(self) -> bool:
        return self.request.status == RefundStatus.DISPUTED

    @property
    def approved(self) -> Sums:
        return self.countered(self.request.amount)

    @property
    def accepted(self) -> Sums:
        """What accepting the counter comes to, and silence as well."""
        return self.countered(self.request.counter or ZERO)

    @property
    def asked_cents(self) -> int:
        return int(self.request.amount * 100)

    def countered(self, back: Decimal) -> Sums:
        """What returning `back` comes to, less what a bank took of it already."""
        back = self.request.still_to_return(back, self.held)
        return self.divided(paid=self.held - back, back=back)

    def given_up_by(self, *, by_client: bool) -> Dispute | None:
        """The dispute about it that this side withdrew: it opens no second one (B44)."""
        return self.request.disputes.filter(from_client=by_client).exclude(closed_at=None).first()

    @property
    def settled(self) -> Sums:
        """Of a closed request: what its end moved. A bank may have taken a part of the amount before."""
        disputes = self.request.disputes.values_list("pk", flat=True)
        return moved_by(
            f"split:request:{self.request.pk}", f"refund:end:{self.contract.pk}", *(f"split:{pk}" for pk in disputes)
        )


def moved_by(*keys: str) -> Sums:
    """What the journals with these keys divided, as the ledger has it: one query."""
    moves = Transfer.objects.filter(journal__key__in=keys).values_list("debit__kind", "credit__kind", "amount")

    def went(out_of: str, into: str) -> Decimal:
        return sum((amount for debit, credit, amount in moves if (debit, credit) == (out_of, into)), ZERO)

    fee, net = went(Kind.ESCROW, Kind.FEES), went(Kind.ESCROW, Kind.PENDING)
    return Sums(fee + net, fee, net, went(Kind.ESCROW, Kind.CREDIT), went(Kind.INITIATION_FEE, Kind.CREDIT))


def ending(contract: Contract) -> Ending:
    """One query, and another if what is ahead is asked for."""
    return Ending(contract, *_held(contract))


def settling(contract: Contract) -> Settling | None:
    """The newest refund request that would end `contract`, if there ever was one: two queries."""
    request = contract.refund_requests.filter(ends=True).select_related("by").order_by("-at", "-pk").first()
    return Settling(contract, *_held(contract), request) if request else None


def _held(contract: Contract) -> tuple[Decimal, Decimal]:
    money = Contract.objects.with_money().only("pk").get(pk=contract.pk)
    return money.held, money.fee_held
