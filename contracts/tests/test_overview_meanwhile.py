"""An Overview is read in several queries, and what it waits for may be answered between two of them."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import RequestFactory

from contracts.models import Contract
from contracts.operations.requests import send_request, withdraw_request
from contracts.plan import Plan
from contracts.reading.overview import Overview
from contracts.tests.dealing import Deal, agreed
from contracts.views.room import OVERVIEWED, visible_contract
from marketplace import clock
from marketplace.models import User
from tests.factories import line

pytestmark = pytest.mark.django_db


class Meanwhile:
    """Loads contracts for the Overview, and does something as soon as it has one."""

    def __init__(self, act: Callable[[], object]) -> None:
        self.act = act

    def first(self, **values: object) -> Contract | None:
        found = OVERVIEWED.first(**values)
        self.act()
        return found


def overview(deal: Deal, user: User, meanwhile: Callable[[], object]) -> Overview:
    request = RequestFactory().get("/")
    request.user = user
    return Overview(visible_contract(request, deal.key, Meanwhile(meanwhile)), clock.now().date())


def ask(deal: Deal):
    """The talent asks for one milestone more."""
    mine = Plan((*deal.contract.plan(), line("One more", "80.00")))
    wish = {"base": deal.contract.plan_version, "mine": mine, "today": clock.now().date()}
    return send_request(contract=deal.contract, by=deal.earner, key=uuid4(), **wish)


def test_b24_a_refund_request_may_be_answered():
    deal = agreed("100.00", "150.00")
    deal.end("0.00")
    shown = overview(deal, deal.payer, deal.approve)
    assert deal.status == "ended"
    assert (shown.deadline, shown.review_until) == (None, None)
    assert shown.doors


def test_b10_a_change_request_may_be_withdrawn():
    deal = agreed("100.00", "150.00")
    deal.release(1, "100.00")
    asked = ask(deal)
    assert overview(deal, deal.payer, lambda: None).step.page == "pending_request"
    shown = overview(deal, deal.payer, lambda: withdraw_request(contract=deal.contract, by=deal.earner, request=asked))
    assert shown.step.page == "fund"
    assert shown.doors
    assert shown.may_change
