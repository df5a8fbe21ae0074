"""A new offer that is refused: what is wrong stands beside it, and nothing typed is lost (B2, B40)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from contracts.models import Contract
from contracts.tests.offering import (
    ana_lima,
    client_with_card,
    form_in,
    nothing_was_made,
    put,
    send,
    to,
    with_row,
    written,
)
from contracts.tests.visiting import NO_AMOUNTS, NOWHERE, said, signed_in, wrong_fields
from marketplace import clock
from marketplace.models import Party
from tests.books import books_hold
from tests.factories import joined, offered

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Party:
    return client_with_card()


@pytest.fixture
def browser(client) -> Client:
    return signed_in(joined(client, "owner"))


@pytest.fixture
def talent() -> Party:
    return ana_lima()


@pytest.mark.parametrize("amount", [*NO_AMOUNTS, "", "0", "4.99", "1000000.01"])
def test_b02_a_wrong_amount_is_said_beside_it_and_everything_typed_stays(browser, talent, amount):
    fields = with_row(written(browser, to(talent), terms="Of stone", **{"amount-first": amount}), "Deck", "80.00")
    answer = send(browser, to(talent), fields)
    assert answer.status_code == 422
    key = dict(fields)["key"]
    first = next(value for name, value in fields if name == "key")
    assert wrong_fields(answer) == [f"amount-{first}"]
    stands = dict(form_in(answer))
    assert (stands["title"], stands["terms"], stands[f"amount-{key}"]) == ("A bridge", "Of stone", "80.00")
    assert stands[f"amount-{first}"] == amount
    nothing_was_made()


@pytest.mark.parametrize(
    ("name", "typed"),
    [("title", ""), ("title", "\N{ZERO WIDTH SPACE}"), ("title", "x" * 121), ("terms", "x" * 20_001),
     ("job_title", "x" * 121), ("job", "0"), ("job", "x"), ("job", str(2**63)), ("job", "-1"), ("method", "x"),
     ("method", str(2**63)), ("method", "")],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field(browser, talent, name, typed):
    answer = send(browser, to(talent), put(written(browser, to(talent)), **{name: typed}))
    assert answer.status_code == 422
    assert wrong_fields(answer) == [name]
    nothing_was_made()


def test_a_milestone_without_a_title_or_in_the_past_is_said_beside_it(browser, talent):
    yesterday = (clock.now() - timedelta(days=2)).date().isoformat()
    fields = written(browser, to(talent), **{"title-first": "", "due_date-first": yesterday})
    answer = send(browser, to(talent), fields)
    key = dict(fields)["key"]
    assert answer.status_code == 422
    assert wrong_fields(answer) == [f"title-{key}", f"due_date-{key}"]
    nothing_was_made()


def test_b40_an_offer_needs_a_milestone(browser, talent):
    fields = written(browser, to(talent))
    answer = send(browser, to(talent), [*fields, (f"delete-{dict(fields)['key']}", "1")])
    assert answer.status_code == 422
    assert "At least one milestone is needed" in said(answer)
    nothing_was_made()


def test_b03_an_offer_has_at_most_200_milestones(browser, talent):
    fields = written(browser, to(talent))
    for number in range(200):
        fields = with_row(fields, f"Step {number}", "5.00")
    answer = send(browser, to(talent), fields)
    assert answer.status_code == 422
    assert "A contract has at most 200 milestones; this plan has 201." in said(answer)
    nothing_was_made()


@pytest.mark.parametrize("key", ["", "x", "9" * 5_000])
def test_a_form_whose_key_was_damaged_makes_nothing(browser, talent, key):
    answer = send(browser, to(talent), put(written(browser, to(talent)), offer_key=key))
    assert answer.status_code == 422
    assert "did not arrive as it was sent" in said(answer)
    nothing_was_made()


def test_somebody_elses_job_card_contract_and_milestone_cannot_be_used(browser, talent):
    world = offered(1)
    job, method = world.contract.job, world.contract.client.payment_methods.get()
    theirs = str(world.contract.milestones.get().pk)
    for field in ({"job": str(job.pk)}, {"method": str(method.pk)}):
        assert send(browser, to(talent), put(written(browser, to(talent)), **field)).status_code == 422
    stolen = send(browser, to(talent), put(written(browser, to(talent)), offer_key=str(world.contract.pk)))
    assert stolen.status_code in {403, 422}
    fields = written(browser, to(talent))
    key = dict(fields)["key"]
    foreign = [(name.replace(key, theirs), value.replace(key, theirs)) for name, value in fields]
    assert send(browser, to(talent), foreign).status_code == 422
    assert Contract.objects.get() == world.contract
    books_hold()


def test_fields_that_nobody_may_post_change_nothing(browser, client, talent):
    extra = {"client": NOWHERE, "status": "active", "initiation_fee": "0", "service_fee": "0", "plan_version": "9"}
    assert send(browser, to(talent), put(written(browser, to(talent)), **extra)).status_code == 302
    contract = Contract.objects.get()
    assert (contract.client, contract.status, contract.plan_version) == (client, "offered", 1)
    assert contract.initiation_fee == Decimal("4.95")
