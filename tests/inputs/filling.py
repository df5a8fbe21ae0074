"""A place's form, opened in the page and filled in, ready to be sent with any field changed."""

import uuid
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from http.cookies import SimpleCookie

from django import forms
from django.http import HttpResponse

from tests.inputs.kinds import Try, tries
from tests.inputs.places import Place, Scene
from tests.inputs.reading import Fields, Form, field_of_row, fields_behind, forms_in
from tests.inputs.trying import Fingerprint, post

KEYS = {"key", "offer_key", "request_key"}


@dataclass
class Filled:
    """`fields` make a valid post; `kinds` are the Django fields behind them, `before` the books as they were."""

    place: Place
    scene: Scene
    fields: Fields
    kinds: dict[str, forms.Field]
    books: Fingerprint
    before: dict[str, tuple]
    cookies: SimpleCookie

    def send(self, typed: Mapping[str, str] | None = None, more: Fields = (), **headers: str) -> HttpResponse:
        """Post it with these values in the place of its own, and `more` fields at the end."""
        typed = typed or {}
        fields = [(name, typed.get(name, self._own(name, value))) for name, value in self.fields]
        self.scene.browser.cookies = copy(self.cookies)  # a session that was taken back is none any more
        return post(self.scene.browser, self.scene.address, [*fields, *more], **headers)

    def _own(self, name: str, value: str) -> str:
        """A key of its own for each post: what is taken back here stays known to the payment sandbox."""
        is_key = name in KEYS and isinstance(self.kinds.get(name), forms.UUIDField)
        return str(uuid.uuid4()) if is_key else value

    def kind(self, name: str) -> forms.Field:
        field = self.kinds.get(name) or field_of_row(name)
        assert field, f"Nothing is known of the field {name}."
        return field

    def tries(self) -> Iterator[tuple[str, Try]]:
        """Every field that is posted, with everything that it is sent."""
        for name in dict.fromkeys(name for name, _value in self.fields if name != self.place.button):
            yield from ((name, each) for each in tries(self.kind(name)))

    def written(self) -> list[str]:
        """The tables that are not as they were."""
        return self.books.changed(self.before)


def opened(place: Place) -> Filled:
    """The page of the place, with its form filled in as its entry says."""
    scene = place.live()
    page = scene.browser.get(scene.opened)
    typed = place.typed | scene.typed
    fields = list(scene.fields)
    if not fields:
        fields = _filled(_chosen(forms_in(page, scene.opened), scene, typed, place.button), typed, place.button)
    books, kinds = Fingerprint(), fields_behind(page) | place.kinds
    return Filled(place, scene, fields, kinds, books, books.read(), copy(scene.browser.cookies))


def _chosen(forms: list[Form], scene: Scene, typed: dict[str, str], button: str) -> Form:
    """The form of the page that posts there: the one with the decision that is to be made, and with its button."""
    address = scene.form or scene.address
    there = [form for form in forms if form.action == address and (not button or button in form.names)]
    decided = [form for form in there if dict(form.fields).get("decision") == typed.get("decision")]
    known = {name for name in typed if "first" not in name}
    fitting = [form for form in decided or there if known <= form.names | form.choices]
    assert fitting, [(form.action, sorted(form.names)) for form in forms]
    return fitting[0]


def _filled(form: Form, typed: dict[str, str], button: str) -> Fields:
    """What the form would post, with `typed` in the place of what stood there."""
    row = next((value for name, value in form.fields if name == "key"), "")
    typed = {name.replace("first", row): value for name, value in typed.items()}
    pressed = [pair for pair in form.buttons if pair[0] == button][:1] if button else []
    return [(name, value) for name, value in form.fields if name not in typed] + list(typed.items()) + pressed
