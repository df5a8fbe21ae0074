"""Writing a proposal in the browser: to whom, what it says, and what keeps it from being sent (B41)."""

import uuid

import pytest
from django.test import Client

from contracts.models import Contract
from contracts.operations.proposals import withdraw_proposal
from contracts.reading.proposals import jobs_of
from contracts.tests.browsing import Fields
from contracts.tests.dealing import Deal, agreed, nobody, plan_of
from contracts.tests.offering import form_in, put, send, with_row, written
from contracts.tests.proposing import accept, acquainted, decline, make_offer_of_it, propose, proposed, withdraw
from contracts.tests.visiting import NOWHERE, at, followed, said, signed_in
from marketplace.models import Job
from tests import factories
from tests.books import books_hold
from tests.factories import JobFactory, outsider

pytestmark = pytest.mark.django_db
NEW = "/proposals/new/"


@pytest.fixture
def deal() -> Deal:
    """Two who have worked together; nothing is proposed yet."""
    return acquainted()


@pytest.fixture
def earner(deal) -> Client:
    return signed_in(deal.earner)


def to(deal: Deal) -> str:
    return f"{NEW}?client={deal.client.pk}"


def proposals() -> list[Contract]:
    return list(Contract.objects.filter(status="proposed"))


def before(deal: Deal) -> Contract:
    """The contract that they have already."""
    return Contract.objects.get(client=deal.client, status="active")


# To whom


def test_b41_my_jobs_leads_the_talent_to_the_clients_that_it_has_worked_for(deal, earner):
    other = nobody()
    assert f'href="{NEW}">Propose a new contract' in earner.get("/jobs/").content.decode()
    answer = earner.get(NEW)
    assert f'href="{to(deal)}"' in answer.content.decode()
    assert "You have worked together." in said(answer)
    assert other.client.name not in said(answer)
    assert deal.client.name in said(earner.get(f"{NEW}?q={deal.client.name}"))
    assert "Nobody found for “xyz”" in said(earner.get(f"{NEW}?q=xyz"))
    for user in (deal.payer, other.earner):
        assert "Propose a new contract" not in said(signed_in(user).get("/jobs/"))
    assert "Nobody to propose a contract to yet" in said(signed_in(other.earner).get(NEW))


def test_b41_who_waits_for_an_answer_is_told_so(deal, earner):
    propose(deal, plan_of("5.00"))
    assert "A contract that you proposed waits for an answer." in said(earner.get(NEW))
    answer = earner.get(to(deal))
    assert answer.status_code == 409
    assert "A contract that you proposed to this client waits for an answer." in said(answer)
    assert at(deal.contract, "") in answer.content.decode()


@pytest.mark.parametrize("key", ["", "x", NOWHERE])
def test_b41_there_is_no_page_for_a_client_that_is_none_of_theirs(deal, earner, key):
    assert earner.get(f"{NEW}?client={key}").status_code == 404
    assert earner.post(f"{NEW}?client={key}").status_code == 404
    stranger = nobody()
    assert earner.get(to(stranger)).status_code == 404
    assert earner.get(f"{NEW}?client={deal.talent.pk}").status_code == 404


def test_only_those_who_decide_for_a_talent():
    world = factories.agreed(1, agency=True, paid=1)
    contract = world.contract
    address = f"{NEW}?client={contract.client_id}"
    for user, new, room in (
        (world.client, 403, 403), (world.viewer, 403, 403), (world.talent, 200, 200), (world.member, 403, 403),
        (world.idle, 403, 404), (outsider(), 403, 404),
    ):  # fmt: skip
        browser = signed_in(user)
        assert browser.get(address).status_code == new
        assert browser.get(at(contract, "new-proposal/")).status_code == room
        if new != 200:
            assert browser.post(address).status_code == new
            assert browser.post(at(contract, "new-proposal/")).status_code == room
    assert not proposals()


def test_b41_the_room_of_a_contract_has_a_door_for_its_talent_alone(deal, earner):
    contract = before(deal)
    door = at(contract, "new-proposal/")
    assert door in earner.get(at(contract, "")).content.decode()
    assert door not in signed_in(deal.payer).get(at(contract, "")).content.decode()
    assert dict(form_in(earner.get(door)))["job"] == str(contract.job.pk)
    assert dict(form_in(earner.get(to(deal))))["job"] == ""


def test_b41_from_a_contract_that_never_began_nothing_is_proposed():
    deal = proposed("5.00")
    assert signed_in(deal.earner).get(at(deal.contract, "new-proposal/")).status_code == 409


# What it says


def test_b41_it_is_sent_as_it_was_written(deal, earner):
    fields = written(earner, to(deal), terms="By hand.", job_title="Bridges")
    page = earner.get(to(deal))
    assert "You are charged now" not in said(page)
    assert "accepts it by paying the first milestone and the initiation fee of $4.95" in said(page)
    answer = send(earner, to(deal), with_row(fields, "Railing", "80.50"))
    assert f"You proposed the contract. {deal.client.name} can read it now." in followed(earner, answer)
    (contract,) = proposals()
    assert [(each.title, str(each.amount)) for each in contract.plan()] == [("Piers", "120.00"), ("Railing", "80.50")]
    assert (contract.title, contract.terms, contract.job.title) == ("A bridge", "By hand.", "Bridges")
    assert contract.job.client == deal.client
    books_hold()


