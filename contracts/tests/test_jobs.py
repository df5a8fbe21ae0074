"""My Jobs: which contracts it lists, in which order, how it goes on, what it finds, what it says comes next."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from contracts.models import Contract
from contracts.reading.jobs import standings_of
from contracts.reading.next_step import CLIENT, DISPUTED, SPLIT, TALENT, TO_ANSWER, TO_WAIT, UNPAID, UNSENT, next_step
from contracts.reading.standing import Standing, Tally
from contracts.states import CLOSED, ContractStatus, MilestoneStatus
from contracts.templatetags.cairn import said
from contracts.tests.pages import fragment, parsed, words
from marketplace.models import Membership, Party, User
from tests.factories import JobFactory, PartyFactory, accept, agreed, end, joined, offer, outsider, plan
from tests.staff import at_work

S = MilestoneStatus
pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    """A browser of this user's; one of the staff typed a code as well."""
    if user.is_staff:
        return at_work(user)
    browser = Client()
    browser.force_login(user)
    return browser


def listed(browser: Client, query: str = "", **headers) -> list[str]:
    """The titles on a page of My Jobs, in their order."""
    page = browser.get(f"/jobs/{query}", headers=headers).context["page"]
    return [each.contract.title for each in page.contracts]


def more(world, *titles: str) -> None:
    """More contracts between the same two parties."""
    for title in titles:
        accept(offer(world.client, world.contract.job, world.contract.talent, plan(2), title=title))


def test_b06_my_jobs_lists_a_partys_contracts_for_both_sides():
    world = agreed()
    for user in (world.client, world.manager, world.viewer, world.talent):
        answer = signed_in(user).get("/jobs/")
        assert "Small works" in words(parsed(answer))


def test_the_latest_activity_comes_first():
    world = agreed()
    more(world, "Second", "Third")
    Contract.objects.filter(title="Small works").update(updated_at=timezone.now())
    assert listed(signed_in(world.client)) == ["Small works", "Third", "Second"]


def test_as_many_queries_for_one_contract_as_for_twenty(django_assert_num_queries):
    world = agreed()
    browser = signed_in(world.client)
    with django_assert_num_queries(5):  # session, user, parties, contracts, milestones
        browser.get("/jobs/")
    more(world, *(f"Contract {number}" for number in range(19)))
    with django_assert_num_queries(5) as captured:
        assert len(listed(browser)) == 20
    assert not any("COUNT(*)" in query["sql"] or "OFFSET" in query["sql"] for query in captured)


def test_every_contract_is_shown_once_page_after_page_though_all_are_of_one_moment():
    world = agreed()
    more(world, *(f"Contract {number}" for number in range(44)))
    Contract.objects.update(updated_at=datetime(2026, 11, 1, 12, 0, 0, 123456, tzinfo=UTC))
    browser, seen, query, sizes = signed_in(world.client), [], "", []
    while query is not None:
        page = browser.get(f"/jobs/{query}").context["page"]
        seen += [each.contract.pk for each in page.contracts]
        sizes.append(len(page.contracts))
        query = f"?after={page.after}" if page.after else None
    assert sizes == [20, 20, 5]
    assert seen == [contract.pk for contract in Contract.objects.order_by("-id")]


def test_show_more_answers_htmx_with_the_rows_that_follow():
    world = agreed()
    more(world, *(f"Contract {number}" for number in range(24)))
    browser = signed_in(world.client)
    first = browser.get("/jobs/")
    assert 'hx-target="closest li"' in parsed(first)
    rest = browser.get(f"/jobs/?after={first.context['page'].after}", headers={"HX-Request": "true"})
    assert fragment(rest, "ol").count('<li class="list-row job"') == 5
    assert "autofocus" in rest.content.decode()
    assert "Show more" not in rest.content.decode()
    assert "HX-Request" in rest["Vary"]


@pytest.mark.parametrize(
    "after",
    ["x", "-", "0-0", "%00", "1-2-3", "ffffffffffffff", "ffffffffffffffff-" + "0" * 32, "g" * 14 + "-" + "0" * 32,
     "5-" + "0" * 31, "-1-" + "0" * 32, "\N{ARABIC-INDIC DIGIT FIVE}-" + "0" * 32, "9" * 10_000],
)  # fmt: skip
def test_a_place_that_cannot_be_read_gives_the_first_page(after):
    browser = signed_in(agreed().client)
    assert listed(browser, f"?after={after}") == ["Small works"]


def test_a_place_at_the_end_of_time_gives_the_first_page_and_one_at_its_beginning_none():
    browser = signed_in(agreed().client)
    assert listed(browser, f"?after={'f' * 14}-{'0' * 32}") == ["Small works"]
    answer = browser.get(f"/jobs/?after=0-{'0' * 32}")
    assert "That was all" in words(parsed(answer))


