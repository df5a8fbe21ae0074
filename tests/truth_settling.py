"""What figures must be where money is asked back, disputed and divided: from transfers, and from what people asked for.

What would move if somebody agreed is worked out here once more, in a few lines. Knows no page.
"""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations
from uuid import UUID

from contracts.models import Bonus, Contract, Dispute, RefundRequest, SplitOffer
from escrow.models import Payment
from tests import truth
from tests.truth import CENT, ZERO, Move


class Truth(truth.Truth):
    """The ledger again, asked about requests, disputes and offers by their keys."""

    def __init__(self) -> None:
        super().__init__()
        self.told: dict[UUID, set[Decimal]] = {}

    # What journals divided

    def posted(self, *keys: str) -> list[Move]:
        return [move for move in self.moves if move.key in keys]

    @staticmethod
    def went(moves: list[Move], out_of: str, *into: str) -> Decimal:
        return sum((move.amount for move in moves if move.away[0] == out_of and move.there[0] in into), ZERO)

    def back_of(self, moves: list[Move]) -> Decimal:
        """To the client, the initiation fee with it."""
        return self.went(moves, "escrow", "credit") + self.went(moves, "initiation_fee", "credit")

    # What would be divided

    def net_of(self, contract: Contract, paid: Decimal) -> Decimal:
        return paid - (paid * contract.service_fee).quantize(CENT, ROUND_HALF_UP)

    def with_fee(self, contract: Contract, paid: Decimal, back: Decimal) -> Decimal:
        """What goes back when the contract ends so: the initiation fee as well if nothing was ever paid."""
        return back if paid else back + self.fee_held(contract.pk)

    # A refund request, or one for money back on a live contract

    def asked(self, key: UUID) -> Decimal:
        return RefundRequest.objects.get(pk=key).amount

    def countered(self, key: UUID) -> Decimal:
        return RefundRequest.objects.get(pk=key).counter or ZERO

    def _divided(self, key: UUID, wish: Decimal) -> tuple[Contract, Decimal, Decimal]:
        """Paid and back if so much were given back of what is left after whatever a bank took."""
        request = RefundRequest.objects.select_related("contract").get(pk=key)
        held = self.held(request.contract_id)
        back = max(ZERO, wish - (request.amount - held))
        return request.contract, held - back, back

    def _silence(self, key: UUID) -> tuple[Contract, Decimal, Decimal]:
        request = RefundRequest.objects.get(pk=key)
        return self._divided(key, request.amount if request.counter is None else request.counter)

    def silence_back(self, key: UUID) -> Decimal:
        return self.with_fee(*self._silence(key))

    def countered_back(self, key: UUID) -> Decimal:
        return self._silence(key)[2]

    def silence_net(self, key: UUID) -> Decimal:
        contract, paid, _back = self._silence(key)
        return self.net_of(contract, paid)

    def silence_fee(self, key: UUID) -> Decimal:
        return self._silence(key)[1] - self.silence_net(key)

    def approved_back(self, key: UUID) -> Decimal:
        return self._divided(key, self.asked(key))[2]

    def approved_initiation(self, key: UUID) -> Decimal:
        contract, paid, _back = self._divided(key, self.asked(key))
        return self.with_fee(contract, paid, ZERO)

    def _settled(self, key: UUID) -> list[Move]:
        request = RefundRequest.objects.get(pk=key)
        disputes = request.disputes.values_list("pk", flat=True)
        return self.posted(
            f"split:request:{key}", f"refund:end:{request.contract_id}", *map("split:{}".format, disputes)
        )

    def settled_back(self, key: UUID) -> Decimal:
        return self.back_of(self._settled(key))

    def settled_net(self, key: UUID) -> Decimal:
        return self.went(self._settled(key), "escrow", "pending")

    def given_back(self, key: UUID) -> Decimal:
        return self.back_of(self.posted(f"refund:{key}"))

    def reachable(self, key: UUID) -> Decimal:
        """All that is held if that was asked for and is for the same milestone still, else what is left over."""
        request = RefundRequest.objects.get(pk=key)
        current = Contract.objects.get(pk=request.contract_id).current
        is_same = current is None or current.pk == request.milestone_id
        claimed = ZERO if is_same else current.amount
        return min(request.amount, max(ZERO, self.held(request.contract_id) - claimed))

    # A dispute, and an offer of a split

    def at_stake(self, key: UUID) -> Decimal:
        dispute = Dispute.objects.select_related("milestone").get(pk=key)
        held = self.held(dispute.contract_id)
        return min(held, dispute.milestone.amount) if dispute.milestone else held

    def beside(self, key: UUID) -> Decimal:
        return self.held(Dispute.objects.get(pk=key).contract_id) - self.at_stake(key)

    def divided_net(self, key: UUID) -> Decimal:
        return self.went(self.posted(f"split:{key}"), "escrow", "pending")

    def divided_fee(self, key: UUID) -> Decimal:
        return self.went(self.posted(f"split:{key}"), "escrow", "fees")

    def divided_back(self, key: UUID) -> Decimal:
        return self.back_of(self.posted(f"split:{key}"))

    def offered_net(self, key: UUID) -> Decimal:
        split = SplitOffer.objects.select_related("dispute__contract").get(pk=key)
        return self.net_of(split.dispute.contract, split.to_talent)

    def offered_fee(self, key: UUID) -> Decimal:
        return SplitOffer.objects.get(pk=key).to_talent - self.offered_net(key)

    def offered_back(self, key: UUID) -> Decimal:
        split = SplitOffer.objects.select_related("dispute__contract").get(pk=key)
        ends = split.dispute.refund_request_id is not None
        return self.with_fee(split.dispute.contract, split.to_talent, split.to_client) if ends else split.to_client

    # What is told in sentences

    def known(self, contract: Contract) -> set[Decimal]:
        """Every sum that can be told of the contract: of what moved together, or of what somebody asked for."""
        if contract.pk not in self.told:
            self.told[contract.pk] = self._known(contract)
        return self.told[contract.pk]

    def _known(self, contract: Contract) -> set[Decimal]:
        together = defaultdict(list)
        for move in self.moves:
            if move.about == contract.pk:
                together[move.journal].append(move.amount)
        sums = {sum(some, ZERO) for each in together.values() for many in range(len(each)) for some in
                combinations(each, many + 1)}  # fmt: skip
        asked = contract.refund_requests.values_list("amount", "counter")
        offered = SplitOffer.objects.filter(dispute__contract=contract).values_list("to_talent", "to_client")
        charged = Payment.objects.filter(scope=contract.pk).values_list("amount")
        extra = Bonus.objects.filter(contract=contract).values_list("amount")
        return sums | {one for row in (*asked, *offered, *charged, *extra) for one in row if one is not None}
