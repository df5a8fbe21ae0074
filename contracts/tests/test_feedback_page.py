"""Feedback: given once by each side, hidden until both have or the time is over, shown to both then (B43)."""

from datetime import timedelta

import pytest

from contracts.models import Contract, Feedback
from contracts.operations.feedback import reveal_feedback
from contracts.states import MilestoneStatus
from contracts.tests.visiting import at, fill, followed, form_in, forms_in, said, send, signed_in
from marketplace.clock import advance
from tests.factories import agreed, ended, outsider

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return ended(2)


@pytest.fixture
def contract(world) -> Contract:
    return world.contract


def page(contract: Contract) -> str:
    return at(contract, "feedback/")


def give(user, contract: Contract, rating: str = "4", text: str = "Kind and quick."):
    browser = signed_in(user)
    return browser, send(browser, page(contract), fill(browser, page(contract), rating=rating, text=text))


def test_b43_one_side_gives_and_reads_its_own(world, contract):
    browser, answer = give(world.client, contract)
    text = followed(browser, answer)
    assert "Your feedback is kept." in text
    assert "Kind and quick." in text
    assert "4 of 5" in text
    given = Feedback.objects.get(contract=contract)
    assert (given.party, given.rating, given.text, given.by) == (contract.client, 4, "Kind and quick.", world.client)
    assert not forms_in(browser.get(page(contract)))


def test_b43_the_other_side_sees_nothing_of_it_before_it_gave_its_own(world, contract):
    before = said(signed_in(world.talent).get(page(contract)))
    give(world.client, contract, text="A secret.")
    assert said(signed_in(world.talent).get(page(contract))) == before
    assert "A secret." not in said(signed_in(world.talent).get(at(contract, "")))


def test_b43_both_are_shown_once_both_have_given(world, contract):
    give(world.client, contract, rating="5", text="From the client.")
    give(world.talent, contract, rating="2", text="From the talent.")
    for user in (world.client, world.viewer, world.talent):
        text = said(signed_in(user).get(page(contract)))
        assert "From the client." in text
        assert "From the talent." in text
        assert "5 of 5" in text
        assert "2 of 5" in text


def test_b43_the_ended_contracts_own_page_shows_both(world, contract):
    assert "each side can say" in said(signed_in(world.client).get(at(contract, "")))
    give(world.client, contract, text="From the client.")
    give(world.talent, contract, text="From the talent.")
    text = said(signed_in(world.viewer).get(at(contract, "")))
    assert "From the client." in text
    assert "From the talent." in text


def test_b43_after_fourteen_days_what_was_given_is_shown_and_nothing_more_is_taken(world, contract):
    give(world.client, contract, text="From the client.")
    advance(timedelta(days=14))
    browser = signed_in(world.talent)
    assert "The time for feedback is over." in said(browser.get(page(contract)))
    assert send(browser, page(contract), {"rating": "1"}).status_code == 409
    reveal_feedback(contract.pk)
    text = said(browser.get(page(contract)))
    assert "From the client." in text
    assert "gave no feedback" in text
    assert not forms_in(browser.get(page(contract)))


def test_the_same_post_twice_gives_one(world, contract):
    browser = signed_in(world.client)
    form = fill(browser, page(contract), rating="3", text="Fine")
    for _twice in range(2):
        assert send(browser, page(contract), form).status_code == 302
    assert contract.feedback.count() == 1


def test_b43_it_is_not_changed_afterwards(world, contract):
    give(world.client, contract)
    browser = signed_in(world.manager)
    answer = send(browser, page(contract), {"rating": "1"})
    assert answer.status_code == 409
    assert "Your side has given its feedback" in said(answer)
    assert contract.feedback.get().rating == 4


@pytest.mark.parametrize("rating", ["", "0", "6", "-1", "4.5", "1e0", "\u0665", "5_0", "x" * 10_000])
def test_b43_a_rating_is_one_to_five(world, contract, rating):
    browser = signed_in(world.client)
    answer = send(browser, page(contract), {"rating": rating, "text": "Kept"})
    assert answer.status_code == 422
    assert form_in(answer)["text"] == "Kept"
    assert "Choose" in said(answer)
    assert not contract.feedback.exists()


@pytest.mark.parametrize("text", ["x" * 5001, "x" * 1_000_000, "\u200d"])
def test_b43_a_text_that_cannot_be_kept_is_refused(world, contract, text):
    browser = signed_in(world.client)
    answer = send(browser, page(contract), {"rating": "4", "text": text})
    assert answer.status_code == 422
    assert form_in(answer)["rating"] == "4"


def test_what_is_typed_is_shown_as_text(world, contract):
    browser, answer = give(world.client, contract, text="<b>{{7*7}}</b>")
    assert "<b>{{7*7}}</b>" in followed(browser, answer)


def test_b43_only_once_the_contract_has_ended():
    world = agreed(1, current=MilestoneStatus.ACTIVE)
    browser = signed_in(world.client)
    answer = browser.get(page(world.contract))
    assert "once the contract has ended" in said(answer)
    assert not forms_in(answer)
    assert send(browser, page(world.contract), {"rating": "4"}).status_code == 409


def test_who_may_give_it():
    world = ended(2, agency=True)
    for user in (world.viewer, world.member):
        browser = signed_in(user)
        assert not forms_in(browser.get(page(world.contract)))
        assert send(browser, page(world.contract), {"rating": "4"}).status_code == 403
    for user in (world.idle, outsider()):
        assert signed_in(user).get(page(world.contract)).status_code == 404
    for user in (world.manager, world.talent):
        assert give(user, world.contract)[1].status_code == 302
