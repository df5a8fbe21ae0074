"""People, the parties they act for, and who joins which. Knows no contract and no money."""

from marketplace.models.erasure import NOWHERE, Erasure
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
from marketplace.models.team import LEADS, Invitation, InvitationStatus, TeamEvent, TeamEventKind

__all__ = [
    "ADDRESS_LENGTH",
    "LEADS",
    "MANAGES_MONEY",
    "NOWHERE",
    "ROLES_OF_KIND",
    "Erasure",
    "Invitation",
    "InvitationStatus",
    "Job",
    "MemberRole",
    "Membership",
    "Party",
    "PartyKind",
    "TaxDetails",
    "TeamEvent",
    "TeamEventKind",
    "User",
    "UserManager",
]
