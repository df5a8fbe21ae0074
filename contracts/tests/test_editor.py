"""The plan editor's addresses: what the page, the window and its rows show, what a save does and what it refuses."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from contracts.models import Contract, Milestone
from contracts.states import MilestoneStatus
from contracts.tests.browsing import HTMX, Editor, address, post, read, text, with_class, with_id
from contracts.tests.editing import longer, save, traces
from contracts.tests.test_jobs import signed_in
from marketplace.models import User
from tests.factories import agreed, line

S = MilestoneStatus
WAYS = pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
pytestmark = pytest.mark.django_db


def renamed(contract: Contract) -> list[tuple[str, str]]:
    """A post that gives the last milestone another title."""
    key = contract.plan().keys[-1]
    return [("revision", "1"), ("key", str(key)), (f"title-{key}", "Renamed")]


# The page, the window and their parts


def test_b07_the_editor_is_a_page_and_to_htmx_a_window():
    world = agreed(4, paid=1, current=S.ACTIVE)
    browser = signed_in(world.client)
    page, window = (browser.get(address(world.contract), headers=headers) for headers in ({}, HTMX))
    assert "HX-Request" in page["Vary"]
    for answer in (page, window):
        root = read(answer)
        assert [text(at) for at in with_class(root, "plan-title")] == [f"Step {place}" for place in range(1, 5)]
        assert len(with_class(root, "is-pinned")) == 2
        assert "stay as they are" in text(root)
        assert "4 of 200 milestones Total $406.00" in text(root)
        for reason in ("smaller steps", "shared check", "spread the budget", "talked a change over"):
            assert reason in text(root)
        assert with_id(root, "show-changes").get("role") == "switch"
    assert page.content.startswith(b"<!doctype")
    assert read(window).find("dialog") is not None


@pytest.mark.parametrize("size", [0, 199])
def test_the_editor_of_an_empty_and_of_a_full_plan(size):
    world = agreed(size)
    root = read(signed_in(world.client).get(address(world.contract), headers=HTMX))
    assert len(with_class(root, "plan-row")) == 1 + size
    assert f"{1 + size} of 200 milestones" in text(root)
    assert "follow-on contract" in text(with_id(root, "plan-full"))


def test_a_row_brings_its_fields_as_the_shown_revision_has_them():
    world = agreed(2)
    key = world.contract.plan().keys[-1]
    Editor(world.manager, world.contract)
    other = Editor(world.manager, world.contract)
    other.type(key, title="Later", description="<b>&\r\n\r\nmore", amount="1,500", due_date="2099-02-28")
    assert other.save().status_code == 204
    mine = Editor(world.client, world.contract)
    mine.open(key)
    typed = dict(mine.fields)
    assert [typed[f"{name}-{key}"] for name in ("title", "description", "amount", "due_date")] == [
        "Later", "<b>&\r\n\r\nmore", "1500.00", "2099-02-28",
    ]  # fmt: skip
    old = signed_in(world.client).get(address(world.contract, "3/?revision=1"))
    assert 'value="Step 2"' in old.content.decode()


@pytest.mark.parametrize("revision", ["", "?revision=", "?revision=0", "?revision=2", "?revision=-1", "?revision=1e0",
                                      "?revision=%D9%A1", f"?revision={2**63}", "?revision=1;"])  # fmt: skip
def test_a_row_of_a_revision_that_never_was_is_not_there(revision):
    world = agreed(1)
    assert signed_in(world.client).get(address(world.contract, f"2/{revision}")).status_code == 404


def test_a_new_row_is_empty_and_has_a_key_of_its_own():
    world = agreed(1)
    editor = Editor(world.client, world.contract)
    one, other = editor.add(), editor.add()
    assert one != other
    assert [value for name, value in editor.fields if one in name] == ["", "", "", ""]


def test_text_of_a_milestone_is_text_wherever_it_stands():
    world = agreed(2)
    save(world.contract, longer(world.contract.plan(), line('"><script>{{7*7}}', description="</textarea><b>")),
         by=world.manager)  # fmt: skip
    editor = Editor(world.client, world.contract)
    editor.type(editor.keys[2], title='"><script>x', amount="5_0", description="</textarea><i>")
    assert editor.save().status_code == 422
    for answer in (editor.post(), editor.post("changes/"), editor.post("draft/")):
        assert not list(read(answer).iter("script"))
        assert "<script>" not in answer.content.decode()


# Saving


def test_b07_a_save_applies_everything_at_once_as_one_revision_and_one_event():
    world = agreed(5, paid=1, current=S.ACTIVE)
    editor = Editor(world.client, world.contract)
    _paid, _current, three, four, five = before = world.contract.plan().keys
    editor.type(four, amount="333")
    new = editor.add()
    editor.type(new, title="New", amount="50")
    editor.delete(three)
    editor.arrange([five, three, four, new])
    answer = editor.save()
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["HX-Trigger"] == "plan-saved, close-window"
    assert "HX-Redirect" not in answer
    plan = world.contract.plan()
    assert plan.keys == (*before[:2], five, four, uuid.UUID(new))
    assert plan.by_key[four].amount == Decimal(333)
    assert list(world.contract.revisions.values_list("number", "by")) == [(1, world.client.pk), (2, world.client.pk)]
    event = world.contract.events.latest("id")
    assert (event.kind, event.by, event.revision.plan) == ("plan_saved", world.client, plan)
    said = editor.browser.get("/said/", headers=HTMX)
    assert "Plan saved: 1 added, 1 removed, 1 edited, 1 moved." in text(read(said))


def test_from_the_page_a_save_leads_back_to_the_contract():
    world = agreed(2)
    room = f"/contracts/{world.contract.pk}/"
    plain = Editor(world.client, world.contract, htmx=False)
    plain.type(plain.keys[0], title="One")
    assert plain.save()["Location"] == room
    with_htmx = Editor(world.client, world.contract, htmx=False)
    with_htmx.headers = HTMX
    with_htmx.type(with_htmx.keys[0], title="Two")
    answer = with_htmx.save()
    assert (answer.status_code, answer["HX-Redirect"]) == (204, room)


@WAYS
def test_b07_nothing_changed_is_said_and_nothing_is_done(headers):
    world = agreed(3)
    editor = Editor(world.client, world.contract, htmx=bool(headers))
    editor.open(editor.keys[1])
    before = traces(world.contract)
    assert editor.save().status_code == 200
    assert "Nothing to save" in text(with_class(editor.page, "editor-said")[0])
    assert traces(world.contract) == before


def test_x2_a_wish_that_is_already_true_is_success_and_one_revision():
    world = agreed(3)
    editor = Editor(world.client, world.contract)
    editor.type(editor.keys[0], title="Once")
    editor.delete(editor.keys[1])
    editor.type(new := editor.add(), title="New", amount="50")
    assert new in editor.keys
    assert [editor.post().status_code for _again in range(3)] == [204, 204, 204]
    assert world.contract.revisions.count() == 2
    assert len(world.contract.plan()) == 4


@pytest.mark.parametrize("extra", ["status", "position", "plan_version", "id", "contract", "client", "by", "today"])
def test_fields_that_nobody_may_post_are_nothing(extra):
    world = agreed(3)
    key = world.contract.plan().keys[-1]
    fields = [*renamed(world.contract), (extra, "1"), (f"{extra}-{key}", "paid"), (f"{extra}-{key}", "1")]
    assert post(signed_in(world.client), address(world.contract), fields, **HTMX).status_code == 204
    milestone = Milestone.objects.get(pk=key)
    assert (milestone.title, milestone.position, milestone.status, milestone.contract) == (
        "Renamed", 4, "future", world.contract,
    )  # fmt: skip
    world.contract.refresh_from_db()
    assert (world.contract.plan_version, world.contract.client.name) == (2, world.contract.client.name)


def test_a_post_of_another_kind_is_refused_and_changes_nothing():
    world = agreed(3)
    before = traces(world.contract)
    answer = signed_in(world.client).post(address(world.contract), {"revision": 1}, content_type="application/json")
    assert answer.status_code == 409
    assert traces(world.contract) == before


@pytest.mark.parametrize("revision", ["", "0", "2", "-1", "one", str(2**63), "1" * 5000])
def test_x2_a_post_of_a_revision_that_never_was_is_refused_and_shows_the_plan(revision):
    world = agreed(3)
    before = traces(world.contract)
    editor = Editor(world.client, world.contract)
    editor.set("revision", revision)
    assert editor.save().status_code == 409
    assert "out of date" in text(with_class(editor.page, "notice-error")[0])
    assert len(editor.keys) == 3
    assert editor.post("changes/").status_code == 200
    editor.set("revision", revision)
    assert editor.post("changes/").status_code == 409
    assert "out of date" in text(read(editor.post("draft/")))
    assert traces(world.contract) == before


# Refused


@pytest.mark.parametrize(("name", "typed"), [("title", "\u200b"), ("amount", "5,00"), ("description", "x" * 5001),
                                             ("due_date", "2020-02-29")])  # fmt: skip
@WAYS
def test_b07_an_invalid_save_keeps_all_that_was_typed_and_marks_the_field(headers, name, typed):
    world = agreed(4)
    editor = Editor(world.client, world.contract, htmx=bool(headers))
    before, (one, two, three, four) = traces(world.contract), editor.keys
    editor.type(two, title="Kept", description="So\r\nbe it")
    editor.type(three, **{name: typed})
    editor.delete(four)
    editor.arrange([four, three, two, one])
    sent = sorted(editor.fields)
    assert editor.save().status_code == 422
    assert sorted(editor.fields) == sent
    assert editor.keys == [four, three, two, one]
    (wrong,) = [at for at in editor.page.iter() if at.get("aria-invalid")]
    assert wrong.get("id") == f"{name}-{three}"
    assert text(with_id(editor.page, wrong.get("aria-describedby")))
    assert "touched" in " ".join(editor.form.keys())
    assert traces(world.contract) == before


def test_b14_a_row_that_did_not_arrive_stands_in_the_refused_form_again():
    world = agreed(4)
    editor = Editor(world.client, world.contract)
    one, two, three, four = editor.keys
    editor.type(four, amount="1")
    editor.arrange([one, four, two])
    assert editor.save().status_code == 422
    assert editor.keys == [one, four, two, three]
    assert "5 of 200 milestones" in text(editor.page)


def test_b03_the_201st_milestone_is_refused_and_what_was_typed_stays():
    world = agreed(199)
    editor = Editor(world.client, world.contract)
    editor.type(editor.add(), title="One too many", amount="50")
    assert editor.save().status_code == 422
    assert "at most 200 milestones; this plan has 201" in text(with_class(editor.page, "notice-error")[0])
    assert "One too many" in [value for _name, value in editor.fields]
    assert world.contract.milestones.count() == 200


def test_a_key_of_another_contracts_milestone_is_refused():
    world, other = agreed(2), agreed(2)
    taken, kept = str(other.contract.plan().keys[-1]), other.contract.plan()
    editor = Editor(world.client, world.contract)
    editor.fields += [("key", taken), (f"title-{taken}", "Stolen"), (f"amount-{taken}", "50")]
    assert editor.save().status_code == 422
    editor = Editor(world.client, world.contract)
    editor.fields += [("key", taken), (f"delete-{taken}", "1")]
    assert editor.save().status_code == 422
    assert "did not arrive" in text(editor.page)
    assert other.contract.plan() == kept
    assert world.contract.plan_version == 1


@pytest.mark.parametrize("act", ["edit", "delete", "move"])
@pytest.mark.parametrize("place", [0, 1], ids=["paid", "current"])
def test_b04_pinned_milestones_do_not_change_whatever_is_posted(place, act):
    world = agreed(4, paid=1, current=S.SUBMITTED)
    editor = Editor(world.client, world.contract)
    key = world.contract.plan().keys[place]
    before = traces(world.contract)
    editor.fields += [("key", str(key))]
    if act == "edit":
        editor.type(key, title="Mine")
    if act == "delete":
        editor.delete(key)
    assert editor.save().status_code == 409
    assert traces(world.contract) == before


def test_b02_a_due_date_goes_by_the_users_own_day():
    world = agreed(1)
    User.objects.filter(pk=world.client.pk).update(time_zone="Etc/GMT+12")
    User.objects.filter(pk=world.manager.pk).update(time_zone="Pacific/Kiritimati")
    west = (timezone.now() - timedelta(hours=12)).date().isoformat()
    for user, status in ((world.manager, 422), (world.client, 204)):
        editor = Editor(user, world.contract)
        editor.type(editor.keys[0], due_date=west)
        assert editor.save().status_code == status
