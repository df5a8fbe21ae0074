"""The page that opens a dispute, and shows it while it is open: the money is frozen (B44)."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contracts.models import Contract
from contracts.operations.settlement import end_as_client
from contracts.states import MilestoneStatus
from contracts.tests.visiting import at, fill, followed, form_in, forms_in, held, said, send, signed_in, wrong_fields
from marketplace.clock import advance
from tests.books import books_hold
from tests.factories import agreed, end, outsider, send_back, submit, submitted

S = MilestoneStatus
pytestmark = pytest.mark.django_db


def page(contract: Contract) -> str:
    return at(contract, "dispute/")


def asked():
    """The client ended it and asks for all of the 100 dollars back."""
    world = agreed(2, current=S.ACTIVE)
    end_as_client(
        contract=world.contract, by=world.client, key=uuid.uuid4(), pay=Decimal("0.00"), held=Decimal("100.00"),
        reason="It came too late.",
    )  # fmt: skip
    return world


def test_b44_the_client_may_once_work_was_submitted():
    world = submitted(2)
    browser = signed_in(world.client)
    assert "From then on the $100.00 held for this contract is frozen" in said(browser.get(page(world.contract)))
    answer = send(browser, page(world.contract), fill(browser, page(world.contract), reason="It is empty."))
    text = followed(browser, answer)
    assert "$100.00 is in dispute" in text
    assert "It is empty." in text
    assert held(world.contract) == 100
    books_hold()


def test_b44_talent_may_in_answer_to_a_refund_request():
    world = asked()
    browser = signed_in(world.talent)
    assert send(browser, page(world.contract), {"reason": "All of it was done."}).status_code == 302
    assert "All of it was done." in said(signed_in(world.client).get(page(world.contract)))
    books_hold()


def test_b44_talent_may_after_a_second_request_for_changes():
    world = agreed(2, current=S.CHANGES_REQUESTED)
    browser, milestone = signed_in(world.talent), world.contract.milestones.get(position=1)
    assert send(browser, page(world.contract), {"reason": "Why"}).status_code == 409
    submit(milestone)
    send_back(milestone)
    assert send(browser, page(world.contract), {"reason": "Why"}).status_code == 302


@pytest.mark.parametrize("who", ["client", "viewer", "manager", "member"])
def test_b44_the_contract_room_leads_to_the_open_dispute(who):
    world = submitted(2, agency=True)
    browser = signed_in(getattr(world, who))
    assert "Look at the dispute" not in said(browser.get(at(world.contract, "")))
    send(signed_in(world.client), page(world.contract), {"reason": "It is empty."})
    room = browser.get(at(world.contract, ""))
    assert "Look at the dispute" in said(room)
    assert f'href="{page(world.contract)}"' in room.text


@pytest.mark.parametrize("side", ["client", "talent"])
def test_b44_before_that_it_is_refused_with_when_it_can_be(side):
    world = agreed(2, current=S.ACTIVE)
    browser = signed_in(getattr(world, side))
    for answer in (browser.get(page(world.contract)), send(browser, page(world.contract), {"reason": "Why"})):
        assert answer.status_code == 409
        assert "A dispute can be opened in answer to a refund request" in said(answer)
    assert "What you typed Why" in said(answer)
    assert not world.contract.disputes.exists()


def test_the_same_post_twice_opens_one():
    world = submitted(2)
    browser = signed_in(world.client)
    for _twice in range(2):
        assert send(browser, page(world.contract), {"reason": "It is empty."}).status_code == 302
    assert world.contract.disputes.count() == 1


def test_b44_while_one_is_open_there_is_no_second():
    world = submitted(2)
    send(signed_in(world.client), page(world.contract), {"reason": "It is empty."})
    browser = signed_in(world.talent)
    assert [form["decision"] for form in forms_in(browser.get(page(world.contract)))] == ["offer"]
    answer = send(browser, page(world.contract), {"reason": "It is not."})
    assert answer.status_code == 409
    for words in ("A dispute is open, so the money is frozen", "It is empty.", "What you typed It is not."):
        assert words in said(answer)


@pytest.mark.parametrize("reason", ["", " ", "\u200b", "x" * 5001, "x" * 1_000_000])
def test_a_reason_is_needed_and_kept(reason):
    world = submitted(2)
    browser = signed_in(world.client)
    answer = send(browser, page(world.contract), {"reason": reason})
    assert answer.status_code == 422
    assert wrong_fields(answer) == ["reason"]
    assert form_in(answer)["reason"] == reason


def test_who_may_open_one():
    world = submitted(2, agency=True)
    for user, status in ((world.viewer, 403), (world.member, 403), (world.idle, 404), (outsider(), 404)):
        browser = signed_in(user)
        assert browser.get(page(world.contract)).status_code == status
        assert send(browser, page(world.contract), {"reason": "Why"}).status_code == status
    send(signed_in(world.manager), page(world.contract), {"reason": "It is empty."})
    for user in (world.viewer, world.member):
        assert "It is empty." in said(signed_in(user).get(page(world.contract)))


def test_b42_an_ended_contract_says_so():
    world = agreed(1, current=S.ACTIVE)
    end(world.contract)
    browser = signed_in(world.client)
    answer = browser.get(page(world.contract))
    assert answer.status_code == 409
    assert "The contract has ended." in said(answer)
    assert not forms_in(answer)


def has_door(user, contract: Contract) -> bool:
    return "Open a dispute" in said(signed_in(user).get(at(contract, "")))


def test_b44_the_room_leads_there_as_soon_as_the_page_would_open_one():
    world = agreed(2, current=S.ACTIVE)
    seen = [(has_door(world.client, world.contract), has_door(world.talent, world.contract))]
    for move in (submit, send_back, submit, send_back, submit):
        move(world.contract.milestones.get(position=1))
        seen.append((has_door(world.client, world.contract), has_door(world.talent, world.contract)))
    assert seen == [(False, False), (True, False), (True, False), (True, False), (True, True), (True, True)]
    for user in (world.client, world.talent):
        assert signed_in(user).get(page(world.contract)).status_code == 200
    advance(timedelta(days=14))
    assert (has_door(world.client, world.contract), has_door(world.talent, world.contract)) == (False, True)
    assert signed_in(world.client).get(page(world.contract)).status_code == 409
    assert signed_in(world.talent).get(page(world.contract)).status_code == 200


@pytest.mark.parametrize("times", [1, 4])
def test_b44_knowing_it_costs_the_room_one_query(django_assert_num_queries, times):
    quiet, world = agreed(2, current=S.ACTIVE), submitted(2)
    for _each in range(times):
        send_back(world.contract.milestones.get(position=1))
        submit(world.contract.milestones.get(position=1))
    with CaptureQueriesContext(connection) as before:
        signed_in(quiet.talent).get(at(quiet.contract, ""))
    with django_assert_num_queries(len(before) + 1):
        signed_in(world.talent).get(at(world.contract, ""))
