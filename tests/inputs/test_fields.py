"""Every value of the list in every field of every form: refused with what was typed kept, or taken (inputs).

And everything that can be wrong with a post beside its values, see `protocol`.

Each place is lived once; each try is posted in a savepoint and taken back. What is refused has written nothing. Texts
that are to be refused go out together, one for each field that people type in: each must be refused by its own field.
"""

from collections.abc import Iterator
from itertools import zip_longest

import pytest
from django import forms
from django.http import HttpResponse

from tests.inputs import PLACES
from tests.inputs.filling import Filled, opened
from tests.inputs.kinds import Try
from tests.inputs.protocol import wrongs
from tests.inputs.reading import Controls
from tests.inputs.trying import undone

pytestmark = pytest.mark.django_db
DONE = {200, 204, 302}
STALE = {409, 404}
LONG = 300


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_every_input_in_every_field(place):
    form = opened(place)
    with undone():
        answer = form.send()
        assert answer.status_code in DONE, answer.content.decode()[-3000:]
        assert "reauthenticate" not in answer.get("Location", "")
        assert not place.writes or form.written(), "The valid post does nothing."
    wrong = [problem for name, each in left_over(form) if (problem := tried(form, name, each))]
    wrong += [problem for problem in wrongs(form) if place.has_token or "token" not in problem]
    assert not wrong, "\n".join(wrong)


def left_over(form: Filled) -> Iterator[tuple[str, Try]]:
    """The tries that have to be made one by one: those of fields that nobody types in, or that are fine, or strange."""
    together: dict[str, list[tuple[str, Try]]] = {}
    for name, each in form.tries():
        if each.is_fine is False and is_typed(form.kind(name)):
            together.setdefault(name, []).append((name, each))
        else:
            yield name, each
    for row in zip_longest(*together.values()):
        tries = dict(filter(None, row))
        if not all_refused(form, tries):
            yield from tries.items()


def is_typed(field: forms.Field) -> bool:
    return not (field.widget.is_hidden or isinstance(field, forms.ChoiceField))


def all_refused(form: Filled, tries: dict[str, Try]) -> bool:
    """Whether each of the fields refuses its text, and keeps it; of a place that never refuses, whether it is calm."""
    with undone():
        answer = form.send({name: each.typed for name, each in tries.items()})
        if not form.place.refuses:
            return answer.status_code in DONE | STALE and not form.written()
        if answer.status_code != form.place.refusal or form.written():
            return False
    controls = Controls(answer)
    return tries.keys() <= controls.marked and not any(list(lost(controls, *pair)) for pair in tries.items())


def tried(form: Filled, name: str, each: Try) -> str:
    """Post it, and say what is wrong with the answer."""
    with undone():
        try:
            answer = form.send({name: each.typed})
        except Exception as error:  # the client lets a view's error through, where a server answers 500
            return f"{name} = {each.typed[:60]!r}: {type(error).__name__}: {str(error)[:200]}"
        problem = " ".join(problems(form, name, each, answer))
    return problem and f"{name} = {each.typed[:60]!r}: {answer.status_code} {problem}"


def problems(form: Filled, name: str, each: Try, answer: HttpResponse) -> Iterator[str]:
    status, is_taken = answer.status_code, answer.status_code in DONE - {form.place.refusal}
    is_open = not form.place.refuses or (each.is_fine and name in form.place.picky)
    is_fine = None if is_open else each.is_fine
    if status not in DONE | STALE | {form.place.refusal}:
        yield "is no answer."
    if is_taken and is_fine is False:
        yield f"was not refused, and wrote {form.written()}."
    if not is_taken and is_fine:
        yield "was not taken."
    if not is_taken:
        yield from kept_and_said(form, name, each, answer)
    elif status == 302 and "<" in each.typed:
        yield from readable(form, answer)


def kept_and_said(form: Filled, name: str, each: Try, answer: HttpResponse) -> Iterator[str]:
    """What a refusal owes: no row, the typed text where it was, a mark on the field."""
    if written := form.written():
        yield f"was refused, and wrote {written}."
    field = form.kind(name)
    if answer.status_code in STALE or field.widget.is_hidden:
        return
    controls = Controls(answer)
    if is_typed(field):
        yield from lost(controls, name, each)
    if each.is_fine is False and name in controls.values and name not in controls.marked:
        yield "has no message beside it."


def lost(controls: Controls, name: str, each: Try) -> Iterator[str]:
    """What was typed and can be seen stands in its field again, passwords excepted."""
    there, typed = controls.values.get(name), each.typed
    is_seen = typed.strip() and typed.isprintable() and len(typed) < LONG and name not in controls.secret
    if there and is_seen and typed not in there:
        yield f"is not kept, but {there}."


def readable(form: Filled, answer: HttpResponse) -> Iterator[str]:
    """The page that follows can be read, and what was typed is text on it."""
    page = form.scene.browser.get(answer["Location"], follow=True)
    if page.status_code != 200:
        yield f"leads to {page.status_code}."
    if "<script>alert" in page.content.decode() or "<img src=x" in page.content.decode():
        yield "is markup on the page that follows."
