"""The inbox over all contracts of a party, and the counts of what is unread."""

import pytest

from contracts.operations.members import assign_members
from contracts.tests.browsing import HTMX, read, text, with_class, with_id
from contracts.tests.handing_in import upload
from contracts.tests.visiting import signed_in
from marketplace.models import Job
from notifications.messages.inbox import PAGE_SIZE, unread_of
from notifications.messages.posting import mark_read
from notifications.tests.writing import write
from tests.factories import Agreed, offer, offered, outsider, plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return offered(1, agency=True, title="First contract")


def another(world: Agreed, title: str) -> Agreed:
    """One more contract of the same two sides."""
    job = Job.objects.get(pk=world.contract.job_id)
    contract = offer(world.client, job, world.contract.talent, plan(1), title=title)
    return Agreed(contract, world.client, world.manager, world.viewer, world.talent)


def rows(user) -> list[str]:
    return [text(row) for row in with_class(read(signed_in(user).get("/messages/")), "inbox-row")]


def ringing(user, query: str = "") -> dict[str, str]:
    """The counts of the header and, for a contract's page, of its tab."""
    root = read(signed_in(user).get(f"/notifications/ringing/{query}", headers=HTMX))
    found = {at.get("id"): text(at) for at in root.iter() if at.get("id")}
    return {name.partition("-")[0]: count for name, count in found.items()}


def test_each_conversation_stands_once_the_latest_first_with_its_last_message(world):
    second = another(world, "Second contract")
    another(world, "Silent contract")
    write(world, world.client, "Hello")
    write(second, world.talent, "Later")
    assert [("Second" in row, "Later" in row) for row in rows(world.client)] == [(True, True), (False, False)]
    write(world, world.client, "The newest")
    newest, older = rows(world.talent)
    assert "First contract" in newest
    assert "The newest" in newest
    assert "2 new" in newest
    assert "You: Later" in older
    assert "new" not in older


def test_a_member_sees_those_it_is_assigned_to_and_an_outsider_none(world):
    second = another(world, "Second contract")
    write(world, world.client)
    write(second, world.client)
    assert [len(rows(user)) for user in (world.manager, world.viewer, world.talent, world.member)] == [2, 2, 2, 1]
    assert [rows(user) for user in (world.idle, outsider())] == [[], []]
    assign_members(contract=world.contract, by=world.talent, memberships=world.idle.memberships.all())
    assert (rows(world.member), len(rows(world.idle))) == ([], 1)
    assert unread_of(world.member, world.contract.talent) == {}


def test_of_files_alone_it_says_how_many_there_are(world):
    write(world, world.client, "", files=[upload("plan.pdf"), upload("notes.pdf")])
    assert "2 files" in rows(world.talent)[0]


def test_what_is_unread_is_counted_in_all_and_for_the_page_s_contract(world):
    second = another(world, "Second contract")
    first = [write(world, world.client) for _each in range(2)][-1]
    write(second, world.client)
    assert ringing(world.talent)["messages"] == "3 unread"
    counts = ringing(world.talent, f"?contract={world.contract.pk}")
    assert (counts["messages"], counts["tab"]) == ("3 unread", "2 unread")
    mark_read(contract=world.contract, by=world.talent, upto=first.pk)
    assert ringing(world.talent, f"?contract={world.contract.pk}")["tab"] == ""
    assert ringing(world.client) == {"messages": ""}
    assert ringing(world.talent, "?contract=x'--")["messages"] == "1 unread"


def test_the_header_of_a_page_asks_for_the_counts_of_its_contract(world):
    page = read(signed_in(world.talent).get(f"/contracts/{world.contract.pk}/terms/"))
    assert with_id(page, "bell-count").get("hx-include") == ".bell-asks"
    asks = {at.get("name"): at.get("value") for at in with_class(page, "bell-asks")}
    assert asks["contract"] == str(world.contract.pk)
    assert with_id(page, "messages-count").tag == with_id(page, "tab-count").tag == "span"


def test_it_goes_on_a_page_at_a_time_with_as_many_queries(world, django_assert_num_queries):
    write(world, world.client)
    browser = signed_in(world.talent)
    with django_assert_num_queries(4):  # session, user, parties, conversations
        browser.get("/messages/")
    for number in range(PAGE_SIZE + 2):
        write(another(world, f"Contract {number}"), (world.client, world.manager)[number % 2])
    with django_assert_num_queries(4):
        root = read(browser.get("/messages/"))
    titles = [text(row) for row in with_class(root, "inbox-title")]
    party = f'{{"party": "{world.contract.talent.pk}"}}'
    assert [each.get("hx-vals") for each in (with_id(root, "inbox-asks"), with_id(root, "inbox"))] == [party] * 2
    more = with_id(root, "show-more").get("href")
    rest = read(browser.get(more, headers=HTMX), inside="ol")
    titles += [text(row) for row in with_class(rest, "inbox-title")]
    assert titles == [f"Contract {number}" for number in range(PAGE_SIZE + 1, -1, -1)] + ["First contract"]
    assert (
        browser.get("/messages/?after=x").status_code == browser.get(f"/messages/?after={'9' * 18}").status_code == 200
    )


def test_without_a_party_or_a_message_it_says_what_will_be_here(world):
    world.talent.memberships.all().delete()
    for user in (world.talent, world.client):
        assert "No messages yet" in text(read(signed_in(user).get("/messages/")))


def swapped_in(root) -> list:
    return [at for at in root.iter() if at.get("hx-swap-oob")]


def test_an_open_inbox_follows_until_more_of_it_is_shown(world):
    for number in range(PAGE_SIZE + 1):
        write(another(world, f"Contract {number}"), (world.client, world.manager)[number % 2])
    browser = signed_in(world.talent)
    root = read(browser.get("/messages/"))
    asks, shown = with_id(root, "inbox-asks"), with_id(root, "inbox")
    assert (asks.get("hx-get"), asks.get("hx-target"), shown.get("hx-get")) == ("/messages/", "#inbox", None)
    assert not swapped_in(read(browser.get(asks.get("hx-get"), headers=HTMX), inside="ol"))
    more = with_id(root, "show-more").get("href")
    (no_more,) = swapped_in(read(browser.get(more, headers=HTMX), inside="ol"))
    assert (no_more.get("hx-swap-oob"), len(no_more)) == ("innerHTML:#inbox-asking", 0)
    assert [at.get("id") for at in with_id(root, "inbox-asking")] == ["inbox-asks"]
    older = read(browser.get(more))
    assert not [at for at in older.iter() if at.get("id") == "inbox-asks"]
    links = with_class(root, "list-title") + with_class(older, "list-title")
    assert len({link.get("id") for link in links} - {None}) == PAGE_SIZE + 1
