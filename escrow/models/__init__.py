"""The rows of the ledger. They are read through here and written through the database's one door alone."""

from escrow.models.account import OF_PARTY, OF_SCOPE, SHARED, Account, Kind
from escrow.models.journal import Cause, Journal
from escrow.models.seal import Seal
from escrow.models.transfer import LARGEST, SMALLEST, Transfer

__all__ = [
    "LARGEST",
    "OF_PARTY",
    "OF_SCOPE",
    "SHARED",
    "SMALLEST",
    "Account",
    "Cause",
    "Journal",
    "Kind",
    "Seal",
    "Transfer",
]