def test_b41_it_can_go_under_a_job_of_theirs(deal, earner):
    job, foreign = before(deal).job, JobFactory.create(client=deal.client)
    fields = written(earner, to(deal))
    answer = send(earner, to(deal), put(fields, job=str(foreign.pk)))
    assert answer.status_code == 422
    assert "This job cannot be chosen here." in said(answer)
    assert send(earner, to(deal), put(fields, job=str(job.pk))).status_code == 302
    assert proposals()[0].job == job


def test_the_same_form_twice_proposes_once(deal, earner):
    fields = written(earner, to(deal))
    answers = [send(earner, to(deal), fields) for _each in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert len(proposals()) == 1


def test_i17_the_form_of_a_proposal_is_used_once(deal, earner):
    fields = written(earner, to(deal))
    send(earner, to(deal), fields)
    answer = send(earner, to(deal), put(fields, title="Another"))
    assert answer.status_code == 409
    assert "Another" in answer.content.decode()
    assert dict(form_in(answer))["offer_key"] != dict(fields)["offer_key"]
    assert len(proposals()) == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"title": ""}, "Give the contract a title."),
        ({"title": "x" * 121}, "It can have 120 characters at most"),
        ({"terms": "x" * 20_001}, "It can have 20000 characters at most"),
        ({"amount-first": "4.99"}, "5.00"),
        ({"amount-first": "1e3"}, "amount"),
        ({"title-first": ""}, "Give the milestone a title."),
        ({"due_date-first": "2020-01-01"}, "This date has passed."),
        ({"offer_key": "x"}, "Part of this form did not arrive"),
    ],
    ids=range(8),
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(deal, earner, typed, words):
    answer = send(earner, to(deal), written(earner, to(deal), **{"terms": "By hand.", **typed}))
    assert answer.status_code == 422
    assert words in said(answer)
    assert (typed.get("terms") or "By hand.") in answer.content.decode()
    assert not proposals()


def test_b41_it_needs_a_milestone(deal, earner):
    fields = written(earner, to(deal))
    answer = send(earner, to(deal), [*fields, (f"delete-{dict(fields)['key']}", "1")])
    assert answer.status_code == 422
    assert "At least one milestone is needed" in said(answer)


def test_b41_a_second_one_that_was_open_in_another_window_is_refused_with_all_that_was_typed(deal, earner):
    fields = written(earner, to(deal))
    propose(deal, plan_of("5.00"))
    answer = send(earner, to(deal), fields)
    assert answer.status_code == 409
    assert "waits for an answer. Wait for it, or withdraw it first." in said(answer)
    assert "A bridge" in answer.content.decode()
    assert len(proposals()) == 1


def test_without_a_script_rows_are_added_by_the_server(deal, earner):
    fields = written(earner, to(deal))
    answer = send(earner, to(deal), [*fields, ("look", "row")])
    assert answer.status_code == 200
    again: Fields = form_in(answer)
    assert [name for name, _value in again].count("key") == 2
    assert dict(again)["title"] == "A bridge"
    assert not proposals()


def test_i17_the_form_of_one_that_was_withdrawn_proposes_another_with_keys_of_its_own(deal, earner):
    fields = written(earner, to(deal))
    send(earner, to(deal), fields)
    (first,) = proposals()
    withdraw_proposal(contract=first, by=deal.earner)
    answer = send(earner, to(deal), put(fields, title="A dam"))
    assert answer.status_code == 409
    assert not proposals()
    assert send(earner, to(deal), form_in(answer)).status_code == 302
    (second,) = proposals()
    assert (second.title, [at.title for at in second.plan()]) == ("A dam", ["Piers"])


# An agency's members


def test_an_agencys_manager_says_who_works_on_it():
    world = factories.agreed(1, agency=True, paid=1)
    browser, address = signed_in(world.talent), f"{NEW}?client={world.contract.client_id}"
    assert world.idle.name in said(browser.get(address))
    fields = written(browser, address)
    foreign = factories.agreed(1, agency=True, paid=1).member.memberships.get()
    answer = send(browser, address, [*fields, ("members", str(foreign.pk))])
    assert answer.status_code == 422
    idle = world.idle.memberships.get()
    assert send(browser, address, [*fields, ("members", str(idle.pk))]).status_code == 302
    (contract,) = proposals()
    assert [each.membership for each in contract.members.all()] == [idle]
    assert signed_in(world.idle).get(at(contract, "")).status_code == 200
    assert signed_in(world.member).get(at(contract, "")).status_code == 404


# The client's jobs


def test_b41_a_job_that_the_client_never_took_up_is_none_of_its_jobs():
    deal = proposed("5.00")
    theirs = set(jobs_of(deal.client))
    assert deal.contract.job not in theirs
    assert before(deal).job in theirs
    for close in (decline, withdraw):
        close(deal)
        assert set(jobs_of(deal.client)) == theirs
        deal.key = uuid.uuid4()
        propose(deal, plan_of("5.00"))
    accept(deal)
    assert deal.contract.job in jobs_of(deal.client)


def test_b41_a_job_becomes_the_clients_with_its_own_offer():
    deal = proposed("5.00")
    make_offer_of_it(deal, plan_of("6.00"))
    assert deal.contract.job in jobs_of(deal.client)
    empty = Job.objects.create(client=deal.client, title="Later")
    assert empty in jobs_of(deal.client)


def test_b41_also_to_a_client_of_an_ended_contract():
    deal = agreed("50.00")
    deal.leave()
    browser = signed_in(deal.earner)
    assert at(deal.contract, "new-proposal/") in browser.get(at(deal.contract, "")).content.decode()
    assert browser.get(to(deal)).status_code == 200
