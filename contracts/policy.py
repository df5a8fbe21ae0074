"""Who may do what, when: one table of roles and states. Templates ask it and operations enforce it."""

from enum import Enum, auto

from django.utils.translation import gettext_lazy as _

from contracts.models import Contract
from contracts.states import ContractStatus
from marketplace.models import MANAGES_MONEY, MemberRole, Party


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
    EDIT_OFFER = auto()
    WITHDRAW_OFFER = auto()
    ANSWER_OFFER = auto()
    ASSIGN_MEMBERS = auto()
    FUND = auto()
    SUBMIT = auto()
    REQUEST_CHANGES = auto()
    RELEASE = auto()
    BONUS = auto()
    END_AS_CLIENT = auto()
    END_AS_TALENT = auto()
    ANSWER_REFUND = auto()
    ANSWER_COUNTER = auto()
    OPEN_DISPUTE = auto()
    GIVE_FEEDBACK = auto()


_CLIENT = frozenset({Role.CLIENT})
_TALENT = frozenset({Role.FREELANCER, Role.AGENCY_MANAGER})
ROLES: dict[Action, frozenset[Role]] = {
    Action.EDIT_PLAN: _CLIENT,
    Action.EDIT_OFFER: _CLIENT,
    Action.WITHDRAW_OFFER: _CLIENT,
    Action.ANSWER_OFFER: _TALENT,
    Action.ASSIGN_MEMBERS: frozenset({Role.AGENCY_MANAGER}),
    Action.FUND: _CLIENT,
    Action.SUBMIT: _TALENT | {Role.AGENCY_MEMBER},
    Action.REQUEST_CHANGES: _CLIENT,
    Action.RELEASE: _CLIENT,
    Action.BONUS: _CLIENT,
    Action.END_AS_CLIENT: _CLIENT,
    Action.END_AS_TALENT: _TALENT,
    Action.ANSWER_REFUND: _TALENT,
    Action.ANSWER_COUNTER: _CLIENT,
    Action.OPEN_DISPUTE: _CLIENT | _TALENT,
    Action.GIVE_FEEDBACK: _CLIENT | _TALENT,
}
_C = ContractStatus
_ACTIVE, _SETTLING = frozenset({_C.ACTIVE}), frozenset({_C.SETTLING})
STATES: dict[Action, frozenset[ContractStatus]] = {
    Action.EDIT_PLAN: _ACTIVE,
    Action.EDIT_OFFER: frozenset({_C.OFFERED}),
    Action.WITHDRAW_OFFER: frozenset({_C.OFFERED}),
    Action.ANSWER_OFFER: frozenset({_C.OFFERED}),
    Action.ASSIGN_MEMBERS: frozenset({_C.OFFERED, _C.ACTIVE, _C.SETTLING}),
    Action.FUND: _ACTIVE,
    Action.SUBMIT: _ACTIVE,
    Action.REQUEST_CHANGES: _ACTIVE,
    Action.RELEASE: _ACTIVE,
    Action.BONUS: _ACTIVE | _SETTLING | {_C.ENDED},
    Action.END_AS_CLIENT: _ACTIVE,
    Action.END_AS_TALENT: _ACTIVE | _SETTLING,
    Action.ANSWER_REFUND: _SETTLING,
    Action.ANSWER_COUNTER: _SETTLING,
    Action.OPEN_DISPUTE: _ACTIVE | _SETTLING,
    Action.GIVE_FEEDBACK: frozenset({_C.ENDED}),
}
# What an open dispute stops: whatever would move held money, or start a clock that does (B44).
FROZEN = frozenset({
    Action.FUND, Action.SUBMIT, Action.REQUEST_CHANGES, Action.RELEASE, Action.END_AS_CLIENT, Action.END_AS_TALENT,
    Action.ANSWER_REFUND, Action.ANSWER_COUNTER, Action.OPEN_DISPUTE,
})  # fmt: skip

# What a state says to those who come too early or too late.
CLOSED_TO = {
    _C.OFFERED: _("The offer has not been accepted yet."),
    _C.PROPOSED: _("The proposed contract has not been accepted yet."),
    _C.ACTIVE: _("The contract is active, so this is over or not possible yet. Open the page again."),
    _C.SETTLING: _("The contract is being settled. Nothing else can be done with its money until that is over."),
    _C.ENDED: _("The contract has ended."),
    _C.DECLINED: _("The offer was declined."),
    _C.WITHDRAWN: _("The offer was withdrawn."),
    _C.EXPIRED: _("The offer expired."),
}


def decides_about_money(party: Party) -> bool:
    """Whether the user for whom `party` was loaded, with the `role` there, decides about its money."""
    return getattr(party, "role", None) in MANAGES_MONEY


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
    return contract.status in STATES[action] and not (action in FROZEN and contract.is_disputed)


def may(contract: Contract, action: Action) -> bool:
    """Whether the user for whom `contract` was loaded may do `action` now."""
    return has_role(contract, action) and in_state(contract, action)


def why_not(contract: Contract, action: Action) -> str:
    """Why the contract's state does not allow `action`, for the user."""
    return "" if action is Action.EDIT_PLAN else str(CLOSED_TO[ContractStatus(contract.status)])