def test_ended_contracts_are_listed_apart():
    world = agreed()
    more(world, "Over")
    end(Contract.objects.get(title="Over"))
    browser = signed_in(world.client)
    assert listed(browser) == ["Small works"]
    assert listed(browser, "?show=ended") == ["Over"]
    ended_on = timezone.now().strftime("%-d %b %Y")
    assert f"Nothing to do: ended on {ended_on}" in words(parsed(browser.get("/jobs/?show=ended")))


def test_search_finds_a_title_or_the_other_party_and_nothing_else():
    world = agreed()
    more(world, "Sea wall", "100% wool")
    Party.objects.filter(pk=world.contract.talent_id).update(name="Ana Lima")
    Party.objects.filter(pk=world.contract.client_id).update(name="Harbour")
    browser = signed_in(world.client)
    assert listed(browser, "?q=sea+WALL") == ["Sea wall"]
    assert len(listed(browser, "?q=lima")) == 3
    assert listed(browser, "?q=harbour") == []
    assert listed(browser, "?q=%25") == ["100% wool"]
    assert listed(browser, "?q=_") == []
    assert listed(browser, "?q=%00sea%E2%80%8B+wall") == ["Sea wall"]
    assert len(listed(browser, "?q=" + "x" * 10_000)) == 0


def test_what_was_searched_is_shown_as_text_and_kept_on_the_way_to_ended_ones():
    browser = signed_in(agreed().client)
    page = parsed(browser.get("/jobs/?q=%3Cscript%3Ealert(1)%3C/script%3E%26"))
    assert "<script>alert" not in page
    assert "Nothing found for “<script>alert(1)</script>&”" in words(page)
    assert "/jobs/?q=%3Cscript%3Ealert%281%29%3C%2Fscript%3E%26&amp;show=ended" in page


def test_a_member_of_an_agency_sees_the_contracts_it_is_assigned_to():
    world = agreed(agency=True)
    more(world, "Somebody else's")
    assert listed(signed_in(world.talent)) == ["Somebody else's", "Small works"]
    assert listed(signed_in(world.member)) == ["Small works"]
    assert listed(signed_in(world.idle)) == []


def test_the_list_is_that_of_the_party_acted_for():
    world = agreed()
    second = PartyFactory.create(name="Second hat")
    Membership.objects.create(user=world.client, party=second, role="owner")
    job = JobFactory.create(client=second)
    offer(world.client, job, world.contract.talent, plan(1), title="Of the second")
    browser = signed_in(world.client)
    assert listed(browser) == ["Small works"]
    browser.post(f"/parties/{second.pk}/switch/")
    assert listed(browser) == ["Of the second"]


def test_outsiders_have_an_empty_list_that_says_what_to_expect():
    agreed()
    answer = signed_in(outsider()).get("/jobs/")
    assert "A contract appears here once you and a talent have agreed on it" in words(parsed(answer))
    freelancer = joined(PartyFactory.create(kind="freelancer"), "owner")
    assert "once you and a client have agreed on it" in words(parsed(signed_in(freelancer).get("/jobs/")))
    assert "No ended contracts" in words(parsed(signed_in(freelancer).get("/jobs/?show=ended")))


def test_somebody_without_a_party_is_shown_the_way_to_one():
    answer = signed_in(User.objects.create_user("alone@cairn.test", name="Alone")).get("/jobs/")
    page = parsed(answer)
    assert 'href="/parties/new/"' in page
    assert "You act for nobody yet" in words(page)


def test_strangers_are_led_to_the_sign_in_page():
    assert Client().get("/jobs/")["Location"] == "/accounts/login/?next=/jobs/"
    assert Client().get("/jobs/", headers={"HX-Request": "true"}).status_code == 401


def test_a_row_shows_progress_money_and_the_next_step():
    world = agreed(5, paid=2, current=S.SUBMITTED)
    text = words(parsed(signed_in(world.client).get("/jobs/")))
    assert "2 of 5 paid" in text
    assert "Agreed $510.00 Paid $201.00 Held $102.00 To fund $207.00" in text
    assert "1 milestone waits for your review" in text
    text = words(parsed(signed_in(world.talent).get("/jobs/")))
    assert f"Waiting for {world.contract.client.name} to review your work" in text


@pytest.mark.parametrize("page", ["/jobs/", "room"])
def test_a_viewer_is_never_told_that_it_is_their_turn(page):
    world = agreed(5, paid=2, current=S.SUBMITTED)
    address = f"/contracts/{world.contract.pk}/" if page == "room" else page
    shown = {user: parsed(signed_in(user).get(address)) for user in (world.viewer, world.manager)}
    assert "1 milestone waits for your team's review" in words(shown[world.viewer])
    assert "is-yours" not in shown[world.viewer]
    assert "is-yours" in shown[world.manager]


