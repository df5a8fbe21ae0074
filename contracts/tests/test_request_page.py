"""The page of a change request: what each side reads, the whole answer, a part of it, and an answer that comes late."""

import pytest

from contracts.plan import Plan
from contracts.states import RequestStatus
from contracts.tests.asking import answer, asked, browser, fresh, key_of, look, page_of, revised, statuses
from contracts.tests.browsing import read, text, with_id
from contracts.tests.visiting import followed, said
from tests.factories import Agreed, agreed, line, outsider

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Agreed:
    return agreed(4, agency=True)


def titles(world: Agreed) -> list[str]:
    return [line.title for line in fresh(world).plan()]


# Who reads it, and what


def test_b09_everybody_on_the_contract_reads_the_request_and_nobody_else(world):
    request = asked(world, note="As we talked it over.")
    for user in (world.client, world.manager, world.viewer, world.talent, world.member):
        page = browser(user).get(page_of(request))
        assert page.status_code == 200
        for words in (f"{world.talent.name} asks to add one milestone", "As we talked it over.", "Extra"):
            assert words in said(page)
    for user in (outsider(), world.idle):
        assert browser(user).get(page_of(request)).status_code == 404
        assert answer(user, request, "accept").status_code == 404


def test_b09_a_request_of_another_contract_is_not_there(world):
    request, other = asked(world), agreed(1)
    assert browser(other.client).get(f"/contracts/{other.contract.pk}/requests/{request.pk}/").status_code == 404


def test_b09_the_client_is_offered_to_answer_and_the_sender_to_take_it_back(world):
    request = asked(world)
    client, talent = (said(browser(user).get(page_of(request))) for user in (world.client, world.talent))
    for words in ("Accept all 4 changes", "Decline the request", "Edit and send back"):
        assert words in client
        assert words not in talent
    for words in ("Withdraw the request", "Revise"):
        assert words in talent
        assert words not in client


@pytest.mark.parametrize("role", ["viewer", "member"])
def test_b09_who_may_only_look_is_offered_nothing_and_refused(world, role):
    request, user = asked(world), getattr(world, role)
    page = said(browser(user).get(page_of(request)))
    for words in ("Accept", "Decline", "Withdraw", "Revise", "Edit and send back"):
        assert words not in page
    for name in ("accept", "decline", "withdraw"):
        assert answer(user, request, name).status_code == 403
    assert statuses(world.contract) == [RequestStatus.PENDING]


def test_b09_the_page_says_what_it_means_for_the_budget(world):
    request = asked(world)
    page = browser(world.client).get(page_of(request))
    # 456.00 of which 50.00 are paid; Step 2 from 101.00 to 500.00, Step 3 of 102.00 gone, 80.00 new
    for words in ("Agreed $456.00 $833.00", "To fund $406.00 $783.00", "Held $0.00 $0.00"):
        assert words in said(page)
    assert "This adds $377.00 to what you will fund." in said(page)
    assert "This adds $377.00 to what the client will fund." in said(browser(world.talent).get(page_of(request)))


# The whole answer


def test_b09_accepted_the_request_is_the_plan_and_both_read_so(world):
    request = asked(world)
    wish = request.plan
    visitor = browser(world.client)
    assert "Change request accepted." in followed(visitor, answer(visitor, request, "accept"))
    assert fresh(world).plan() == wish
    assert f"{world.client.name} accepted it." in said(browser(world.talent).get(page_of(request)))


def test_b09_declined_with_a_reason_the_plan_stays_and_the_reason_is_read(world):
    request, before, visitor = asked(world), fresh(world).plan(), browser(world.manager)
    done = answer(visitor, request, "decline", reason="Not this <b>year</b>.")
    assert "Change request declined." in followed(visitor, done)
    assert fresh(world).plan() == before
    page = browser(world.talent).get(page_of(request))
    assert f"{world.manager.name} declined it." in said(page)
    assert "Not this <b>year</b>." in said(page)


def test_b09_a_reason_that_is_too_long_stays_in_its_field(world):
    request = asked(world)
    page = answer(world.client, request, "decline", reason="x" * 2001)
    assert page.status_code == 422
    assert "2000 characters at most" in said(page)
    assert "x" * 2001 in page.content.decode()
    assert statuses(world.contract) == [RequestStatus.PENDING]


def test_b09_withdrawn_it_is_over_and_the_plan_can_change_again(world):
    request = asked(world)
    assert answer(world.talent, request, "withdraw").status_code == 302
    assert f"{world.talent.name} withdrew it." in said(browser(world.client).get(page_of(request)))
    asked(world)
    assert statuses(world.contract) == [RequestStatus.WITHDRAWN, RequestStatus.PENDING]


