"""What the client is charged for: a deposit, a proposal, a milestone, a bonus. Escrow asks here what each charge means.

The subject and, but for a bonus, the scope of such a payment is the contract; its id is that of the Funding or Bonus.
"""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from contracts.models import Bonus, Contract, EarningKind, EventKind, Funding, Milestone
from contracts.operations._contract import FOR_CLOCK, KEY, record
from contracts.operations._held import close_milestone, earn
from contracts.operations._invoices import lock_series
from contracts.operations._money_back import supersede_if_gone
from contracts.states import ContractStatus, MilestoneStatus
from escrow import fees, purposes
from escrow.ledger import Move, Owned, held_for
from escrow.models import Cause, Journal, Kind, Payment
from escrow.operations.starting import left_of
from escrow.purposes import GONE, Gone, Purpose, whole
from marketplace import clock, rows
from marketplace.clock import Now
from marketplace.models import User
from marketplace.prepared import Given, Prepared

DEPOSIT, PROPOSAL, MILESTONE, BONUS = "deposit", "proposal", "milestone", "bonus"


def activate(funding: Funding) -> None:
    """The money for a milestone is there: work on it can begin (B20, B21)."""
    milestone = funding.milestone
    assert milestone  # noqa: S101, its money came in for it
    milestone.move_to(MilestoneStatus.ACTIVE)
    milestone.funded_at = Now()
    rows.update(milestone, "status", "funded_at")
    record(
        funding.contract, kind=EventKind.MILESTONE_FUNDED, by=funding.by, milestone=milestone, charged=funding.charge
    )
    supersede_if_gone(funding.contract, funding.by)


def open_for_answer(contract: Contract, *, by: User, charged: Decimal) -> None:
    """The deposit of an offer is all there: from now on its talent can answer it, for so many days (B40)."""
    is_new = not contract.events.filter(kind=EventKind.OFFER_SENT).exists()
    now = clock.now()
    contract.sent_at = contract.sent_at or now
    counted = contract.frozen_at or now  # letting it go on adds the time that it stood still to every deadline
    contract.answer_by = contract.expires_at = counted + timedelta(days=contract.offer_days)
    contract.save(update_fields=["sent_at", "answer_by", "expires_at"])
    revision = contract.revisions.filter(number=contract.plan_version, event=None).first()
    kind = EventKind.OFFER_SENT if is_new else EventKind.OFFER_CHANGED
    record(contract, kind=kind, by=by, revision=revision, charged=charged)


def start(contract: Contract) -> Milestone:
    """Both sides agreed: the contract is active, and its first milestone with it, as the money is there (B40, B41)."""
    contract.move_to(ContractStatus.ACTIVE)
    contract.started_at, contract.answer_by, contract.expires_at = clock.now(), None, None
    contract.save(update_fields=["status", "started_at", "answer_by", "expires_at"])
    first = contract.milestones.order_by("position")[0]
    first.move_to(MilestoneStatus.FUNDING)
    first.move_to(MilestoneStatus.ACTIVE)
    first.funded_at = clock.now()
    first.save(update_fields=["status", "funded_at"])
    return first


def _lock(payment: Payment) -> None:
    KEY.select_for_update(no_key=True).get(contract=payment.subject)


def _lock_with_series(payment: Payment) -> None:
    _lock(payment)
    lock_series(Contract.objects.values_list("talent_id", flat=True).get(pk=payment.subject))


def _contract(payment: Payment) -> Contract:
    """The contract of a payment, with its money as it is under the lock."""
    return FOR_CLOCK.get(contract=payment.subject)


def _funding(payment: Payment) -> Funding:
    """What the payment was begun for, with its contract and milestone, if that is still there, as under the lock.

    Read once and kept with the payment, which whoever settles it reads anew once it holds the lock.
    """
    kept = vars(payment)
    if "funding" not in kept:
        funding = kept["funding"] = _FUNDING.get(key=payment.pk)
        funding.contract = _contract(payment)
    return kept["funding"]


_FUNDING = Prepared(lambda: Funding.objects.select_related("by", "milestone").filter(pk=Given("key")))


def _into_escrow(payment: Payment) -> Sequence[Move]:
    outside, (held, fee), initiation = Owned(Kind.OUTSIDE), held_for(_contract(payment).pk), _funding(payment).fee
    return [*whole(outside, held, payment.amount - initiation), *whole(outside, fee, initiation)]


def _deposit(payment: Payment) -> Sequence[Move] | Gone:
    """An offer that was withdrawn meanwhile needs no deposit, and with less than all of it nobody could answer."""
    return _into_escrow(payment) if _completes(payment, ContractStatus.OFFERED) else GONE


