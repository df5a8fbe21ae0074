"""What an offer is guarded against: other people's jobs, people who were suspended, deposits that never come."""

import uuid
from datetime import timedelta
from functools import partial

import pytest

from contracts.models import Contract
from contracts.operations.offers import expire_offer, withdraw_offer
from contracts.refusals import NotAllowed
from contracts.tests.dealing import D, Deal, agreed, another, charge_back, nobody, offered, plan_of
from contracts.tests.pages import parsed, words
from escrow.tests.paying import DECLINES
from marketplace import clock
from marketplace.models import Job, User
from tests.books import books_hold
from tests.factories import JobFactory, card
from tests.racing import at_once, kinds

ROUNDS = 40


def test_b40_the_same_form_twice_at_once_makes_one_offer(own_database):
    for _round in range(ROUNDS):
        deal, plan = nobody(), plan_of("100.00")
        answers = at_once(*[partial(deal.offer, plan)] * 2)
        assert kinds(answers) == {"Payment": 2}
        assert Job.objects.filter(client=deal.client).count() == len(deal.charges) == 1
    books_hold()


@pytest.mark.django_db
def test_an_offer_is_made_under_a_job_of_its_own_client():
    deal, other = nobody(), JobFactory.create()
    with pytest.raises(NotAllowed):
        deal.offer(plan_of("100.00"), job=other)
    assert not Contract.objects.exists()


@pytest.mark.django_db
def test_an_offer_follows_a_contract_of_its_own_client():
    deal, other = nobody(), agreed("100.00")
    with pytest.raises(NotAllowed):
        deal.offer(plan_of("100.00"), follows=other.contract)
    assert not deal.charges


@pytest.mark.django_db
def test_a_suspended_user_moves_no_money():
    deal = agreed("100.00")
    User.objects.filter(pk=deal.payer.pk).update(is_active=False)
    with pytest.raises(NotAllowed):
        deal.release(1, "100.00")
    assert deal.contract.held == D("100.00")
    books_hold()


def changed_and_not_paid() -> Deal:
    deal = offered("100.00")
    deal.change(plan_of("300.00"), base=1, method=card(deal.client, DECLINES))
    assert deal.contract.answer_by is None
    return deal


@pytest.mark.django_db
def test_b40_a_changed_offer_whose_deposit_never_comes_expires_too():
    deal = changed_and_not_paid()
    assert not expire_offer(deal.key)
    clock.advance(timedelta(days=7))
    assert expire_offer(deal.key)
    assert (deal.status, deal.sent_back) == ("expired", [D("104.95")])
    books_hold()


@pytest.mark.django_db
def test_b40_an_offer_whose_deposit_the_bank_took_back_expires_too():
    deal = offered("100.00")
    charge_back(deal.charges[0])
    assert deal.contract.answer_by is None
    clock.advance(timedelta(days=7))
    assert expire_offer(deal.key)
    books_hold()


@pytest.mark.django_db
def test_b40_the_room_of_a_withdrawn_offer_speaks_of_no_money(client):
    deal = offered("100.00")
    withdraw_offer(contract=deal.contract, by=deal.payer)
    client.force_login(deal.payer)
    shown = parsed(client.get(f"/contracts/{deal.key}/"))
    assert "Nothing to do: it was withdrawn" in words(shown)
    assert "Offered $" not in words(shown)
    assert "job-figures" not in parsed(client.get("/jobs/?show=ended"))


@pytest.mark.django_db
def test_b40_an_offer_that_was_never_sent_does_not_expire():
    deal = nobody()
    deal.offer(plan_of("100.00"), method=card(deal.client, DECLINES), key=deal.key)
    assert deal.contract.expires_at is None
    assert not expire_offer(deal.key)
    deal.pay_deposit(key=uuid.uuid4())
    assert deal.contract.expires_at == deal.contract.answer_by


@pytest.mark.django_db
def test_what_goes_back_to_a_client_pays_first_what_it_owes():
    deal = agreed("100.00")
    deal.release(1, "100.00")
    charge_back(deal.charges[0])  # 104.95, which nobody holds any more
    assert deal.money["receivable"] == D("-104.95")
    other = another(deal, "150.00")
    other.leave()
    assert "receivable" not in deal.money
    assert deal.sent_back == [D("50.00")]  # of 154.95
    books_hold()


@pytest.mark.django_db
def test_b24_what_the_bank_took_back_while_settling_is_not_given_back_again():
    deal = agreed("100.00", "150.00")
    deal.release(1, "40.00")  # 60.00 is left over
    deal.fund(2)  # 90.00 charged
    deal.end("0.00")
    deal.counter("100.00")  # to be returned of 150.00
    charge_back(deal.charges[1])  # 90.00 of it
    deal.accept_counter()
    assert deal.request.returned == D("10.00")
    assert deal.contract.paid == D("90.00")  # 40.00, and what the talent kept of the 150.00
    books_hold()
