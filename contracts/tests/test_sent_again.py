"""A form that is sent again, or too late, after things went on: nothing is done twice, and no other wish passes for it.

What a second click does at once is tried beside each operation.
"""

import uuid
from dataclasses import replace

import pytest

from contracts.operations.members import assign_members
from contracts.operations.plan import AddedBefore
from contracts.operations.requests import AnsweredMeanwhile, accept_request, decline_request, withdraw_request
from contracts.refusals import KeyReused, NotAllowed
from contracts.states import RequestStatus
from contracts.tests.asking import answer, asked, counter, page_of, statuses
from contracts.tests.browsing import HTMX, Editor, address, post, read, text
from contracts.tests.dealing import Deal, offered, plan_of
from contracts.tests.editing import add, edited, longer, save, traces
from contracts.tests.proposing import accept, propose
from contracts.tests.visiting import said
from tests.books import books_hold
from tests.factories import Agreed, JobFactory, agreed, card, line

pytestmark = pytest.mark.django_db
DONE = {"accept": accept_request, "decline": decline_request, "withdraw": withdraw_request}


@pytest.fixture
def world() -> Agreed:
    return agreed(4)


# A change request that is not the pending one any more


@pytest.mark.parametrize(("role", "name"), [("client", "accept"), ("manager", "decline"), ("talent", "withdraw")])
def test_s07_who_comes_late_to_a_request_that_was_sent_back_is_told_so(world, role, name):
    first = asked(world)
    second, user = counter(world, first), getattr(world, role)
    with pytest.raises(AnsweredMeanwhile):
        DONE[name](contract=world.contract, by=user, request=first)
    page = answer(user, first, name)
    assert page.status_code == 409
    assert "was answered, revised or withdrawn meanwhile" in said(page)
    assert f"{world.client.name} sent it back with other changes." in said(page)
    assert page_of(second) in page.content.decode()
    assert statuses(world.contract) == [RequestStatus.COUNTERED, RequestStatus.PENDING]


@pytest.mark.parametrize(("role", "name"), [("talent", "accept"), ("talent", "decline"), ("client", "withdraw")])
def test_b09_sent_back_or_not_a_request_is_not_answered_by_its_sender_nor_withdrawn_by_others(world, role, name):
    first = asked(world)
    counter(world, first)
    with pytest.raises(NotAllowed):
        DONE[name](contract=world.contract, by=getattr(world, role), request=first)
    assert answer(getattr(world, role), first, name).status_code == 403


@pytest.mark.parametrize("name", ["accept", "decline"])
def test_s07_the_same_answer_again_counts_while_one_of_ones_own_waits(world, name):
    request = asked(world)
    first = DONE[name](contract=world.contract, by=world.client, request=request)
    counter(world, asked(world))
    before = world.contract.events.count()
    assert DONE[name](contract=world.contract, by=world.client, request=request) == first
    assert answer(world.client, request, name).status_code == 302
    assert world.contract.events.count() == before


# An offer and a proposal


def test_i17_the_same_form_of_an_offer_is_the_same_whatever_became_of_it():
    before = offered("50.00")
    deal, plan = replace(before, key=uuid.uuid4()), plan_of("70.00")
    wish = {"plan": plan, "job": before.contract.job, "follows": before.contract}
    first = deal.offer(**wish)
    assert deal.offer(**wish) == first
    deal.change(plan, base=1, title="Large works")
    assert deal.offer(**wish) == first
    for other in (
        {"job": JobFactory.create(client=deal.client)},
        {"job": None, "job_title": "More"},
        {"follows": None},
    ):
        with pytest.raises(KeyReused):
            deal.offer(**wish | other)
    assert (deal.contract.title, deal.contract.plan_version, len(deal.charges)) == ("Large works", 2, 2)
    books_hold()


def test_i17_the_form_of_a_proposal_stands_for_those_who_were_to_work_on_it_too():
    world = agreed(1, agency=True, paid=1)
    known, chosen, others = world.contract, world.member.memberships.all(), world.idle.memberships.all()
    deal, plan = Deal(known.client, known.talent, world.client, world.talent, card(known.client)), plan_of("50.00")
    made = propose(deal, plan, memberships=chosen)
    assert propose(deal, plan, memberships=chosen) == made
    for team in (others, []):
        with pytest.raises(KeyReused):
            propose(deal, plan, memberships=team)
    assert [each.membership.user for each in made.members.all()] == [world.member]
    assign_members(contract=made, by=world.talent, memberships=others)
    assert propose(deal, plan, memberships=chosen) == made
    accept(deal)
    assert propose(deal, plan, memberships=chosen) == made
    books_hold()


# A plan whose change was taken back


def test_i17_a_plan_that_was_saved_and_taken_back_is_not_saved_again(world):
    contract, before = world.contract, world.contract.plan()
    mine = longer(before, line("Step 5"))
    save(contract, mine, by=world.client)
    save(contract, before, by=world.manager, base=2)
    as_it_was = traces(contract)
    assert save(contract, mine, by=world.client) is None
    assert traces(contract) == as_it_was
    for wish, user in ((longer(before, line("Step 6")), world.client), (mine, world.manager)):
        assert save(contract, wish, by=user)  # somebody else's, or another one
        assert contract.plan() == wish
        save(contract, before, by=user, base=contract.revisions.count())


def test_i17_the_plans_form_again_is_answered_as_it_was(world):
    contract, before, editor = world.contract, world.contract.plan(), Editor(world.client, world.contract)
    editor.type(editor.add(), title="Step 5", amount="80")
    answers = []
    for _each in range(2):
        answers.append(editor.post())
        save(contract, before, by=world.client, base=2)
    assert [each.status_code for each in answers] == [204, 204]
    assert text(read(editor.browser.get("/said/", headers=HTMX))).count("Plan saved: 1 added") == 2
    assert (contract.plan(), contract.revisions.count()) == (before, 3)


@pytest.mark.parametrize("since", ["deleted", "edited"])
def test_b06_a_milestone_that_was_added_once_is_not_added_again_whatever_became_of_it(world, since):
    contract, before, new = world.contract, world.contract.plan(), line("Once", "80.00")
    add(contract, new, by=world.client)
    after = before if since == "deleted" else edited(contract.plan(), 6, title="Better")
    save(contract, after, by=world.client, base=2)
    as_it_was = traces(contract)
    assert add(contract, new, by=world.client) is None
    with pytest.raises(AddedBefore):
        add(contract, replace(new, title="Twice"), by=world.client)
    form = {"key": str(new.key), "title": "Once", "description": "", "amount": "80", "due_date": ""}
    assert post(Editor(world.client, contract).browser, address(contract, "new/"), [*form.items()]).status_code == 302
    assert traces(contract) == as_it_was
