"""The plan editor as the talent has it, and that of both sides over a request that waits: what it shows and sends."""

import uuid

import pytest
from django.http import HttpResponse

from contracts.models import ChangeRequest
from contracts.states import RequestStatus
from contracts.tests.asking import answer, asked, browser, counter, fresh, page_of, statuses, wished
from contracts.tests.browsing import HTMX, Editor, address, fields_in, post, read, text, with_class, with_id
from contracts.tests.editing import add, edited, save, traces
from contracts.tests.visiting import followed, said
from tests.factories import Agreed, agreed, line, outsider

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Agreed:
    return agreed(4, agency=True)


@pytest.fixture
def editor(world) -> Editor:
    return Editor(world.talent, world.contract)


class Over(Editor):
    """The editor over a request that waits, as a page."""

    def __init__(self, user, request: ChangeRequest) -> None:
        self.request, self.contract = request, request.contract
        self.browser, self.headers = browser(user), {}
        self.take(self.browser.get(page_of(request, "milestones/")))

    def post(self, page: str = ""):
        return post(self.browser, page_of(self.request, f"milestones/{page}"), [*self.fields, ("page", "1")], **HTMX)


def the_request(world: Agreed) -> ChangeRequest:
    return world.contract.change_requests.select_related("base").get(status=RequestStatus.PENDING)


# Sending


def test_b08_the_talent_opens_the_same_editor_and_its_button_sends_a_request(world, editor):
    assert text(with_class(editor.page, "window-title")[0]) == "Manage Milestones"
    assert [text(at) for at in editor.form.iter("button") if at.get("type") == "submit"] == ["Send request"]
    assert "it helps to have talked a change over" in text(editor.page)
    client = Editor(world.client, world.contract)
    assert [text(at) for at in client.form.iter("button") if at.get("type") == "submit"] == ["Save"]
    assert "note" not in dict(client.fields)


def test_b08_what_is_sent_is_a_request_and_the_plan_stays(world, editor):
    before = fresh(world).plan()
    one, two, three, _four = editor.keys
    editor.type(two, amount="500")
    editor.delete(three)
    editor.type(new := editor.add(), title="Extra", amount="80")
    editor.arrange([editor.keys[3], one, two, three, new])
    editor.set("note", "As we said.")
    answered = editor.save()
    assert (answered.status_code, answered["HX-Trigger"]) == (204, "plan-saved, close-window")
    assert fresh(world).plan() == before
    request = the_request(world)
    assert request.changes.counts == (1, 1, 1, 1)
    assert (request.note, request.by) == ("As we said.", world.talent)
    room = said(editor.browser.get(f"/contracts/{world.contract.pk}/"))
    assert f"Request sent. The plan stays as it is until {world.contract.client.name} answers." in room


def test_i17_the_same_form_sent_twice_is_one_request(world, editor):
    editor.type(editor.keys[0], title="Once")
    assert [editor.post().status_code for _time in range(2)] == [204, 204]
    assert statuses(world.contract) == [RequestStatus.PENDING]


def test_b08_nothing_changed_is_nothing_to_ask_for(world, editor):
    assert editor.save().status_code == 422
    assert "Nothing is changed yet" in text(with_class(editor.page, "notice-error")[0])
    assert statuses(world.contract) == []


def test_b08_a_note_that_is_too_long_comes_back_with_the_rows(world, editor):
    editor.type(editor.keys[0], title="Typed")
    editor.set("note", "x" * 2001)
    assert editor.save().status_code == 422
    assert "2000 characters at most" in text(editor.page)
    assert dict(editor.fields)["note"] == "x" * 2001
    assert ("title-" + editor.keys[0], "Typed") in editor.fields
    assert statuses(world.contract) == []


@pytest.mark.parametrize("key", ["", "nonsense"])
def test_a_request_whose_key_did_not_arrive_is_refused_whole(world, editor, key):
    editor.type(editor.keys[0], title="Typed")
    editor.set("request_key", key)
    assert editor.save().status_code == 422
    assert "did not arrive as it was sent" in text(editor.page)
    assert statuses(world.contract) == []


