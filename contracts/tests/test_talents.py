"""Whom an offer can be made to: the freelancers and agencies, found by name, a page at a time (B40, S12)."""

import pytest
from django.test import Client

from contracts.tests.browsing import HTMX, read, text, with_class
from contracts.tests.offering import NEW, ana_lima, client_with_card, nothing_was_made, send, to, written
from contracts.tests.pages import fragment
from contracts.tests.visiting import NOWHERE, said, signed_in
from marketplace.models import Membership, Party, PartyKind, User
from tests.factories import PartyFactory, agreed, joined

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


def some_talent(name: str, kind: PartyKind = PartyKind.AGENCY) -> Party:
    """One for which somebody acts."""
    party = PartyFactory.create(kind=kind, name=name)
    joined(party, "owner" if kind == PartyKind.FREELANCER else "manager")
    return party


def listed(browser, query: str = "", **headers) -> list[str]:
    root = read(browser.get(f"{NEW}{query}", headers=headers))
    return [text(at) for at in with_class(root, "list-title")]


def test_freelancers_and_agencies_are_listed_by_name_and_found_without_a_script(browser, talent):
    some_talent("Brook & Sons")
    PartyFactory.create(name="Another client")
    assert listed(browser) == ["Ana Lima", "Brook & Sons"]
    assert listed(browser, "?q=LIMA") == ["Ana Lima"]
    assert listed(browser, "?q=%25") == []
    assert "Nobody found for “<b>”" in said(browser.get(f"{NEW}?q=%3Cb%3E"))


def test_to_htmx_only_what_was_found_is_answered(browser, talent):
    answer = browser.get(f"{NEW}?q=ana", headers=HTMX)
    assert "Ana Lima" in fragment(answer)
    assert "<h1" not in answer.content.decode()
    assert "HX-Request" in answer["Vary"]


def test_every_talent_is_shown_once_page_after_page_though_all_have_one_name(browser):
    for _each in range(45):
        some_talent("Same Name", PartyKind.FREELANCER)
    seen, sizes, query = [], [], ""
    while query is not None:
        page = browser.get(f"{NEW}{query}").context["page"]
        seen += [talent.pk for talent in page.parties]
        sizes.append(len(page.parties))
        query = f"?after={page.after}" if page.after else None
    assert sizes == [20, 20, 5]
    assert len(set(seen)) == 45
    rest = browser.get(f"{NEW}?after={seen[39]}", headers=HTMX)
    assert fragment(rest, "ol").count('<li class="list-row"') == 5


@pytest.mark.parametrize("after", ["x", "%00", NOWHERE, "9" * 5_000])
def test_a_place_that_cannot_be_read_gives_the_first_page(browser, talent, after):
    assert listed(browser, f"?after={after}") == ["Ana Lima"]


def test_as_many_queries_for_one_talent_as_for_twenty(browser, talent, django_assert_num_queries):
    with django_assert_num_queries(4):  # session, user, parties, talents
        browser.get(NEW)
    for number in range(30):
        some_talent(f"Agency {number}")
    with django_assert_num_queries(4):
        assert len(listed(browser)) == 20


def test_it_is_said_with_whom_one_worked_before():
    world = agreed(1)
    some_talent("New to us")
    page = said(signed_in(world.client).get(NEW))
    assert f"{world.contract.talent.name} Freelancer, you have worked together" in page
    assert page.count("worked together") == 1


def test_s12_those_whom_one_acts_for_are_not_listed_and_refused(browser, client, talent):
    Membership.objects.create(user=client.memberships.get().user, party=talent, role="owner")
    assert listed(browser) == []
    answer = send(browser, to(talent), written(browser, to(talent)))
    assert answer.status_code == 422
    assert "Nobody is on both sides of a contract" in said(answer)
    nothing_was_made()


@pytest.mark.parametrize("key", ["", "x", NOWHERE, "%00", "9" * 5_000])
def test_without_a_talent_there_is_the_list_to_choose_from(browser, talent, key):
    assert "Who is it for?" in said(browser.get(f"{NEW}?talent={key}"))
    answer = browser.post(f"{NEW}?talent={key}", {"title": "A bridge"})
    assert answer.status_code == 422
    assert "An offer needs somebody to go to" in said(answer)


def test_a_client_is_nobody_to_make_an_offer_to(browser):
    other = PartyFactory.create()
    assert "Who is it for?" in said(browser.get(to(other)))


def test_offers_are_made_by_a_clients_owner_and_managers(client, talent):
    for role, status in (("owner", 200), ("manager", 200), ("viewer", 403)):
        browser = signed_in(joined(client, role))
        assert browser.get(NEW).status_code == status
        assert browser.get(to(talent)).status_code == status
        assert browser.post(to(talent)).status_code == (403 if status == 403 else 422)
    assert signed_in(joined(talent, "owner")).get(NEW).status_code == 403
    assert signed_in(User.objects.create_user("alone@cairn.test", name="Alone")).get(to(talent)).status_code == 403
    assert Client().get(NEW)["Location"].startswith("/accounts/login/")
    nothing_was_made()


def test_my_jobs_leads_to_it_those_who_may(client, talent):
    assert 'href="/offers/new/"' in signed_in(joined(client, "manager")).get("/jobs/").content.decode()
    for user in (joined(client, "viewer"), joined(talent, "owner")):
        assert 'href="/offers/new/"' not in signed_in(user).get("/jobs/").content.decode()