# Single lines


def test_x04_every_line_has_a_box_and_all_are_ticked(world):
    request = asked(world)
    boxes = [at for at in read(browser(world.client).get(page_of(request))).iter("input") if at.get("name") == "line"]
    assert {at.get("value") for at in boxes} == {str(row.line.key) for row in request.changes.changed}
    assert all(at.get("checked") is not None for at in boxes)
    assert "<input" not in text(read(browser(world.talent).get(page_of(request))))


def test_x04_the_ticked_lines_are_accepted_and_the_page_says_which_were_not(world):
    request = asked(world)
    assert answer(world.client, request, "accept", "Step 2", "Extra", "Step 4").status_code == 302
    assert titles(world) == ["Kick-off", "Step 4", "Step 1", "Step 2", "Extra", "Step 3"]
    page = said(browser(world.talent).get(page_of(request)))
    assert "accepted a part of it" in page
    accepted, left_out = page.partition("What was accepted")[2].split("What was not")
    assert "Extra" in accepted
    assert "Step 3" not in accepted
    assert "Removed Step 3" in left_out.partition("All that was asked for")[0]


def test_x04_the_preview_follows_the_ticks(world):
    request = asked(world)
    part = read(look(world.client, request, "Step 2"))
    assert "Accept 1 of 4 changes" in text(with_id(part, "outcome"))
    assert "This adds $399.00 to what you will fund." in text(part)
    assert "1 of 4 changes ticked. The total would be $855.00." in text(part)


def test_x04_the_preview_works_without_a_script(world):
    request = asked(world)
    page = browser(world.client).post(page_of(request, "choice/"), {"line": key_of(request, "Step 2")})
    boxes = [at for at in read(page).iter("input") if at.get("name") == "line" and at.get("checked") is not None]
    assert [at.get("value") for at in boxes] == [key_of(request, "Step 2")]
    assert "Accept 1 of 4 changes" in said(page)


def test_x04_a_line_that_depends_on_another_says_so(world):
    *begun, last = fresh(world).plan()
    request = asked(world, Plan((*begun, line("Draft"), line("Design"), last)))
    part = text(read(look(world.client, request, "Design")))
    assert "Design comes after Step 3 instead, as Draft is not added." in part
    assert "instead" not in text(read(look(world.client, request, "Draft")))


def test_x04_nothing_ticked_is_refused_with_the_page(world):
    request = asked(world)
    page = browser(world.client).post(page_of(request), {"accept": "1"})
    assert page.status_code == 422
    assert "Choose at least one line" in said(page)
    assert "disabled" in page.content.decode()


@pytest.mark.parametrize("role", ["viewer", "member"])
def test_x04_who_may_only_look_has_no_preview(world, role):
    assert look(getattr(world, role), asked(world)).status_code == 403


# Too late, and again and again


@pytest.mark.parametrize("name", ["accept", "decline"])
def test_s07_an_answer_to_a_request_that_was_revised_meanwhile_is_stale(world, name):
    first = asked(world)
    second = revised(first)
    page = answer(world.client, first, name)
    assert page.status_code == 409
    assert "was answered, revised or withdrawn meanwhile" in said(page)
    assert f"{world.talent.name} revised it." in said(page)
    assert page_of(second) in page.content.decode()
    assert statuses(world.contract) == [RequestStatus.SUPERSEDED, RequestStatus.PENDING]


def test_b09_both_versions_can_be_read_and_compared(world):
    first = asked(world)
    second = revised(first)
    for version in (first, second):
        page = browser(world.client).get(page_of(version))
        assert "Version 1 by" in said(page)
        assert "Version 2 by" in said(page)
    new = said(browser(world.client).get(page_of(second)))
    assert "Removed Extra" in new.partition("What this version changes")[2].partition("What is asked for")[0]


def test_s07_the_same_answer_again_leads_to_the_contract(world):
    request = asked(world)
    for _time in range(2):
        assert answer(world.client, request, "accept").status_code == 302
    assert answer(world.client, request, "decline").status_code == 409


# What it costs


@pytest.mark.parametrize("size", [4, 198])
def test_the_page_costs_the_same_for_any_plan(size, django_assert_num_queries):
    world = agreed(size)
    request = asked(world)
    visitor = browser(world.client)
    with django_assert_num_queries(8):  # session, user, parties, contract, pending, request, versions, states
        visitor.get(page_of(request))
