"""Review: who sees what was handed in, the countdown, the release with its sums, changes, and what comes next."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from contracts.models import Contract, Earning
from contracts.operations.disputes import open_dispute
from contracts.operations.release import release_overdue
from contracts.operations.settlement import end_as_client
from contracts.plan import Plan
from contracts.states import MilestoneStatus
from contracts.tests.browsing import read, text, with_id
from contracts.tests.handing_in import current, filled, of_contract, page, signed_in
from marketplace import clock
from tests.books import books_hold
from tests.factories import accept, agreed, card, ended, fund, line, offered, outsider, send_back, submit, submitted

S = MilestoneStatus
pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return submitted(3)


@pytest.fixture
def milestone(world):
    return current(world)


@pytest.fixture
def browser(world):
    return signed_in(world.client)


def held(contract: Contract) -> Decimal:
    return Contract.objects.with_money().get(pk=contract.pk).held


def choose(browser, milestone, **typed):
    at = page(milestone, "review")
    return browser.post(at, filled(browser.get(at)) | typed)


def shown(browser, at: str) -> str:
    return text(read(browser.get(at)))


def test_b32_the_countdown_says_until_when_and_how_long(world, browser, milestone):
    for user, says in ((world.client, "unless you answer"), (world.talent, f"unless {world.contract.client} answers")):
        seen = shown(signed_in(user), page(milestone, "review"))
        until = timezone.localtime(milestone.review_by).strftime("%-d %b %Y, %H:%M")
        assert f"$100.00 releases by itself on {until} {says}" in seen
        assert "13 days 23 hours left" in seen


def test_b31_without_work_or_once_returned_no_clock_runs_and_release_is_possible():
    world = agreed(2, current=S.ACTIVE)
    milestone, browser = current(world), signed_in(world.client)
    seen = shown(browser, page(milestone, "review"))
    assert "releases by itself" not in seen
    assert "money can be released without a submission" in seen
    submit(milestone)
    send_back(milestone)
    assert "releases by itself" not in shown(browser, page(milestone, "review"))
    assert choose(browser, milestone, pick="50")["Location"] == of_contract(world.contract.pk, "next")
    assert Earning.objects.get().gross == Decimal("50.00")
    books_hold()


@pytest.mark.parametrize(
    ("amount", "sums"),
    [
        ("100.00", ["$100.00", "$75.00", "$50.00", "$25.00"]),
        ("5.00", ["$5.00", "$3.75", "$2.50", "$1.25"]),
        ("10.10", ["$10.10", "$7.58", "$5.05", "$2.53"]),
        ("33.33", ["$33.33", "$25.00", "$16.67", "$8.33"]),
    ],
)
def test_b22_quick_picks_are_rounded_half_up_and_what_is_picked_is_paid(amount, sums):
    world = offered(lines=Plan((line(amount=amount),)))
    accept(world.contract)
    milestone, browser = current(world), signed_in(world.client)
    seen = read(browser.get(page(milestone, "review")))
    picks = [at for at in seen.iter("input") if at.get("name") == "pick" and at.get("data-amount")]
    assert [f"${at.get('data-amount')}" for at in picks] == sums
    assert choose(browser, milestone, pick="25").status_code == 302
    assert Earning.objects.get().gross == Decimal(sums[-1][1:])
    books_hold()


def test_b22_before_the_click_each_pick_says_who_gets_what(world, browser, milestone):
    seen = shown(browser, page(milestone, "review"))
    talent = world.contract.talent
    for net, stays in (("90.00", "0.00"), ("67.50", "25.00"), ("45.00", "50.00"), ("22.50", "75.00")):
        assert f"${net} to {talent}, ${stays} stays held" in seen


def test_b22_another_amount_is_worked_out_before_and_released_after(world, browser, milestone):
    answer = choose(browser, milestone, pick="other", amount="33.33", preview="1")
    assert answer.status_code == 200
    seen = text(read(answer))
    assert "after the fee$30.00 Service fee$3.33" in seen.replace("fee $", "fee$")
    assert "next milestone$66.67" in seen.replace("milestone $", "milestone$")
    assert not Earning.objects.exists()
    answer = browser.post(page(milestone, "review"), filled(answer))
    assert answer["Location"] == of_contract(world.contract.pk, "next")
    earning = Earning.objects.get()
    assert (earning.gross, earning.fee, earning.net) == tuple(map(Decimal, ("33.33", "3.33", "30.00")))
    assert held(world.contract) == Decimal("66.67")
    assert f"$33.33 was released for “{milestone.title}”: $30.00 to {world.contract.talent}" in shown(
        browser, answer["Location"]
    )
    books_hold()


@pytest.mark.parametrize(
    ("typed", "cents"), [("5", 500), ("5.0", 500), (" 5 ", 500), ("$5.00", 500), ("0.01", 1), ("100", 10000)]
)
def test_b22_any_amount_from_a_cent_to_all_of_it_is_released(browser, milestone, typed, cents):
    assert choose(browser, milestone, pick="other", amount=typed).status_code == 302
    assert Earning.objects.get().gross * 100 == cents
    books_hold()


REFUSED = [
    "", "0", "0.00", "-5", "5.001", "1e3", "5_0", "500e-2", "\u0665", "\uff15", "NaN", "Infinity", "0x10", "5,00",
    "9" * 400, "9" * 10_000, "100.01", "1,000", "9999999999.99", "5 5", "5.", ".5", "<b>5</b>", "null",
]  # fmt: skip


@pytest.mark.parametrize("typed", REFUSED)
def test_b22_no_other_amount_is_released_and_it_is_said_beside_the_field(browser, milestone, typed):
    answer = choose(browser, milestone, pick="other", amount=typed)
    assert answer.status_code == 422
    (wrong,) = [at for at in read(answer).iter() if at.get("aria-invalid")]
    assert wrong.get("name") == "amount"
    assert text(with_id(read(answer), wrong.get("aria-describedby").split()[-1]))
    assert (filled(answer)["pick"], filled(answer)["amount"]) == ("other", typed)
    assert not Earning.objects.exists()


def test_b22_of_more_than_is_held_the_rest_would_be_a_bonus(world, browser, milestone):
    answer = choose(browser, milestone, pick="other", amount="120.50")
    assert answer.status_code == 422
    assert "Release all $100.00, and pay the other $20.50 as a bonus" in text(read(answer))
    links = [at.get("href") for at in read(answer).iter("a") if text(at) == "Pay a bonus"]
    assert f"{of_contract(world.contract.pk, 'bonus')}?amount=20.50" in links


def test_a_pick_and_another_amount_contradict_each_other(browser, milestone):
    answer = choose(browser, milestone, pick="100", amount="40")
    assert answer.status_code == 422
    assert "You chose one amount and typed another" in text(read(answer))
    assert not Earning.objects.exists()
    assert choose(browser, milestone, pick="50", amount="50").status_code == 302


@pytest.mark.parametrize("pick", ["", "0", "101", "100.00", "all", "other\x00"])
def test_a_pick_that_is_not_offered_is_refused(browser, milestone, pick):
    assert choose(browser, milestone, pick=pick, amount="5").status_code == 422
    assert not Earning.objects.exists()


def test_b22_the_same_release_twice_pays_once_and_is_success_and_another_is_told(world, browser, milestone):
    forms = [{"pick": "50"}, {"pick": "50"}]
    first, second = (browser.post(page(milestone, "review"), form) for form in forms)
    assert first["Location"] == second["Location"]
    answer = browser.post(page(milestone, "review"), {"pick": "100"})
    assert answer.status_code == 409
    assert "released already" in text(read(answer))
    assert Earning.objects.get().gross == Decimal("50.00")
    books_hold()


def test_b31_a_release_after_the_clocks_own_is_told_that_it_is_done(browser, milestone):
    form = filled(browser.get(page(milestone, "review")))
    clock.advance(timedelta(days=14))
    assert release_overdue(milestone.pk)
    assert browser.post(page(milestone, "review"), form).status_code == 409
    assert Earning.objects.count() == 1
    books_hold()


@pytest.mark.parametrize("role", ["viewer", "talent"])
def test_b22_others_look_at_the_review_and_release_nothing(world, milestone, role):
    browser = signed_in(getattr(world, role))
    answer = browser.get(page(milestone, "review"))
    assert "Here it is." in text(read(answer))
    assert not [at for at in read(answer).iter("input") if at.get("name") == "pick"]
    assert "Request changes" not in text(read(answer))
    assert browser.post(page(milestone, "review"), {"pick": "100"}).status_code == 403
    assert browser.get(page(milestone, "changes-request")).status_code == 403
    assert browser.post(page(milestone, "changes-request"), {"submission": "1", "reason": "x"}).status_code == 403
    assert browser.get(of_contract(world.contract.pk, "next")).status_code == 403
    assert not Earning.objects.exists()


def test_outsiders_and_foreign_milestones_are_not_found(world, browser, milestone):
    foreign = current(agreed(1))
    for name in ("review", "changes-request"):
        assert signed_in(outsider()).get(page(milestone, name)).status_code == 404
        assert browser.post(f"/contracts/{world.contract.pk}/milestones/{foreign.pk}/{name}/").status_code == 404
    assert signed_in(outsider()).get(of_contract(world.contract.pk, "next")).status_code == 404


@pytest.mark.parametrize("state", [None, S.FUNDING])
def test_b22_of_a_milestone_that_is_not_funded_nothing_is_released(state):
    world = agreed(2, current=state)
    milestone, browser = current(world), signed_in(world.client)
    assert "How much do you release?" not in shown(browser, page(milestone, "review"))
    answer = browser.post(page(milestone, "review"), {"pick": "100"})
    assert answer.status_code == 409
    assert "Nothing is held for this milestone" in text(read(answer))


def test_b44_while_a_dispute_is_open_nothing_is_released_and_no_clock_shown(world, browser, milestone):
    open_dispute(contract=world.contract, by=world.client, reason="Not what we agreed.")
    seen = shown(browser, page(milestone, "review"))
    assert "A dispute is open" in seen
    assert "releases by itself" not in seen
    assert browser.post(page(milestone, "review"), {"pick": "100"}).status_code == 409
    assert browser.get(page(milestone, "changes-request")).status_code == 409
    books_hold()


def test_b24_while_the_contract_is_settled_the_review_can_only_be_read(world, browser, milestone):
    end_as_client(
        contract=world.contract, by=world.client, key=uuid.uuid4(), pay=Decimal("40.00"), held=Decimal("100.00"),
        reason="It is not done.",
    )  # fmt: skip
    assert "How much do you release?" not in shown(browser, page(milestone, "review"))
    assert browser.post(page(milestone, "review"), {"pick": "100"}).status_code == 409
    assert browser.get(of_contract(world.contract.pk, "next")).status_code == 409
    books_hold()


def ask(browser, milestone, **typed):
    at = page(milestone, "changes-request")
    return browser.post(at, filled(browser.get(at)) | {"reason": "Bluer."} | typed)


def test_b31_requesting_changes_stops_the_clock_and_says_so(browser, milestone):
    seen = shown(browser, page(milestone, "changes-request"))
    assert "The clock stops" in seen
    assert "14 days anew" in seen
    answer = ask(browser, milestone)
    assert answer["Location"] == page(milestone, "review")
    assert "You asked for changes." in shown(browser, answer["Location"])
    milestone.refresh_from_db()
    assert (milestone.status, milestone.review_by) == (S.CHANGES_REQUESTED, None)
    assert milestone.submissions.get().reason == "Bluer."
    books_hold()


@pytest.mark.parametrize("reason", ["", " \n ", "\u200b", "x" * 5001])
def test_b31_a_reason_is_required(browser, milestone, reason):
    answer = ask(browser, milestone, reason=reason)
    assert answer.status_code == 422
    (wrong,) = [at for at in read(answer).iter() if at.get("aria-invalid")]
    assert wrong.get("name") == "reason"
    assert milestone.submissions.get().reason is None


@pytest.mark.parametrize("number", ["", "0", "-1", "x", str(2**63)])
def test_a_damaged_number_of_a_submission_is_said(browser, milestone, number):
    answer = ask(browser, milestone, submission=number)
    assert answer.status_code == 422
    assert "did not arrive" in text(read(answer))


def test_b31_changes_to_work_that_is_not_the_latest_are_asked_for_again(browser, milestone):
    form = filled(browser.get(page(milestone, "changes-request"))) | {"reason": "Second thoughts"}
    send_back(milestone)
    submit(milestone, "Newer work")
    answer = browser.post(page(milestone, "changes-request"), form)
    assert answer.status_code == 409
    assert "New work was submitted while you were reading" in text(read(answer))
    assert "Newer work" in text(read(answer))
    again = filled(answer)
    assert (again["reason"], again["submission"]) == ("Second thoughts", "2")
    assert browser.post(page(milestone, "changes-request"), again).status_code == 302


def test_b31_changes_are_requested_to_submitted_work_only_and_what_was_typed_is_shown():
    world = agreed(2, current=S.ACTIVE)
    milestone, browser = current(world), signed_in(world.client)
    assert browser.get(page(milestone, "changes-request")).status_code == 409
    answer = browser.post(page(milestone, "changes-request"), {"submission": "1", "reason": "Too early"})
    assert answer.status_code == 409
    assert "Too early" in text(read(answer))


def test_b25_after_a_release_the_client_is_asked_what_comes_next(world, browser, milestone):
    choose(browser, milestone, pick="other", amount="60")
    root = read(browser.get(of_contract(world.contract.pk, "next")))
    seen = text(root)
    for words in (
        "What comes next?",
        "Activate the next milestone",
        "“Step 2”, $101.00",
        "$61.00 charged",
        "Keep it open",
    ):
        assert words in seen
    assert "$40.00 from what is held" in seen
    following = world.contract.milestones.get(position=2)
    ways = {at.get("href") for at in root.iter("a")}
    key = world.contract.pk
    assert {
        page(following, "funding"), f"/contracts/{key}/milestones/new/", f"/contracts/{key}/milestones/",
        f"/contracts/{key}/", of_contract(key, "end"), of_contract(key, "bonus"),
    } <= ways  # fmt: skip


def test_b25_after_the_last_milestone_it_is_to_end_or_to_keep_open_and_one_can_be_added(world):
    world = submitted(1)
    browser = signed_in(world.client)
    choose(browser, current(world), pick="100")
    seen = shown(browser, of_contract(world.contract.pk, "next"))
    assert "Activate the next milestone" not in seen
    for words in ("Add a milestone", "Keep the contract open", "End the contract", "Nothing is held"):
        assert words in seen


def test_b25_once_the_next_milestone_is_current_there_is_nothing_to_ask(world, browser, milestone):
    choose(browser, milestone, pick="100")
    fund(world.contract.milestones.get(position=2), card(world.contract.client))
    assert "“Step 2” is the current milestone already." in shown(browser, of_contract(world.contract.pk, "next"))


def test_b25_of_an_ended_contract_nothing_comes_next():
    world = ended(2)
    assert signed_in(world.client).get(of_contract(world.contract.pk, "next")).status_code == 409


@pytest.mark.parametrize("size", [1, 40])
def test_the_pages_take_as_many_queries_whatever_the_plan(django_assert_num_queries, size):
    world = submitted(size)
    browser, milestone = signed_in(world.client), current(world)
    with django_assert_num_queries(8):  # session, user, parties, contract, milestone, money, submissions, files
        browser.get(page(milestone, "review"))
    with django_assert_num_queries(8):
        browser.get(page(milestone, "changes-request"))
    choose(browser, milestone, pick="50")
    browser.get(f"/contracts/{world.contract.pk}/terms/")  # reads the message
    with django_assert_num_queries(7):  # session, user, parties, contract, release, plan, money
        browser.get(of_contract(world.contract.pk, "next"))
