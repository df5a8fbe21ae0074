"""Who may do what, when: one table of roles and states. Templates ask it and operations enforce it."""

from enum import Enum, auto

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contracts.models import ActKind, Contract, EventKind
from contracts.states import ContractStatus
from marketplace.models import MANAGES_MONEY, MemberRole, Party, User
from marketplace.permissions import StaffAction, staff_may


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
    SEND_REQUEST = auto()
    REPLACE_REQUEST = auto()
    WITHDRAW_REQUEST = auto()
    ANSWER_REQUEST = auto()
    PROPOSE = auto()
    ANSWER_PROPOSAL = auto()
    WITHDRAW_PROPOSAL = auto()
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
    ASK_MONEY_BACK = auto()
    ANSWER_MONEY_BACK = auto()
    OPEN_DISPUTE = auto()
    OFFER_SPLIT = auto()
    ACCEPT_SPLIT = auto()
    WITHDRAW_DISPUTE = auto()
    GIVE_FEEDBACK = auto()
    POST = auto()


_CLIENT = frozenset({Role.CLIENT})
_TALENT = frozenset({Role.FREELANCER, Role.AGENCY_MANAGER})
ROLES: dict[Action, frozenset[Role]] = {
    Action.EDIT_PLAN: _CLIENT,
    Action.SEND_REQUEST: _TALENT,
    Action.REPLACE_REQUEST: _CLIENT | _TALENT,
    Action.WITHDRAW_REQUEST: _CLIENT | _TALENT,
    Action.ANSWER_REQUEST: _CLIENT | _TALENT,
    Action.PROPOSE: _TALENT,
    Action.ANSWER_PROPOSAL: _CLIENT,
    Action.WITHDRAW_PROPOSAL: _TALENT,
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
    Action.ASK_MONEY_BACK: _CLIENT,
    Action.ANSWER_MONEY_BACK: _TALENT,
    Action.OPEN_DISPUTE: _CLIENT | _TALENT,
    Action.OFFER_SPLIT: _CLIENT | _TALENT,
    Action.ACCEPT_SPLIT: _CLIENT | _TALENT,
    Action.WITHDRAW_DISPUTE: _CLIENT | _TALENT,
    Action.GIVE_FEEDBACK: _CLIENT | _TALENT,
    Action.POST: _CLIENT | _TALENT | {Role.AGENCY_MEMBER},
}
_C = ContractStatus
_ACTIVE, _SETTLING = frozenset({_C.ACTIVE}), frozenset({_C.SETTLING})
STATES: dict[Action, frozenset[ContractStatus]] = {
    Action.EDIT_PLAN: _ACTIVE,
    Action.SEND_REQUEST: _ACTIVE,
    Action.REPLACE_REQUEST: _ACTIVE,
    Action.WITHDRAW_REQUEST: _ACTIVE,
    Action.ANSWER_REQUEST: _ACTIVE,
    Action.PROPOSE: _ACTIVE | _SETTLING | {_C.ENDED},
    Action.ANSWER_PROPOSAL: frozenset({_C.PROPOSED}),
    Action.WITHDRAW_PROPOSAL: frozenset({_C.PROPOSED}),
    Action.EDIT_OFFER: frozenset({_C.OFFERED}),
    Action.WITHDRAW_OFFER: frozenset({_C.OFFERED}),
    Action.ANSWER_OFFER: frozenset({_C.OFFERED}),
    Action.ASSIGN_MEMBERS: frozenset({_C.OFFERED, _C.PROPOSED, _C.ACTIVE, _C.SETTLING}),
    Action.FUND: _ACTIVE,
    Action.SUBMIT: _ACTIVE,
    Action.REQUEST_CHANGES: _ACTIVE,
    Action.RELEASE: _ACTIVE,
    Action.BONUS: _ACTIVE | _SETTLING | {_C.ENDED},
    Action.END_AS_CLIENT: _ACTIVE,
    Action.END_AS_TALENT: _ACTIVE | _SETTLING,
    Action.ANSWER_REFUND: _SETTLING,
    Action.ANSWER_COUNTER: _SETTLING,
    Action.ASK_MONEY_BACK: _ACTIVE,
    Action.ANSWER_MONEY_BACK: _ACTIVE,
    Action.OPEN_DISPUTE: _ACTIVE | _SETTLING,
    Action.OFFER_SPLIT: _ACTIVE | _SETTLING,
    Action.ACCEPT_SPLIT: _ACTIVE | _SETTLING,
    Action.WITHDRAW_DISPUTE: _ACTIVE | _SETTLING,
    Action.GIVE_FEEDBACK: frozenset({_C.ENDED}),
    Action.POST: frozenset(_C),  # before an answer and after the end there is something to talk about as well
}
# What an open dispute stops: whatever would move held money, or start a clock that does (B44).
FROZEN = frozenset({
    Action.FUND, Action.SUBMIT, Action.REQUEST_CHANGES, Action.RELEASE, Action.END_AS_CLIENT, Action.END_AS_TALENT,
    Action.ANSWER_REFUND, Action.ANSWER_COUNTER, Action.ASK_MONEY_BACK, Action.ANSWER_MONEY_BACK, Action.OPEN_DISPUTE,
})  # fmt: skip

