"""A save or a draft that meets a plan which moved on (X2, X3): what is shown, what is asked, what an answer does."""

from decimal import Decimal
from uuid import UUID

import pytest

from contracts.states import MilestoneStatus
from contracts.tests.browsing import Editor, read, text, with_class, with_id
from contracts.tests.editing import edited, longer, moved, save, traces, without
from tests.factories import advance, agreed, line

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return agreed(5)


@pytest.fixture
def contract(world):
    return world.contract


@pytest.fixture
def editor(world, contract) -> Editor:
    """The client's, opened before anybody else saved."""
    return Editor(world.client, contract)


def titles(contract) -> list[str]:
    """Of what was ahead when the editor was opened; Kick-off before it is paid."""
    kick_off, *ahead = contract.plan()
    assert kick_off.title == "Kick-off"
    return [at.title for at in ahead]


def test_x2_edits_that_do_not_collide_come_back_on_top_of_what_was_saved(world, contract, editor):
    one, two, three, four, five = editor.keys
    editor.type(two, title="Mine")
    editor.type(new := editor.add(), title="New", amount="50")
    editor.delete(three)
    editor.arrange([five, one, two, three, four, new])
    save(contract, edited(longer(contract.plan(), line("Theirs too")), 5, title="Theirs"), by=world.manager)
    before = traces(contract)
    assert editor.save().status_code == 409
    assert traces(contract) == before
    conflict = text(with_id(editor.page, "conflict"))
    assert f"{world.manager.name} saved this plan while you were editing" in conflict
    assert "Theirs too" in conflict
    assert "Choose for each" not in conflict
    assert not editor.questions
    assert dict(editor.fields)["revision"] == "2"
    assert "touched" in " ".join(editor.form.keys())
    assert editor.save().status_code == 204
    assert titles(contract) == ["Step 5", "Step 1", "Mine", "Theirs", "New", "Theirs too"]
    assert contract.revisions.count() == 3


@pytest.mark.parametrize("chosen", ["theirs", "mine"])
@pytest.mark.parametrize("name", ["title", "description", "amount", "due_date"])
def test_x2_the_same_field_is_asked_about_and_saved_as_chosen(world, contract, editor, name, chosen):
    typed = {"title": "Mine", "description": "My\r\nwords", "amount": "77.50", "due_date": "2099-03-31"}[name]
    other = Editor(world.manager, contract)
    other.type(other.keys[1], **{name: {"amount": "88", "due_date": "2099-01-01"}.get(name, "Theirs")})
    other.save()
    editor.type(key := editor.keys[1], **{name: typed})
    assert editor.save().status_code == 409
    choice = f"choice-{name}-{key}"
    assert list(editor.questions) == [choice]
    (question,) = with_class(editor.page, "collision")
    assert "As it was saved" in text(question)
    assert f"#row-{key}" in [at.get("href") for at in editor.page.iter("a")]
    asked_again = editor.save()
    assert asked_again.status_code == 422
    assert "Choose how to go on" in text(with_class(editor.page, "collision")[0])
    assert contract.revisions.count() == 2
    editor.set(choice, chosen)
    assert editor.save().status_code == (204 if chosen == "mine" else 200)
    value = getattr(contract.plan().lines[2], name)
    mine = {"description": "My\nwords", "amount": Decimal("77.50")}.get(name, typed)
    assert (str(value) == str(mine)) == (chosen == "mine")


@pytest.mark.parametrize(("chosen", "result"), [("theirs", 6), ("mine", 5)])
def test_x2_they_edited_what_i_deleted(world, contract, editor, chosen, result):
    save(contract, edited(contract.plan(), 3, title="Theirs"), by=world.manager)
    editor.delete(key := editor.keys[1])
    assert editor.save().status_code == 409
    assert list(editor.questions) == [f"choice-delete-{key}"]
    assert f"delete-{key}" not in dict(editor.fields)
    editor.set(f"choice-delete-{key}", chosen)
    editor.save()
    assert len(contract.plan()) == result


@pytest.mark.parametrize("chosen", ["theirs", "mine"])
def test_x2_they_deleted_what_i_edited(world, contract, editor, chosen):
    save(contract, without(contract.plan(), 3), by=world.manager)
    editor.type(key := editor.keys[1], title="Mine")
    assert editor.save().status_code == 409
    assert list(editor.questions) == [f"choice-back-{key}"]
    editor.set(f"choice-back-{key}", chosen)
    editor.save()
    back = ["Mine"] if chosen == "mine" else []
    assert titles(contract) == ["Step 1", *back, "Step 3", "Step 4", "Step 5"]


