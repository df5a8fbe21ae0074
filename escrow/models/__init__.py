"""The rows of escrow. Those of the ledger are written through the database's one door alone; payments by operations."""

from escrow.models.account import OF_PARTY, OF_SCOPE, SHARED, Account, Kind
from escrow.models.check_run import CheckRun
from escrow.models.journal import Cause, Journal
from escrow.models.method import MethodKind, PaymentMethod
from escrow.models.payment import OPEN, Direction, Payment, PaymentStatus
from escrow.models.seal import Seal
from escrow.models.transfer import LARGEST, SMALLEST, Transfer

__all__ = [
    "LARGEST",
    "OF_PARTY",
    "OF_SCOPE",
    "OPEN",
    "SHARED",
    "SMALLEST",
    "Account",
    "Cause",
    "CheckRun",
    "Direction",
    "Journal",
    "Kind",
    "MethodKind",
    "Payment",
    "PaymentMethod",
    "PaymentStatus",
    "Seal",
    "Transfer",
]