def test_x02_a_plan_that_moved_meanwhile_is_shown_and_the_wish_stays(world, editor):
    editor.type(editor.keys[3], title="Mine")
    editor.set("note", "Please.")
    save(world.contract, edited(fresh(world).plan(), 2, title="Theirs"), by=world.client)
    assert editor.save().status_code == 409
    assert "saved this plan while you were editing" in text(with_id(editor.page, "conflict"))
    assert dict(editor.fields)["note"] == "Please."
    assert editor.save().status_code == 204
    assert [at.title for at in the_request(world).plan][1:] == ["Theirs", "Step 2", "Step 3", "Mine"]


def test_x03_a_draft_of_the_talent_comes_back_with_its_note(world, editor):
    editor.type(editor.keys[0], title="Kept")
    editor.set("note", "Kept too.")
    restored = editor.post("draft/")
    editor.take(restored)
    assert dict(editor.fields)["note"] == "Kept too."
    assert editor.save().status_code == 204
    assert the_request(world).note == "Kept too."


# One new milestone


def fields(page: HttpResponse) -> dict[str, str]:
    """What the form for a milestone would post."""
    form = with_id(read(page), "new-milestone")
    return {name: value for name, value in fields_in(form) if name != "csrfmiddlewaretoken"}


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_b12_the_talent_proposes_one_milestone(world, headers):
    visitor = browser(world.talent)
    page = visitor.get(address(world.contract, "new/"), headers=headers)
    assert "Propose a milestone" in text(read(page))
    assert "Save and add another" not in text(read(page))
    form = fields(page)
    sent = visitor.post(
        address(world.contract, "new/"),
        form | {"title": "Press day", "amount": "250", "note": "Soon?"},
        headers=headers,
    )
    assert sent.status_code == (204 if headers else 302)
    request = the_request(world)
    assert [row.line.title for row in request.changes.changed] == ["Press day"]
    assert request.note == "Soon?"


def test_b12_a_proposal_that_is_sent_twice_is_one_even_when_it_was_accepted_in_between(world):
    visitor = browser(world.talent)
    form = fields(visitor.get(address(world.contract, "new/"))) | {"title": "Press day", "amount": "250"}
    assert visitor.post(address(world.contract, "new/"), form).status_code == 302
    answer(world.client, the_request(world), "accept")
    assert visitor.post(address(world.contract, "new/"), form).status_code == 302
    assert statuses(world.contract) == [RequestStatus.ACCEPTED]


def test_b12_a_milestone_goes_to_the_end_of_a_plan_that_moved_after_a_second_look(world):
    visitor = browser(world.talent)
    form = fields(visitor.get(address(world.contract, "new/"))) | {"title": "Press day", "amount": "250"}
    add(world.contract, line("Theirs"), by=world.client)
    page = visitor.post(address(world.contract, "new/"), form)
    assert page.status_code == 409
    assert visitor.post(address(world.contract, "new/"), fields(page)).status_code == 302
    assert [at.title for at in the_request(world).plan][-2:] == ["Theirs", "Press day"]


@pytest.mark.parametrize("typed", [{"title": "", "amount": "250"}, {"title": "Press day", "amount": "4.99"}])
def test_b12_a_milestone_that_cannot_be_is_refused_beside_its_field(world, typed):
    visitor = browser(world.talent)
    form = fields(visitor.get(address(world.contract, "new/"))) | typed
    page = visitor.post(address(world.contract, "new/"), form)
    assert page.status_code == 422
    assert statuses(world.contract) == []


# Over a request that waits


def test_b09_the_sender_revises_what_it_asked_for(world):
    first = asked(world, note="First.")
    over = Over(world.talent, first)
    assert "Revise the request" in text(over.page)
    assert dict(over.fields)["note"] == "First."
    assert "data-touched" not in over.form.attrib
    over.type(over.keys[0], title="Step 4, sooner")
    assert over.save().status_code == 204
    second = the_request(world)
    assert [at.title for at in second.plan][1:] == ["Step 4, sooner", "Step 1", "Step 2", "Extra"]
    assert (second.replaces, second.from_client) == (first, False)
    assert statuses(world.contract) == [RequestStatus.SUPERSEDED, RequestStatus.PENDING]