@pytest.mark.parametrize("chosen", ["theirs", "mine"])
def test_x2_move_against_move(world, contract, editor, chosen):
    save(contract, moved(contract.plan(), 4, 6), by=world.manager)
    one, two, three, four, five = editor.keys
    editor.arrange([one, three, two, four, five])
    assert editor.save().status_code == 409
    assert list(editor.questions) == [f"choice-place-{three}"]
    assert "Move it after “Step 1”" in text(with_class(editor.page, "collision")[0])
    assert "is-open" in with_id(editor.page, f"row-{three}").get("class")
    editor.type(three, amount="333")
    editor.set(f"choice-place-{three}", chosen)
    editor.save()
    assert contract.plan().get(UUID(three)).amount == Decimal(333)
    orders = {"theirs": [1, 2, 4, 5, 3], "mine": [1, 3, 2, 4, 5]}
    assert titles(contract) == [f"Step {number}" for number in orders[chosen]]


@pytest.mark.parametrize(("chosen", "order"), [("theirs", [5, 1, 2, 3, 4]), ("mine", [1, 2, 5, 3, 4])])
def test_x2_a_move_that_went_less_far_than_theirs_is_asked_about(world, contract, editor, chosen, order):
    save(contract, moved(contract.plan(), 6, 2), by=world.manager)
    one, two, three, four, five = editor.keys
    editor.arrange([one, two, five, three, four])
    assert editor.save().status_code == 409
    assert "from 6 to 2" in text(with_id(editor.page, "conflict"))
    assert editor.keys == [five, one, two, three, four]
    assert list(editor.questions) == [f"choice-place-{five}"]
    editor.set(f"choice-place-{five}", chosen)
    editor.save()
    assert titles(contract) == [f"Step {number}" for number in order]


@pytest.mark.parametrize("act", ["edit", "delete", "move"])
def test_b04_what_became_current_meanwhile_cannot_be_changed_and_that_is_said(contract, editor, act):
    one, two, *rest = editor.keys
    editor.type(two, description="Also mine")
    if act == "edit":
        editor.type(one, title="Mine")
    if act == "delete":
        editor.delete(one)
    if act == "move":
        editor.arrange([two, *rest, one])
    advance(contract, paid=1, current=MilestoneStatus.ACTIVE)
    assert editor.save().status_code == 409
    assert one not in editor.keys
    assert "became current while you were editing" in text(with_id(editor.page, "conflict"))
    said = {"edit": "Title: Step 1 → Mine", "delete": "You had deleted it.", "move": "You had moved it."}
    assert said[act] in text(with_class(editor.page, "is-pinned")[1])
    assert editor.save().status_code == 422
    editor.set(f"choice-current-{one}", "theirs")
    assert editor.save().status_code == 204
    plan = contract.plan()
    assert titles(contract) == [f"Step {number}" for number in range(1, 6)]
    assert [at.description for at in plan][1:3] == ["", "Also mine"]


def test_b04_a_place_above_what_became_current_ends_just_below_it(contract, editor):
    one, two, three, four, five = editor.keys
    editor.arrange([three, one, two, four, five])
    advance(contract, paid=2, current=MilestoneStatus.ACTIVE)
    assert editor.save().status_code == 409
    assert list(editor.questions) == [f"choice-place-{three}"]
    editor.set(f"choice-place-{three}", "mine")
    assert editor.save().status_code in {200, 204}
    assert titles(contract)[:3] == ["Step 1", "Step 2", "Step 3"]


def test_x2_everything_at_once_and_a_second_conflict_on_top_of_the_first(world, contract, editor):
    _one, two, three, four, _five = editor.keys
    editor.type(two, title="Mine", amount="77")
    editor.delete(three)
    editor.type(four, title="Mine too")
    theirs = edited(edited(without(contract.plan(), 5), 3, title="Theirs"), 4, amount=Decimal("9.00"))
    save(contract, theirs, by=world.manager)
    assert editor.save().status_code == 409
    assert set(editor.questions) == {f"choice-title-{two}", f"choice-delete-{three}", f"choice-back-{four}"}
    for question in editor.questions:
        editor.set(question, "mine")
    save(contract, edited(contract.plan(), 5, title="Later still"), by=world.manager, base=2)
    assert editor.save().status_code == 409
    assert not editor.questions
    assert editor.save().status_code == 204
    assert titles(contract) == ["Step 1", "Mine", "Mine too", "Later still"]
    assert contract.plan().lines[2].amount == Decimal(77)


def test_x2_a_refused_answer_still_says_what_was_saved_meanwhile(world, contract, editor):
    save(contract, edited(contract.plan(), 3, title="Theirs"), by=world.manager)
    editor.type(key := editor.keys[1], title="Mine")
    editor.save()
    assert editor.save().status_code == 422
    assert "Theirs" in text(with_id(editor.page, "conflict"))
    assert f"#row-{key}" in [at.get("href") for at in editor.page.iter("a")]