# What goes on while staff have frozen the contract: talk, and plans that nobody pays for yet. All else stands still.
FREE = frozenset({
    Action.EDIT_PLAN, Action.SEND_REQUEST, Action.REPLACE_REQUEST, Action.WITHDRAW_REQUEST, Action.ANSWER_REQUEST,
    Action.PROPOSE, Action.WITHDRAW_PROPOSAL, Action.ASSIGN_MEMBERS, Action.GIVE_FEEDBACK, Action.POST,
})  # fmt: skip

# What ends an open dispute, or is offered to end it: there has to be one (B44).
WITH_DISPUTE = frozenset({Action.OFFER_SPLIT, Action.ACCEPT_SPLIT, Action.WITHDRAW_DISPUTE})

# A pending change request stops every other change of the plan (B10); and what is done with one needs one.
PAUSED = frozenset({Action.EDIT_PLAN, Action.SEND_REQUEST})
WITH_REQUEST = frozenset({Action.REPLACE_REQUEST, Action.WITHDRAW_REQUEST, Action.ANSWER_REQUEST})

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
# The same of what its talent proposed, and nobody made an offer of (B41), by the event that closed it.
CLOSED_PROPOSAL = {
    EventKind.PROPOSAL_DECLINED: _("The proposed contract was declined."),
    EventKind.PROPOSAL_WITHDRAWN: _("The proposed contract was withdrawn."),
}


# Which acts of staff are about accounts (record 12); all others are about money. Who does which: `STAFF` says.
OF_ACCOUNTS = frozenset({ActKind.SUSPEND, ActKind.REINSTATE})


def decides_disputes(user: User) -> bool:
    """Whether `user`, read just now, is staff that decides disputes (roles): of finance."""
    return staff_may(user, StaffAction.DECIDE_MONEY)


def acts_as_staff(user: User, kind: ActKind, about: User | None = None) -> bool:
    """Whether `user`, as the database has it now, asks for and agrees to acts of this kind, `about` somebody if so.

    Nobody acts about their own account, and about that of staff only a superuser.
    """
    found = User.objects.filter(pk=user.pk, is_active=True, is_staff=True).first()
    if found is None or (about and (about.pk == found.pk or (about.is_staff and not found.is_superuser))):
        return False
    return staff_may(found, StaffAction.CARE_FOR_ACCOUNTS if kind in OF_ACCOUNTS else StaffAction.DECIDE_MONEY)


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


def has_role(contract: Contract, action: Action, *, from_client: bool | None = None) -> bool:
    """Whether the role alone allows `action`, whatever state the contract is in.

    A change request is answered by the other side, and withdrawn by the one that sent it: `from_client` says whose it
    is; without it, the pending one is meant.
    """
    return role_of(contract) in ROLES[action] and _is_for_this_side(contract, action, from_client)


def in_state(contract: Contract, action: Action) -> bool:
    """Whether the contract's state alone allows `action`, whoever asks."""
    if contract.status not in STATES[action] or (action in FROZEN and contract.is_disputed):
        return False
    if contract.frozen_at and action not in FREE:
        return False
    if action in WITH_DISPUTE and not contract.is_disputed:
        return False
    has_request = contract.request_from_client is not None
    return not ((action in PAUSED and has_request) or (action in WITH_REQUEST and not has_request))


def may(contract: Contract, action: Action) -> bool:
    """Whether the user for whom `contract` was loaded may do `action` now."""
    return has_role(contract, action) and in_state(contract, action)


def why_not(contract: Contract, action: Action) -> str:
    """Why the contract's state does not allow `action`, for the user."""
    if contract.is_active and action in PAUSED and contract.request_from_client is not None:
        return gettext("A change request waits for an answer. Until then the plan stays as it is.")
    if contract.is_active and action in WITH_REQUEST:
        return gettext("This change request was answered, revised or withdrawn meanwhile. Open the contract again.")
    if contract.status in STATES[action] and action in WITH_DISPUTE:
        return gettext("This dispute is over: it was settled, decided or withdrawn. Open the contract again.")
    return "" if action in PAUSED else _what_it_is_closed_to(contract)


def _what_it_is_closed_to(contract: Contract) -> str:
    """One query for what was declined or withdrawn, to tell a proposal from an offer."""
    if contract.status in {_C.DECLINED, _C.WITHDRAWN}:
        last = contract.events.filter(kind__in=CLOSED_PROPOSAL).first()
        return str(CLOSED_PROPOSAL[EventKind(last.kind)] if last else CLOSED_TO[_C(contract.status)])
    return str(CLOSED_TO[_C(contract.status)])


def _is_for_this_side(contract: Contract, action: Action, from_client: bool | None) -> bool:
    if action not in {Action.WITHDRAW_REQUEST, Action.ANSWER_REQUEST}:
        return True
    sender = contract.request_from_client if from_client is None else from_client
    if sender is None:
        return True
    is_own = sender == role_of(contract).is_client_side
    return is_own == (action is Action.WITHDRAW_REQUEST)
