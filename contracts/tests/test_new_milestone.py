"""Add new milestone: one more at the end of the plan, the next one after it, and everything that is refused (B6)."""

import uuid
from decimal import Decimal

import pytest

from contracts.models import Contract, Milestone
from contracts.states import MilestoneStatus
from contracts.tests.browsing import HTMX, address, fields_in, post, read, text, with_id
from contracts.tests.editing import edited, save, traces
from contracts.tests.test_jobs import signed_in
from tests.factories import agreed, end

S = MilestoneStatus
ANOTHER = ("another", "1")
WAYS = pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return agreed(3, paid=1, current=S.ACTIVE)


@pytest.fixture
def contract(world) -> Contract:
    return world.contract


@pytest.fixture
def browser(world):
    return signed_in(world.client)


def form_in(answer) -> dict[str, str]:
    """What the form in the answer would post."""
    (form,) = [at for at in read(answer).iter("form") if at.get("id") == "new-milestone"]
    return dict(fields_in(form))


def filled(browser, contract: Contract, **texts: str) -> dict[str, str]:
    """The form, opened and filled in."""
    return form_in(browser.get(address(contract, "new/"))) | {"title": "Sketch", "amount": "50"} | texts


def add(browser, contract: Contract, form: dict[str, str], *buttons: tuple[str, str], **headers: str):
    return post(browser, address(contract, "new/"), [*form.items(), *buttons], **headers)


def said_apart(root) -> list[str]:
    """What goes beside the form into a region that stays: a screen reader speaks what comes there."""
    return [text(at) for at in root if at.get("hx-swap-oob") == "innerHTML:#new-said"]


@WAYS
def test_b06_the_form_is_a_page_and_to_htmx_a_window(browser, contract, headers):
    answer = browser.get(address(contract, "new/"), headers=headers)
    root = read(answer)
    assert "HX-Request" in answer["Vary"]
    assert (root.find("dialog") is not None) == bool(headers)
    names = [text(at) for at in root.iter("button") if at.get("type") == "submit"]
    assert [name for name in names if name.startswith("Save")] == ["Save and add another", "Save"]
    labels = [text(at).rstrip("*") for at in root.iter("label")]
    assert labels == ["Title", "Description", "Amount", "Due date"]
    assert with_id(root, "id_title").get("autofocus") is not None
    assert (with_id(root, "new-said").get("role"), said_apart(root)) == ("status", [])


def test_b06_save_adds_it_at_the_end_as_one_revision_and_one_event(world, browser, contract):
    before = contract.plan()
    form = filled(browser, contract, title=" Build ", description="One\r\nTwo", amount="1,200.5", due_date="2099-02-28")
    answer = add(browser, contract, form, **HTMX)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["HX-Trigger"] == "plan-saved, close-window"
    *kept, new = contract.plan()
    assert kept == list(before)
    assert (str(new.key), new.title, new.description) == (form["key"], "Build", "One\nTwo")
    assert (new.amount, str(new.due_date)) == (Decimal("1200.50"), "2099-02-28")
    milestone = Milestone.objects.get(pk=new.key)
    assert (milestone.status, milestone.position) == ("future", 4)
    event = contract.events.latest("id")
    assert (event.kind, event.by, event.revision.number) == ("milestone_added", world.client, 2)
    assert "“Build” was added to the plan." in text(read(browser.get("/said/", headers=HTMX)))


def test_from_the_page_save_leads_back_to_the_contract(browser, contract):
    room = f"/contracts/{contract.pk}/"
    assert add(browser, contract, filled(browser, contract))["Location"] == room
    form = filled(browser, contract) | {"page": "1"}
    assert add(browser, contract, form, **HTMX)["HX-Redirect"] == room


def test_b06_save_and_add_another_comes_back_empty_and_says_what_was_added(browser, contract):
    form = filled(browser, contract, title="<b>First</b>", description="Words")
    answer = add(browser, contract, form, ANOTHER, **HTMX)
    assert answer.status_code == 200
    assert answer["HX-Trigger"] == "plan-saved"
    root, empty = read(answer), form_in(answer)
    assert said_apart(root) == ["“<b>First</b>” was added to the plan."]
    assert with_id(root, "id_title").get("autofocus") is not None
    assert empty.pop("key") != form["key"]
    assert {empty[name] for name in ("title", "description", "amount", "due_date")} == {""}
    assert add(browser, contract, filled(browser, contract, title="Second"), ANOTHER, **HTMX).status_code == 200
    assert [at.title for at in contract.plan()][3:] == ["<b>First</b>", "Second"]
    assert contract.revisions.count() == 3


def test_b06_save_and_add_another_without_htmx_leads_to_an_empty_form(browser, contract):
    answer = add(browser, contract, filled(browser, contract, title="First"), ANOTHER)
    assert answer["Location"] == address(contract, "new/")
    page = read(browser.get(answer["Location"]))
    assert "“First” was added to the plan." in text(with_id(page, "status"))


@WAYS
def test_b06_the_same_post_twice_adds_it_once_and_is_success_both_times(browser, contract, headers):
    form = filled(browser, contract)
    first, second = (add(browser, contract, form, **headers) for _twice in range(2))
    assert first.status_code == second.status_code == (204 if headers else 302)
    assert len(contract.plan()) == 4
    assert contract.revisions.count() == 2