def test_x2_one_persons_two_windows_are_told_apart_from_two_people(world, contract, editor):
    save(contract, edited(contract.plan(), 2, title="Other window"), by=world.client)
    editor.type(editor.keys[1], title="This window")
    editor.save()
    assert "You saved this plan in another window" in text(with_id(editor.page, "conflict"))


def test_x2_names_and_titles_in_a_conflict_are_text(world, contract, editor):
    world.manager.name = "<img src=x>"
    world.manager.save()
    save(contract, edited(contract.plan(), 2, title="<b>Theirs</b>"), by=world.manager)
    editor.type(editor.keys[0], title="</textarea><script>Mine</script>")
    answer = editor.save()
    assert not list(editor.page.iter("script")) + list(editor.page.iter("img"))
    assert "<b>" not in answer.content.decode()


def test_x2_saving_nothing_on_a_plan_that_moved_shows_the_plan_as_it_is(world, contract, editor):
    save(contract, edited(contract.plan(), 2, title="Theirs"), by=world.manager)
    before = traces(contract)
    assert editor.save()["HX-Trigger"] == "draft-done"
    assert "Theirs" in text(with_id(editor.page, "rows"))
    assert dict(editor.fields)["revision"] == "2"
    assert traces(contract) == before


# Drafts (X3)


def test_x3_a_draft_of_the_plan_as_it_is_comes_back_as_it_was(world, contract, editor):
    editor.type(editor.keys[2], title="Mine", description="One\r\nTwo")
    editor.delete(editor.keys[0])
    draft, kept = Editor(world.client, contract), sorted(editor.fields)
    draft.fields = editor.fields
    answer = draft.post("draft/")
    assert answer.status_code == 200
    draft.take(answer)
    assert sorted(draft.fields) == kept
    assert not with_class(draft.page, "conflict")
    assert draft.save().status_code == 204
    assert titles(contract) == ["Step 2", "Mine", "Step 4", "Step 5"]


@pytest.mark.parametrize("collides", [False, True])
def test_x3_a_draft_of_an_older_plan_is_put_on_top_of_it(world, contract, editor, collides):
    editor.type(editor.keys[0], title="Mine")
    save(contract, edited(contract.plan(), 2 if collides else 3, title="Theirs"), by=world.manager)
    before = traces(contract)
    editor.take(editor.post("draft/"))
    assert dict(editor.fields)["revision"] == "2"
    assert bool(editor.questions) == collides
    assert "Theirs" in text(with_id(editor.page, "conflict"))
    assert traces(contract) == before
    for question in editor.questions:
        editor.set(question, "mine")
    assert editor.save().status_code == 204
    assert titles(contract)[:2] == (["Mine", "Step 2"] if collides else ["Mine", "Theirs"])


def test_x3_an_unfinished_draft_comes_back_unfinished(world, contract, editor):
    editor.type(editor.keys[0], amount="4.9")
    save(contract, edited(contract.plan(), 3, title="Theirs"), by=world.manager)
    answer = editor.post("draft/")
    assert answer.status_code == 200
    editor.take(answer)
    assert dict(editor.fields)[f"amount-{editor.keys[0]}"] == "4.9"
    editor.type(editor.keys[0], amount="49")
    assert editor.save().status_code == 409
    assert editor.save().status_code == 204
    assert (contract.plan().lines[1].amount, titles(contract)[1]) == (Decimal(49), "Theirs")


def test_x3_a_draft_of_a_milestone_that_became_current_says_so(contract, editor):
    editor.type(editor.keys[0], title="Mine")
    advance(contract, paid=1, current=MilestoneStatus.ACTIVE)
    editor.take(editor.post("draft/"))
    assert list(editor.questions) == [f"choice-current-{contract.plan().keys[1]}"]


def test_x3_a_draft_that_is_in_the_plan_already_leaves_nothing_to_do(world, contract, editor):
    editor.type(editor.keys[0], title="Mine")
    editor.post()
    answer = editor.post("draft/")
    assert answer["HX-Trigger"] == "draft-done"
    editor.take(answer)
    assert "touched" not in " ".join(editor.form.keys())
    assert "Mine" in text(with_id(editor.page, "rows"))


def test_x3_a_draft_on_the_page_stays_on_the_page(world, contract):
    editor = Editor(world.client, contract, htmx=False)
    editor.type(editor.keys[0], title="Mine")
    page = read(editor.post("draft/"))
    assert "Cancel" in [text(at) for at in page.iter("a")]
