"""A dispute as each side reads it: what is at stake, what each split comes to, what came of it (B44).

Knows no request of a browser and writes nothing.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from contracts.models import Contract, Dispute, SplitOffer
from contracts.policy import Action, may, role_of
from contracts.reading.ending import ZERO, Sums, moved_by
from contracts.states import MilestoneStatus, SplitStatus
from escrow import fees


class Offer(NamedTuple):
    """An open offer of a split and what it comes to; the viewer's side may accept it, or take it back.

    It `fits` while it divides just what is at stake: a bank may have taken some of that.
    """

    split: SplitOffer
    sums: Sums
    fits: bool
    may_accept: bool
    may_withdraw: bool


@dataclass(frozen=True)
class Disputed:
    """A dispute of `contract`, for which so much is held, for the user for whom that was loaded."""

    contract: Contract
    dispute: Dispute
    held: Decimal
    fee_held: Decimal

    @property
    def is_client(self) -> bool:
        """Whether the viewer is of the client's side."""
        return role_of(self.contract).is_client_side

    @property
    def at_stake(self) -> Decimal:
        return self.dispute.at_stake(self.held)

    @property
    def left_over(self) -> Decimal:
        """What is held and not disputed."""
        return self.held - self.at_stake

    @property
    def ends(self) -> bool:
        """Whether the contract ends with it: it is about what the client wants back at the end."""
        return self.dispute.refund_request_id is not None

    @property
    def is_own(self) -> bool:
        """Whether the viewer's side opened it."""
        return self.dispute.from_client == self.is_client

    @property
    def opener(self) -> str:
        """The name of the party that opened it."""
        return (self.contract.client if self.dispute.from_client else self.contract.talent).name

    @property
    def other(self) -> str:
        """The name of the party that is not the viewer's."""
        return (self.contract.talent if self.is_client else self.contract.client).name

    @cached_property
    def offers(self) -> tuple[Offer, ...]:
        """Those that are open, the other side's first."""
        if not self.dispute.is_open:
            return ()
        found = self.dispute.splits.filter(status=SplitStatus.OPEN).select_related("by")
        return tuple(sorted(map(self._offer, found), key=lambda offer: offer.split.from_client == self.is_client))

    @property
    def has_own(self) -> bool:
        """Whether the viewer's side has made an offer that is open."""
        return any(offer.split.from_client == self.is_client for offer in self.offers)

    @property
    def can_accept(self) -> bool:
        return any(offer.may_accept for offer in self.offers)

    @property
    def may_offer(self) -> bool:
        return self.dispute.is_open and self.at_stake > 0 and may(self.contract, Action.OFFER_SPLIT)

    @property
    def may_withdraw(self) -> bool:
        return self.dispute.is_open and self.is_own and may(self.contract, Action.WITHDRAW_DISPUTE)

    @cached_property
    def outcome(self) -> Sums | None:
        """How the money was divided in the end; None while it is open, or when it was withdrawn. One query."""
        return None if self.dispute.paid is None else moved_by(f"split:{self.dispute.pk}")

    @property
    def cents(self) -> int:
        return int(self.at_stake * 100)

    @property
    def rate(self) -> int:
        """The service fee in ten-thousandths."""
        return int(self.contract.service_fee * 10_000)

    @cached_property
    def resumes_review(self) -> bool:
        """Whether submitted work waits for its review again once it is withdrawn."""
        return not self.ends and self.contract.milestones.filter(status=MilestoneStatus.SUBMITTED).exists()

    def divided(self, paid: Decimal, back: Decimal) -> Sums:
        """What moves; the initiation fee goes back with a contract that ends and never paid anything (B21)."""
        shares = fees.share(paid, self.contract.service_fee)
        return Sums(paid, shares.fee, shares.net, back, self.fee_held if self.ends and not paid else ZERO)

    def typed(self, to_talent: Decimal) -> Sums:
        return self.divided(to_talent, self.at_stake - to_talent)

    def _offer(self, split: SplitOffer) -> Offer:
        is_own, fits = split.from_client == self.is_client, split.to_talent + split.to_client == self.at_stake
        return Offer(
            split, self.divided(split.to_talent, split.to_client), fits,
            may_accept=not is_own and fits and may(self.contract, Action.ACCEPT_SPLIT),
            may_withdraw=is_own and may(self.contract, Action.OFFER_SPLIT),
        )  # fmt: skip


def disputed(contract: Contract) -> Disputed | None:
    """The newest dispute of `contract`, if there ever was one, with its money as it is now: two queries."""
    disputes = contract.disputes.select_related("by", "closed_by", "milestone", "refund_request")
    dispute = disputes.order_by("-at", "-pk").first()
    if dispute is None:
        return None
    money = Contract.objects.with_money().only("pk").get(pk=contract.pk)
    return Disputed(contract, dispute, money.held, money.fee_held)