def test_a_key_that_comes_back_with_other_words_never_says_that_they_were_added(browser, contract):
    form = filled(browser, contract, title="First")
    add(browser, contract, form)
    before = traces(contract)
    answer = add(browser, contract, form | {"title": "Second"})
    assert answer.status_code == 422
    assert "already added" in text(read(answer))
    assert traces(contract) == before
    again = form_in(answer)
    assert again["title"] == "Second"
    assert add(browser, contract, again).status_code == 302
    assert [at.title for at in contract.plan()][3:] == ["First", "Second"]


def test_b04_the_key_of_a_pinned_milestone_changes_nothing(browser, contract):
    before = traces(contract)
    for key in contract.plan().keys:
        assert add(browser, contract, filled(browser, contract) | {"key": str(key)}).status_code == 422
    assert traces(contract) == before


def test_the_key_of_another_contracts_milestone_is_refused(browser, contract):
    other = agreed(1).contract
    kept, taken = other.plan(), str(other.plan().keys[0])
    answer = add(browser, contract, filled(browser, contract) | {"key": taken}, **HTMX)
    assert answer.status_code == 422
    assert "another contract" in text(read(answer))
    assert said_apart(read(answer)) == [""], "What was added before is not said any more."
    assert other.plan() == kept
    assert contract.milestones.count() == 3


@pytest.mark.parametrize("key", ["", "7", "x" * 36, str(2**63)])
def test_a_damaged_key_is_said(browser, contract, key):
    answer = add(browser, contract, filled(browser, contract) | {"key": key})
    assert answer.status_code == 422
    assert "did not arrive" in text(read(answer))
    assert contract.milestones.count() == 3


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("title", ""), ("title", "\u200b \u200d"), ("title", "x" * 121), ("title", "x" * 1_000_000),
        ("description", "x" * 5001), ("description", "\u200d"),
        ("amount", ""), ("amount", "4.99"), ("amount", "1e3"), ("amount", "5_0"), ("amount", "5,00"),
        ("amount", "\N{ARABIC-INDIC DIGIT FIVE}"), ("amount", "9" * 400), ("amount", "NaN"), ("amount", "-5"),
        ("due_date", "2020-02-29"), ("due_date", "2027-02-29"), ("due_date", "10000-01-01"), ("due_date", "soon"),
    ],
)  # fmt: skip
@WAYS
def test_b02_bad_input_is_said_beside_its_field_and_all_that_was_typed_stays(browser, contract, headers, name, typed):
    form = filled(browser, contract, title="Kept", description="Kept too", amount="77") | {name: typed}
    answer = add(browser, contract, form, ANOTHER, **headers)
    assert answer.status_code == 422
    assert form_in(answer) | {"csrfmiddlewaretoken": ""} == form | {"csrfmiddlewaretoken": ""}
    (wrong,) = [at for at in read(answer).iter() if at.get("aria-invalid")]
    assert wrong.get("name") == name
    assert text(with_id(read(answer), wrong.get("aria-describedby").split()[-1]))
    assert contract.milestones.count() == 3


def test_b03_at_two_hundred_it_is_refused_with_the_explanation():
    world = agreed(199)
    browser = signed_in(world.client)
    answer = add(browser, world.contract, filled(browser, world.contract, title="One too many"), **HTMX)
    assert answer.status_code == 422
    assert "at most 200 milestones" in text(read(answer))
    assert "new contract with the same talent" in text(read(answer))
    assert form_in(answer)["title"] == "One too many"
    assert world.contract.milestones.count() == 200


def test_b42_a_contract_that_ended_while_i_was_typing_refuses_and_keeps_what_was_typed(browser, contract):
    form = filled(browser, contract, title="Too late")
    end(contract)
    answer = add(browser, contract, form, **HTMX)
    assert answer.status_code == 409
    assert form_in(answer)["title"] == "Too late"
    assert "not active" in text(read(answer))


def test_fields_that_nobody_may_post_are_nothing(browser, contract):
    form = filled(browser, contract) | {"status": "paid", "position": "1", "id": str(uuid.uuid4()), "contract": "1"}
    assert add(browser, contract, form).status_code == 302
    milestone = Milestone.objects.get(pk=form["key"])
    assert (milestone.status, milestone.position, milestone.contract) == ("future", 4, contract)


def test_b06_a_save_by_somebody_else_meanwhile_does_not_stand_in_the_way(world, browser, contract):
    form = filled(browser, contract)
    save(contract, edited(contract.plan(), 3, title="Theirs"), by=world.manager)
    assert add(browser, contract, form).status_code == 302
    assert [at.title for at in contract.plan()] == ["Step 1", "Step 2", "Theirs", "Sketch"]


def test_the_form_takes_as_many_queries_for_one_milestone_as_for_two_hundred(django_assert_num_queries):
    for size in (1, 198):
        world = agreed(size)
        browser = signed_in(world.client)
        with django_assert_num_queries(3):  # session, user, contract
            browser.get(address(world.contract, "new/"), headers=HTMX)
        form = filled(browser, world.contract)
        # these, savepoint and release, lock, roles, plan, whether it was in it once, keys, three writes
        with django_assert_num_queries(13):
            assert add(browser, world.contract, form, **HTMX).status_code == 204
