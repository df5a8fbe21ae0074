"""A removal from a team holds at once: for pages, for what is under way, for who was assigned."""

import threading
import uuid
from collections.abc import Callable
from functools import partial

import pytest
from django.db import transaction

from contracts.models import Contract, ContractMember, Submission
from contracts.operations import work
from contracts.operations.members import assign_members
from contracts.refusals import NotAllowed
from contracts.tests.visiting import at, signed_in
from marketplace.models import User
from marketplace.teams import members
from tests.books import books_hold
from tests.factories import Agreed, agreed, joined
from tests.racing import PATIENCE, at_once, kinds, wait_for_a_waiter

FUNDED = "active"


def submitting(world: Agreed) -> tuple[Contract, Callable]:
    """The member's page is open, with the contract as they could see it; and its button."""
    loaded = Contract.objects.visible_to(world.member).with_money().get(pk=world.contract.pk)
    first = world.contract.milestones.get(position=1)
    wish = {"by": world.member, "milestone": first, "key": uuid.uuid4(), "message": "Here it is."}
    return loaded, partial(work.submit_work, contract=loaded, **wish)


def remove(world: Agreed) -> None:
    members.remove(party=world.contract.talent, by=world.talent, person=world.member)


def test_who_is_removed_while_their_act_waits_for_the_lock_is_refused(own_database):
    world, locked = agreed(2, agency=True, current=FUNDED), threading.Event()
    _loaded, submit = submitting(world)

    def removing() -> None:
        with transaction.atomic():
            Contract.objects.select_for_update(no_key=True).get(pk=world.contract.pk)
            locked.set()
            wait_for_a_waiter()
            remove(world)

    _removed, answer = at_once(removing, lambda: locked.wait(PATIENCE) and submit())
    assert isinstance(answer, NotAllowed)
    assert not Submission.objects.exists()
    books_hold()


@pytest.mark.django_db
def test_a_removal_between_the_page_and_the_act_is_noticed_by_the_second_look(monkeypatch):
    world = agreed(2, agency=True, current=FUNDED)
    loaded, submit = submitting(world)
    remove(world)
    with pytest.raises(NotAllowed):
        submit()
    monkeypatch.setattr(work, "lock", lambda key, by: loaded)  # the control: roles as they were when it was loaded
    submit()
    assert Submission.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("was", "role"), [("owner", "viewer"), ("manager", "viewer")])
def test_a_lower_role_between_the_page_and_the_act_is_noticed(was, role):
    world = agreed(2, paid=1)
    lead, person = joined(world.contract.client, "owner"), world.client if was == "owner" else world.manager
    browser = signed_in(person)
    assert browser.get(at(world.contract, "milestones/new/")).status_code == 200
    members.change_role(party=world.contract.client, by=lead, person=person, was=was, role=role)
    assert browser.get(at(world.contract, "")).status_code == 200
    for answer in (
        browser.get(at(world.contract, "milestones/new/")),
        browser.post(at(world.contract, "milestones/new/")),
    ):
        assert answer.status_code == 403
    books_hold()


@pytest.mark.django_db
def test_who_is_removed_is_assigned_to_nothing_any_more_and_comes_back_to_nothing():
    world = agreed(2, agency=True)
    agency = world.contract.talent
    remove(world)
    assert not ContractMember.objects.filter(contract=world.contract).exists()
    agency.memberships.create(user=world.member, role="member")
    assert signed_in(world.member).get(at(world.contract, "")).status_code == 404


def assigning_a_removed(world: Agreed) -> list[object]:
    """The member is removed, but not yet committed, when another manager assigns them."""
    removed = threading.Event()
    memberships = list(world.idle.memberships.all())
    manager: User = joined(world.contract.talent, "manager")

    def removing() -> None:
        with transaction.atomic():
            members.remove(party=world.contract.talent, by=world.talent, person=world.idle)
            removed.set()
            wait_for_a_waiter()

    assign = partial(assign_members, contract=world.contract, by=manager, memberships=memberships)
    return at_once(removing, lambda: removed.wait(PATIENCE) and assign())


def test_nobody_is_assigned_who_is_being_removed(own_database):
    world = agreed(1, agency=True)
    assert kinds(assigning_a_removed(world)) == {"NoneType": 1, "Contract": 1}
    assert not ContractMember.objects.exists()


def test_control_without_the_lock_an_assignment_of_who_is_being_removed_fails_at_the_commit(own_database, guard_off):
    assert kinds(assigning_a_removed(agreed(1, agency=True))) == {"NoneType": 1, "IntegrityError": 1}
