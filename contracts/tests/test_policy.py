"""Who may do what, when: every role, action and state, against literal expectations (domain.md, roles)."""

import itertools

import pytest

from contracts.models import Contract, Milestone
from contracts.policy import Action, Role, has_role, in_state, may, role_of
from contracts.states import ContractStatus, MilestoneStatus
from marketplace.models import MemberRole, User
from tests.factories import agreed, joined, outsider

# A user's role in each party of the contract, as `visible_to` annotates it.
ANNOTATED = {
    Role.CLIENT: [(MemberRole.OWNER, None), (MemberRole.MANAGER, None)],
    Role.CLIENT_VIEWER: [(MemberRole.VIEWER, None)],
    Role.FREELANCER: [(None, MemberRole.OWNER)],
    Role.AGENCY_MANAGER: [(None, MemberRole.MANAGER)],
    Role.AGENCY_MEMBER: [(None, MemberRole.MEMBER)],
}
# Every action with the roles that may do it, and the states in which they may; all other cells say no.
CLIENT, TALENT = "client", "freelancer agency_manager"
TABLE = {
    Action.EDIT_PLAN: (CLIENT, "active"),
    Action.SEND_REQUEST: (TALENT, "active"),
    Action.REPLACE_REQUEST: (f"{CLIENT} {TALENT}", "active"),
    Action.WITHDRAW_REQUEST: (f"{CLIENT} {TALENT}", "active"),
    Action.ANSWER_REQUEST: (f"{CLIENT} {TALENT}", "active"),
    Action.PROPOSE: (TALENT, "active settling ended"),
    Action.ANSWER_PROPOSAL: (CLIENT, "proposed"),
    Action.WITHDRAW_PROPOSAL: (TALENT, "proposed"),
    Action.EDIT_OFFER: (CLIENT, "offered"),
    Action.WITHDRAW_OFFER: (CLIENT, "offered"),
    Action.ANSWER_OFFER: (TALENT, "offered"),
    Action.ASSIGN_MEMBERS: ("agency_manager", "offered proposed active settling"),
    Action.FUND: (CLIENT, "active"),
    Action.SUBMIT: (f"{TALENT} agency_member", "active"),
    Action.REQUEST_CHANGES: (CLIENT, "active"),
    Action.RELEASE: (CLIENT, "active"),
    Action.BONUS: (CLIENT, "active settling ended"),
    Action.END_AS_CLIENT: (CLIENT, "active"),
    Action.END_AS_TALENT: (TALENT, "active settling"),
    Action.ANSWER_REFUND: (TALENT, "settling"),
    Action.ANSWER_COUNTER: (CLIENT, "settling"),
    Action.ASK_MONEY_BACK: (CLIENT, "active"),
    Action.ANSWER_MONEY_BACK: (TALENT, "active"),
    Action.OPEN_DISPUTE: (f"{CLIENT} {TALENT}", "active settling"),
    Action.OFFER_SPLIT: (f"{CLIENT} {TALENT}", "active settling"),
    Action.ACCEPT_SPLIT: (f"{CLIENT} {TALENT}", "active settling"),
    Action.WITHDRAW_DISPUTE: (f"{CLIENT} {TALENT}", "active settling"),
    Action.GIVE_FEEDBACK: (f"{CLIENT} {TALENT}", "ended"),
    Action.POST: (f"{CLIENT} {TALENT} agency_member", " ".join(ContractStatus)),
}
ABOUT_DISPUTE = {Action.OFFER_SPLIT, Action.ACCEPT_SPLIT, Action.WITHDRAW_DISPUTE}
WHILE_DISPUTED = ABOUT_DISPUTE | {
    Action.EDIT_PLAN, Action.SEND_REQUEST, Action.REPLACE_REQUEST, Action.WITHDRAW_REQUEST, Action.ANSWER_REQUEST,
    Action.PROPOSE, Action.ANSWER_PROPOSAL, Action.WITHDRAW_PROPOSAL, Action.EDIT_OFFER, Action.WITHDRAW_OFFER,
    Action.ANSWER_OFFER, Action.ASSIGN_MEMBERS, Action.BONUS, Action.GIVE_FEEDBACK, Action.POST,
}  # fmt: skip
# With a pending change request of one's own or of the other side's, and without any (B9, B10).
WITH_OWN = {Action.REPLACE_REQUEST, Action.WITHDRAW_REQUEST}
WITH_THEIRS = {Action.REPLACE_REQUEST, Action.ANSWER_REQUEST}
WITHOUT = {Action.EDIT_PLAN, Action.SEND_REQUEST}
WITH_SOMETHING = WITH_OWN | WITH_THEIRS | ABOUT_DISPUTE
CELLS = list(itertools.product(Role, Action, ContractStatus))