def _completes(payment: Payment, status: ContractStatus) -> bool:
    """Whether the contract still has this status, and just what it needs is held with this charge."""
    funding = _funding(payment)
    contract, fee = funding.contract, funding.fee
    held, fee_held = contract.held + payment.amount - fee, contract.fee_held + fee
    return contract.status == status and _is_deposit(contract, held, fee_held)


def _is_deposit(contract: Contract, held: Decimal, fee_held: Decimal) -> bool:
    """Whether this is just what it needs to begin: its first milestone's amount, and the initiation fee."""
    first = contract.milestones.order_by("position")[0]
    return (held, fee_held) == (first.amount, contract.initiation_fee)


def _deposited(payment: Payment) -> None:
    funding = _funding(payment)
    open_for_answer(funding.contract, by=funding.by, charged=funding.charge)


def _accept(payment: Payment) -> Sequence[Move] | Gone:
    """A proposal that was withdrawn, declined or made an offer meanwhile needs no money (B41)."""
    return _into_escrow(payment) if _completes(payment, ContractStatus.PROPOSED) else GONE


def _accepted(payment: Payment) -> None:
    funding = _funding(payment)
    first = start(funding.contract)
    record(funding.contract, kind=EventKind.PROPOSAL_ACCEPTED, by=funding.by, milestone=first, charged=funding.charge)


def _fund(payment: Payment) -> Sequence[Move] | Gone:
    """Without the leftover that it counted on, a charge does not reach: then it is given back."""
    funding = _funding(payment)
    milestone, reach = funding.milestone, funding.contract.held + payment.amount
    if milestone and milestone.status == MilestoneStatus.FUNDING and reach >= milestone.amount:
        return _into_escrow(payment)
    _not_funded(payment)
    return GONE


def _funded(payment: Payment) -> None:
    activate(_funding(payment))


def let_go(contract: Contract) -> Milestone | None:
    """The milestone that was being funded is a future one again; a charge for it that comes later is given back."""
    milestone = contract.milestones.filter(status=MilestoneStatus.FUNDING).first()
    if milestone:
        milestone.move_to(MilestoneStatus.FUTURE)
        milestone.save(update_fields=["status"])
    return milestone


def _not_funded(payment: Payment) -> None:
    """The milestone stays a future one, and the plan can be edited again."""
    funding = _funding(payment)
    if milestone := let_go(funding.contract):
        record(
            funding.contract, kind=EventKind.FUNDING_FAILED, by=funding.by, milestone=milestone, charged=payment.amount
        )


def _bonus(payment: Payment) -> Sequence[Move]:
    contract = _contract(payment)
    shares = fees.share(payment.amount, contract.service_fee)
    outside, earned = Owned(Kind.OUTSIDE), Owned(Kind.FEES)
    pending = Owned(Kind.PENDING, contract.talent_id)
    return [*whole(outside, pending, shares.net), *whole(outside, earned, shares.fee)]


def _bonus_paid(payment: Payment) -> None:
    order, contract = Bonus.objects.select_related("by").get(pk=payment.pk), _contract(payment)
    journal = Journal.objects.get(key=payment.journal_key)
    shares = fees.share(payment.amount, contract.service_fee)
    earn(contract, shares, kind=EarningKind.BONUS, journal=journal.pk, by=order.by, note=order.note)
    record(contract, kind=EventKind.BONUS_PAID, by=order.by, paid=payment.amount, note=order.note)


def _charged_back(payment: Payment) -> None:
    """The client's bank took a charge back: what is no longer held is no longer claimed, and no offer stands on it."""
    contract = _contract(payment)
    current = contract.funded
    if current and current.amount > contract.held:
        close_milestone(current)
    if contract.answer_by and not _is_deposit(contract, contract.held, contract.fee_held):
        contract.answer_by = None
        contract.save(update_fields=["answer_by"])
    record(contract, kind=EventKind.CHARGED_BACK, by=None, milestone=current, returned=left_of(payment))
    supersede_if_gone(contract, None)


for purpose in (
    Purpose(DEPOSIT, Cause.FUND, _deposit, lock=_lock, confirmed=_deposited, charged_back=_charged_back),
    Purpose(PROPOSAL, Cause.FUND, _accept, lock=_lock, confirmed=_accepted, charged_back=_charged_back),
    Purpose(
        MILESTONE, Cause.FUND, _fund, lock=_lock, confirmed=_funded, failed=_not_funded, charged_back=_charged_back
    ),
    Purpose(BONUS, Cause.BONUS, _bonus, lock=_lock_with_series, confirmed=_bonus_paid, charged_back=_charged_back),
):
    purposes.register(purpose)
