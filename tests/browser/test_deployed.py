"""The layout of compose.yaml, as processes with the same files: a contract is lived through it, and nothing gets lost.

In production mode, with Stripe's client on a stand-in for Stripe, since the sandbox is not for production.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connections

from conftest import SUITE, TEMPLATE, WORKER, clone, drop, point_at
from contracts.demo.people import load_people, party_of
from escrow.gateways.stripe import StripeGateway
from escrow.operations.methods import add_method
from tests.browser import test_life as life
from tests.browser.doors import sign_in_by_hand
from tests.browser.living import Person
from tests.layout.layout import STRIPE_KEY, Layout, missing

PASSWORD = "cairn-demo"
NAME = f"{SUITE}_layout_{WORKER}"
pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "-")


@pytest.fixture(scope="module")
def layout(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Layout]:
    """All parts running, on a database that has nobody in it yet."""
    before = connections["default"].settings_dict["NAME"]
    with django_db_blocker.unblock():
        clone(NAME, TEMPLATE)
        point_at(NAME)
        made = Layout(NAME, tmp_path_factory.mktemp("layout"))
        try:
            with made.up() as running:
                yield running
        finally:
            connections.close_all()
            made.drop_login()
            point_at(before)
            drop(NAME)


@pytest.fixture
def people(layout, settings) -> None:
    """They sign up with passwords that production can check; the client has a card at Stripe."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    settings.GATEWAY, settings.GATEWAYS = "stripe", {"stripe"}
    settings.STRIPE = {"secret_key": STRIPE_KEY, "webhook_secret": "whsec_x", "api_base": layout.stripe}
    load_people(PASSWORD)
    card = {"number": "4242424242424242", "exp_month": 12, "exp_year": 2035, "cvc": "123"}
    stripe = StripeGateway(**settings.STRIPE, currency="USD").client
    entry = stripe.v1.payment_methods.create({"type": "card", "card": card}).id
    add_method(party=party_of("client@cairn.test"), entry=entry)


@pytest.fixture
def come(layout, browser, watch) -> Iterator:
    """Somebody who comes in by the door, in a browser that takes the certificate."""
    contexts = []

    def came(email: str) -> Person:
        context = browser.new_context(
            base_url=layout.url, ignore_https_errors=True, locale="en-US", reduced_motion="reduce"
        )
        contexts.append(context)
        watch.over(context)
        page = context.new_page()
        page.goto("/accounts/login/")
        sign_in_by_hand(page, email, PASSWORD)
        page.wait_for_url("**/jobs/**")
        return Person(page)

    yield came
    for context in contexts:
        context.close()


def test_two_people_live_a_contract_through_all_of_it(layout, people, come):
    client, talent = come("client@cairn.test"), come("freelancer@cairn.test")

    def wait_days(days: int) -> None:
        """In production only the database's owner can put the clock forward; then its worker's sweep."""
        with connections["owner"].cursor() as owner:
            owner.execute("SELECT cairn_advance(%s)", [timedelta(days=days)])
        layout.manage("sweep")

    life.offered(client, talent)
    life.worked(client, talent)
    life.funded_from_the_rest(client, talent)
    life.released_by_the_clock(client, talent, wait_days)
    life.paid_a_bonus(client, talent)
    life.ended_with_a_counter(client, talent)
    life.said_how_it_was(client, talent)