def loaded(
    role: Role, status: ContractStatus, *, disputed: bool = False, request_from_client: bool | None = None
) -> list[Contract]:
    """The contract as each kind of user with this role would have it."""
    contracts = []
    for client_role, talent_role in ANNOTATED[role]:
        contract = Contract(status=status)
        contract.is_disputed, contract.request_from_client = disputed, request_from_client
        contract.client_role, contract.talent_role = client_role, talent_role
        contracts.append(contract)
    return contracts


def said(role: Role, action: Action, status: ContractStatus) -> bool:
    roles, states = TABLE[action]
    return role.name.lower() in roles.split() and status in states.split()


@pytest.mark.parametrize(("role", "action", "status"), CELLS, ids=lambda value: value.name.lower())
def test_every_cell_of_the_matrix(role, action, status):
    for contract in loaded(role, status):
        assert role_of(contract) == role
        assert may(contract, action) is (said(role, action, status) and action not in WITH_SOMETHING)


@pytest.mark.parametrize("own", [True, False], ids=["own", "theirs"])
@pytest.mark.parametrize(("role", "action", "status"), CELLS, ids=lambda value: value.name.lower())
def test_b10_a_pending_request_stops_changes_and_waits_for_the_other_side(role, action, status, own):
    possible = action not in WITHOUT | WITH_SOMETHING or action in (WITH_OWN if own else WITH_THEIRS)
    for contract in loaded(role, status, request_from_client=role.is_client_side is own):
        assert may(contract, action) is (said(role, action, status) and possible)


@pytest.mark.parametrize(("role", "action", "status"), CELLS, ids=lambda value: value.name.lower())
def test_b44_a_dispute_freezes_whatever_would_move_held_money(role, action, status):
    for contract in loaded(role, status, disputed=True):
        expected = said(role, action, status) and action in WHILE_DISPUTED - WITH_OWN - WITH_THEIRS
        assert may(contract, action) is expected


def test_the_matrix_has_as_many_cells_as_it_should():
    assert len(CELLS) == 5 * 29 * 8
    assert sum(said(*cell) for cell in CELLS) == 108


def test_a_refusal_tells_the_role_from_the_state():
    (viewer,) = loaded(Role.CLIENT_VIEWER, ContractStatus.ACTIVE)
    assert not has_role(viewer, Action.EDIT_PLAN)
    assert in_state(viewer, Action.EDIT_PLAN)
    client, _manager = loaded(Role.CLIENT, ContractStatus.ENDED)
    assert has_role(client, Action.EDIT_PLAN)
    assert not in_state(client, Action.EDIT_PLAN)


@pytest.mark.parametrize("status", MilestoneStatus)
def test_b04_only_a_future_milestone_is_open_to_edits(status):
    assert Milestone(status=status).is_future is (status == "future")


def role_for(user: User) -> Role | None:
    contract = Contract.objects.visible_to(user).first()
    return contract and role_of(contract)


def test_everybody_on_a_contract_with_an_agency_has_their_role(db):
    people = agreed(agency=True)
    assert role_for(people.client) == role_for(people.manager) == Role.CLIENT
    assert role_for(people.viewer) == Role.CLIENT_VIEWER
    assert role_for(people.talent) == Role.AGENCY_MANAGER
    assert role_for(people.member) == Role.AGENCY_MEMBER


def test_a_freelancer_has_its_role(db):
    assert role_for(agreed().talent) == Role.FREELANCER


def test_who_has_nothing_to_do_with_a_contract_does_not_see_it(db):
    people = agreed(agency=True)
    staff = User.objects.create_superuser("boss@cairn.test", "x", name="Boss")
    assert role_for(people.idle) is role_for(outsider()) is role_for(staff) is None


def test_a_member_of_the_agency_sees_only_the_contract_it_is_assigned_to(db):
    one, other = agreed(agency=True), agreed(agency=True)
    assert list(Contract.objects.visible_to(one.member)) == [one.contract]
    assert list(Contract.objects.visible_to(other.member)) == [other.contract]


def test_who_leaves_the_party_no_longer_sees_its_contracts(db):
    people = agreed(agency=True)
    for user in (people.manager, people.talent, people.member):
        user.memberships.all().delete()
        assert role_for(user) is None


def test_somebody_on_both_sides_acts_for_the_client(db):
    people = agreed(agency=True)
    user = joined(people.contract.client, "viewer")
    user.memberships.create(party=people.contract.talent, role="manager")
    assert role_for(user) == Role.CLIENT_VIEWER
