"""What groups of staff do, as one table: the policy, the administration and its pages ask it (record 12).

Who does what on a contract is contracts/policy.py; for a party, `MANAGES_MONEY` and `LEADS` beside its roles. What
staff look at is Django's own permissions, which `migrate` gives to every group here.
"""

from enum import Enum, auto

from django.contrib.auth.models import AnonymousUser

from marketplace.models import User

SUPPORT, FINANCE = "support", "finance"
GROUPS = (SUPPORT, FINANCE)


class StaffAction(Enum):
    """What staff do beside looking."""

    DECIDE_MONEY = auto()  # decide a dispute, reverse a release, send a refund again, freeze a contract
    CARE_FOR_ACCOUNTS = auto()  # suspend somebody, and reinstate them
    CHECK_BOOKS = auto()
    SEND_AGAIN = auto()  # emails that were given up


# The groups that do it, and whether a superuser who is in none of them does.
STAFF: dict[StaffAction, tuple[frozenset[str], bool]] = {
    StaffAction.DECIDE_MONEY: (frozenset({FINANCE}), False),
    StaffAction.CARE_FOR_ACCOUNTS: (frozenset({FINANCE}), True),
    StaffAction.CHECK_BOOKS: (frozenset({FINANCE}), True),
    StaffAction.SEND_AGAIN: (frozenset({FINANCE}), True),
}


def staff_may(user: User | AnonymousUser, action: StaffAction) -> bool:
    """Whether `user`, as it was read, is staff that does this."""
    if not (user.is_active and user.is_staff):
        return False
    groups, superusers = STAFF[action]
    return (superusers and user.is_superuser) or user.groups.filter(name__in=groups).exists()
