"""Who may do what, when: one table of roles and states. Templates ask it and operations enforce it."""

from enum import Enum, auto

from contracts.models import Contract
from contracts.states import ContractStatus
from marketplace.models import MemberRole


class Role(Enum):
    """What somebody is on one contract (domain.md, roles)."""

    CLIENT = auto()
    CLIENT_VIEWER = auto()
    FREELANCER = auto()
    AGENCY_MANAGER = auto()
    AGENCY_MEMBER = auto()

    @property
    def is_client_side(self) -> bool:
        return self in {Role.CLIENT, Role.CLIENT_VIEWER}


class Action(Enum):
    """What can be done to a contract."""

    EDIT_PLAN = auto()


ROLES: dict[Action, frozenset[Role]] = {
    Action.EDIT_PLAN: frozenset({Role.CLIENT}),
}
STATES: dict[Action, frozenset[ContractStatus]] = {
    Action.EDIT_PLAN: frozenset({ContractStatus.ACTIVE}),
}


def role_of(contract: Contract) -> Role:
    """The role of the user for whom `contract` was loaded with `visible_to`."""
    if contract.client_role:
        return Role.CLIENT_VIEWER if contract.client_role == MemberRole.VIEWER else Role.CLIENT
    if contract.talent_role == MemberRole.OWNER:
        return Role.FREELANCER
    return Role.AGENCY_MANAGER if contract.talent_role == MemberRole.MANAGER else Role.AGENCY_MEMBER


def has_role(contract: Contract, action: Action) -> bool:
    """Whether the role alone allows `action`, whatever state the contract is in."""
    return role_of(contract) in ROLES[action]


def in_state(contract: Contract, action: Action) -> bool:
    """Whether the contract's state alone allows `action`, whoever asks."""
    return contract.status in STATES[action]


def may(contract: Contract, action: Action) -> bool:
    """Whether the user for whom `contract` was loaded may do `action` now."""
    return has_role(contract, action) and in_state(contract, action)
