"""What tests of payments share: people with payment methods, a purpose of their own, and a look at the books."""

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction

from escrow import ledger, purposes
from escrow.gateways.sandbox import SandboxGateway
from escrow.invariants import broken
from escrow.models import Direction, Journal, Kind, Payment, PaymentMethod
from escrow.operations import payments
from escrow.operations.methods import add_method
from escrow.operations.starting import start_payment
from marketplace import clock
from marketplace.models import Party
from tests.factories import PartyFactory

WORKS, DECLINES, CONFIRMS, LATER = "4242424242424242", "4000000000000002", "4000002500003155", "4000000000000077"
TIMES_OUT, UNREACHABLE, TWICE = "4000000000000119", "4000000000006975", "4000000000003220"
BANK, BANK_DECLINES, BANK_TIMES_OUT = "000123456789", "000111111116", "000111111113"
HUNDRED = Decimal("100.00")


@dataclass
class Told:
    """What happened to the purpose, in order; and the subjects that are gone, and who bears a chargeback."""

    heard: list[tuple[str, uuid.UUID]] = field(default_factory=list)
    gone: set[uuid.UUID] = field(default_factory=set)
    bearer: Party | None = None

    def hears(self, what: str):
        return lambda payment: self.heard.append((what, payment.subject))


TOLD = Told()


def lock(payment: Payment) -> None:
    """The party's row stands for the contract's."""
    Party.objects.select_for_update(no_key=True).get(pk=payment.party_id)


def into_escrow(payment: Payment) -> list[ledger.Move] | purposes.Gone:
    if payment.subject in TOLD.gone:
        return purposes.GONE
    outside, escrow = ledger.Owned(Kind.OUTSIDE), ledger.Owned(Kind.ESCROW, scope=payment.scope)
    return purposes.whole(outside, escrow, payment.amount)


FUNDING = purposes.Purpose(
    name="test funding",
    cause="fund",
    lock=lock,
    transfers=into_escrow,
    confirmed=TOLD.hears("confirmed"),
    failed=TOLD.hears("failed"),
    charged_back=TOLD.hears("charged back"),
    bearer=lambda payment: TOLD.bearer,
)
purposes.register(FUNDING)


def sandbox() -> SandboxGateway:
    return SandboxGateway(settings.SANDBOX_DIR, webhook_secret=settings.SANDBOX_WEBHOOK_SECRET)


def payer(number: str = WORKS) -> PaymentMethod:
    """The payment method of somebody new."""
    return add_method(party=PartyFactory.create(), entry=number)


def begun(method: PaymentMethod, amount: Decimal = HUNDRED, **content) -> Payment:
    """A charge that was begun and committed; nobody was asked yet."""
    content = {"subject": uuid.uuid4(), "scope": uuid.uuid4(), **content}
    with transaction.atomic():
        return start_payment(
            direction=Direction.CHARGE, purpose=FUNDING.name, party=method.party, method=method, amount=amount,
            **content,
        )  # fmt: skip


def charged(number: str = WORKS, amount: Decimal = HUNDRED, **content) -> Payment:
    """A charge of somebody new that the gateway was asked for."""
    return payments.ask(begun(payer(number), amount, **content).pk)


def earned(amount: Decimal, party: Party, kind: Kind = Kind.AVAILABLE) -> None:
    """Money of a talent's, from a contract that is not looked at here."""
    with transaction.atomic():
        outside, own = ledger.account(Kind.OUTSIDE), ledger.account(kind, party.pk)
        ledger.post(key=f"test:{uuid.uuid4()}", cause="bonus", transfers=[ledger.Move(outside, own, amount)])


def payout(
    party: Party, number: str = BANK, amount: Decimal = HUNDRED, *, method: PaymentMethod | None = None, **content
) -> Payment:
    """A withdrawal that was begun and committed."""
    method = method or add_method(party=party, entry=number)
    content = {"subject": uuid.uuid4(), **content}
    with transaction.atomic():
        return start_payment(
            direction=Direction.PAYOUT, purpose=purposes.WITHDRAWAL.name, party=party,
            method=method, amount=amount, **content,
        )  # fmt: skip


def later(**time: float) -> int:
    """How many payments a sweep settles when so much time has passed."""
    return payments.sweep_payments(clock.now() + timedelta(**time))


def held(payment: Payment) -> Decimal:
    return ledger.balance(Kind.ESCROW, scope=payment.scope)


def credit(payment: Payment) -> Decimal:
    return ledger.balance(Kind.CREDIT, payment.party_id)


def journals(*payments_: Payment) -> list[str]:
    """The keys of all journals that these payments posted, oldest first."""
    ids = {str(payment.pk) for payment in payments_}
    return [key for key in Journal.objects.order_by("pk").values_list("key", flat=True) if key[-36:] in ids]


def moved_there(direction: str) -> list[str]:
    """The amounts of all that the sandbox confirmed in this direction."""
    return [
        row["amount"] for row in sandbox().movements() if (row["direction"], row["state"]) == (direction, "confirmed")
    ]


def assert_books_hold() -> None:
    assert [str(each) for each in broken()] == []