def test_x04_the_client_edits_and_sends_back_and_the_talent_accepts(world):
    over = Over(world.client, asked(world, note="First."))
    assert [text(at) for at in over.form.iter("button") if at.get("type") == "submit"] == ["Send back"]
    assert dict(over.fields)["note"] == ""
    over.type(over.keys[0], title="Step 4, sooner")
    assert over.save().status_code == 204
    back = the_request(world)
    assert back.from_client
    visitor = browser(world.talent)
    assert "Change request, sent back" in said(visitor.get(page_of(back)))
    assert "Change request accepted." in followed(visitor, answer(visitor, back, "accept"))
    assert fresh(world).plan() == back.plan


def test_x04_what_was_asked_already_is_not_sent_back(world):
    over = Over(world.client, asked(world))
    assert over.save().status_code == 422
    assert "This is what was asked for already" in text(over.page)
    assert statuses(world.contract) == [RequestStatus.PENDING]


def test_b09_the_drafts_of_a_request_and_of_the_plan_do_not_mix(world, editor):
    request = asked(world)
    over = Over(world.talent, request)
    assert over.form.get("data-draft") == f"{world.talent.pk}:{world.contract.pk}:{request.pk}"
    assert editor.form.get("data-draft") == f"{world.talent.pk}:{world.contract.pk}"


def test_x03_a_draft_over_a_request_comes_back(world):
    over = Over(world.client, asked(world))
    over.type(over.keys[0], title="Kept")
    over.take(over.post("draft/"))
    assert over.save().status_code == 204
    assert the_request(world).plan.lines[1].title == "Kept"


def test_s07_a_revision_of_what_was_answered_meanwhile_is_stale_and_stays_typed(world):
    request = asked(world)
    over = Over(world.talent, request)
    over.type(over.keys[0], title="Too late")
    answer(world.client, request, "decline")
    assert over.save().status_code == 409
    assert ("title-" + over.keys[0], "Too late") in over.fields
    error = with_class(over.page, "notice-error")[0]
    assert "answered, revised or withdrawn meanwhile" in text(error)
    assert error.find(".//a").get("href") == page_of(request)
    page = over.browser.get(page_of(request, "milestones/"))
    assert page.status_code == 409
    assert "This request is answered" in said(page)


def test_b09_show_changes_over_a_request_is_against_the_plan_as_it_is(world):
    request = asked(world)
    over = Over(world.client, request)
    diff = post(over.browser, address(world.contract, "changes/"), over.fields, **HTMX)
    assert len(with_class(read(diff), "diff-row")) == 4


# Doors


@pytest.mark.parametrize("page", ["milestones/", "milestones/draft/"])
def test_to_outsiders_there_is_no_request_to_edit_and_who_may_only_look_is_refused(world, page):
    request = asked(world)
    before, form = traces(world.contract), {"revision": "1", "request_key": str(uuid.uuid4())}
    for user, status in ((outsider(), 404), (world.idle, 404), (world.viewer, 403), (world.member, 403)):
        assert browser(user).post(page_of(request, page), form).status_code == status
        if page == "milestones/":
            assert browser(user).get(page_of(request, page)).status_code == status
    assert traces(world.contract) == before
    assert statuses(world.contract) == [RequestStatus.PENDING]


def test_a_request_of_another_contract_cannot_be_edited_here(world):
    request, other = asked(world), agreed(1)
    assert (
        browser(other.client).get(f"/contracts/{other.contract.pk}/requests/{request.pk}/milestones/").status_code
        == 404
    )


@pytest.mark.parametrize("size", [4, 198])
def test_the_editor_over_a_request_costs_the_same_for_any_plan(size, django_assert_num_queries):
    world = agreed(size)
    request = asked(world, wished(world))
    visitor = browser(world.client)
    with django_assert_num_queries(7):  # session, user, parties, contract, pending, request, milestones
        visitor.get(page_of(request, "milestones/"))


def test_the_editor_over_a_countered_request_is_the_talents(world):
    back = counter(world, asked(world))
    assert "Edit and send back" in text(Over(world.talent, back).page)
    assert "Revise the request" in text(Over(world.client, back).page)
