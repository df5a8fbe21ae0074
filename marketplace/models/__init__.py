"""People, the parties they act for, and who joins which. Knows no contract and no money."""

from marketplace.models.people import (
    ADDRESS_LENGTH,
    MANAGES_MONEY,
    ROLES_OF_KIND,
    Job,
    MemberRole,
    Membership,
    Party,
    PartyKind,
    TaxDetails,
    User,
    UserManager,
)

__all__ = [
    "ADDRESS_LENGTH",
    "MANAGES_MONEY",
    "ROLES_OF_KIND",
    "Job",
    "MemberRole",
    "Membership",
    "Party",
    "PartyKind",
    "TaxDetails",
    "User",
    "UserManager",
]