def test_names_are_shown_as_text():
    world = agreed(current=S.ACTIVE)
    Contract.objects.update(title="<b>Bold</b>")
    Party.objects.filter(pk=world.contract.talent_id).update(name="<i>{0.title}</i>")
    page = parsed(signed_in(world.client).get("/jobs/"))
    assert "<b>" not in page
    assert "Waiting for <i>{0.title}</i> to submit" in words(page)


WAITS = {None, S.FUTURE, S.FUNDING, S.ACTIVE, S.SUBMITTED, S.CHANGES_REQUESTED, UNPAID, "offered", "proposed",
         "pending", "countered", DISPUTED, SPLIT, TO_ANSWER, TO_WAIT}  # fmt: skip


def test_every_side_has_a_next_step_whatever_a_contract_waits_for():
    assert set(TALENT) == WAITS
    assert set(CLIENT) == WAITS | {UNSENT}  # which its talent cannot see


def test_every_step_that_a_viewer_may_not_take_has_words_for_one():
    assert all(turn.watched for turn in CLIENT.values() if turn.action)


def test_a_step_never_waits_for_both_sides():
    """A change request and an offer of a split are answered by the side that did not send them."""
    both = [waits for waits in TALENT if CLIENT[waits].action and TALENT[waits].action]
    assert set(both) == {TO_ANSWER, SPLIT}


def bare(status: ContractStatus, **facts) -> Contract:
    """A contract as it is loaded for a page, of no database."""
    money = dict.fromkeys(("held", "fee_held", "paid", "bonuses"), Decimal("0.00"))
    contract = Contract(status=status, is_closed=status in CLOSED, ended_at=datetime(2027, 3, 12, tzinfo=UTC))
    contract.sent_at = contract.answer_by = datetime(2027, 3, 5, tzinfo=UTC)
    contract.client, contract.talent = Party(name="A & B"), Party(name="A & B")
    about = {
        "is_disputed": False,
        "refund_status": None,
        "asks_back": False,
        "request_from_client": None,
        "client_role": None,
        "talent_role": None,
    }
    for name, value in (about | money | facts).items():
        setattr(contract, name, value)
    return contract


@pytest.mark.parametrize("role", [{"client_role": "owner"}, {"client_role": "viewer"}, {"talent_role": "owner"},
                                  {"talent_role": "member"}], ids=str)  # fmt: skip
@pytest.mark.parametrize("refund", ["pending", "countered"])
@pytest.mark.parametrize("status", ContractStatus)
@pytest.mark.parametrize("current", [None, *MilestoneStatus])
def test_a_next_step_reads_as_a_sentence(role, refund, status, current):
    settling = {"refund_status": refund} if status == ContractStatus.SETTLING else {}
    contract = bare(status, **role, **settling)
    step = next_step(contract, Standing.of(contract, [Tally(current, 1, Decimal("5.00"))] if current else []))
    sentence = words(said(step.sentence))
    assert sentence
    assert "{" not in sentence
    assert "A &amp; B" in said(step.sentence) or "A & B" not in sentence


def test_b25_when_every_milestone_is_paid_the_client_decides_what_comes_next():
    world = agreed(2, paid=2)
    assert "Add a milestone, or end the contract" in words(parsed(signed_in(world.client).get("/jobs/")))


def test_x06_agreed_is_paid_and_held_and_to_fund_to_the_cent():
    amounts = {
        S.PAID: "12.00",
        S.FUTURE: "20.02",
        S.FUNDING: "30.03",
        S.SUBMITTED: "40.04",
        S.REFUNDED: "7",
        S.CANCELLED: "9",
    }
    contract = bare(ContractStatus.ACTIVE, paid=Decimal("10.01"), held=Decimal("42.03"), bonuses=Decimal("3.00"))
    standing = Standing.of(contract, (Tally(status, 1, Decimal(amount)) for status, amount in amounts.items()))
    assert (standing.paid, standing.held, standing.to_fund) == (Decimal("10.01"), Decimal("42.03"), Decimal("48.06"))
    assert standing.agreed == Decimal("100.10")
    assert (standing.left_over, standing.bonuses) == (Decimal("1.99"), Decimal("3.00"))
    assert (standing.paid_count, standing.count) == (1, 4)


def test_a_list_of_contracts_stands_as_each_stands_alone():
    first, second = agreed(3, paid=1, current=S.ACTIVE).contract, agreed(2).contract
    standings = standings_of(Contract.objects.with_money())
    assert standings[first.pk].current == S.ACTIVE
    assert (standings[first.pk].paid_count, standings[first.pk].count) == (1, 3)
    assert (standings[second.pk].current, standings[second.pk].has_future) == (None, True)
    assert standings[second.pk].to_fund == Decimal("201.00")
