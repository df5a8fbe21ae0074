"""The forms of a page as a browser reads them, the Django fields behind them, and what became of what was typed."""

from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from django import forms
from django.http import HttpResponse

from contracts.forms.fields import MILESTONE_FIELDS
from contracts.forms.plan import PlanForm
from tests.inputs.kinds import Loose

type Fields = list[tuple[str, str]]
NOT_SENT = {"submit", "button", "image", "file", "reset"}


def tree(answer: HttpResponse) -> Element:
    html = answer.content.decode()
    return html5lib.parse(html, namespaceHTMLElements=False)


@dataclass(frozen=True)
class Form:
    """A form in a page: where it posts to, what it would post, and the buttons that send it."""

    action: str
    fields: Fields
    buttons: Fields
    choices: frozenset[str]

    @property
    def names(self) -> set[str]:
        return {name for name, _value in self.fields + self.buttons}


def forms_in(answer: HttpResponse, address: str) -> list[Form]:
    """Every form of the page at `address` that posts."""
    page = tree(answer)
    found = [each for each in page.iter("form") if each.get("method") == "post" or each.get("hx-post")]
    for form in found:
        form.extend(at for at in page.iter() if at.get("form") and at.get("form") == form.get("id"))
    return [Form(_action(each, address), list(_fields(each)), list(_buttons(each)), _choices(each)) for each in found]


def fields_behind(answer: HttpResponse) -> dict[str, forms.Field]:
    """The form fields that the page was made with, by the names that they are posted under."""
    found: dict[str, forms.Field] = {}
    for form in _forms_behind(answer):
        found |= {form.add_prefix(name): field for name, field in form.fields.items()}
    return found


def field_of_row(name: str) -> forms.Field | None:
    """The field behind `title-<key>` and its like."""
    about, _dash, key = name.partition("-")
    if key and about == "delete":
        return Loose()
    return MILESTONE_FIELDS.get(about) if key else None


class Controls(HTMLParser):
    """The controls of a page by their names: what stands in them, and whether they are said to be wrong.

    Far quicker than reading the page as a tree, and there are thousands of pages to read.
    """

    def __init__(self, answer: HttpResponse) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self.marked: set[str] = set()
        self.secret: set[str] = set()
        self._inside = ""
        self.feed(answer.content.decode())

    def handle_starttag(self, tag: str, attrs: list) -> None:
        told = dict(attrs)
        name = told.get("name")
        if tag not in {"input", "textarea", "select"} or not name:
            return
        if told.get("aria-invalid") == "true":
            self.marked.add(name)
        if told.get("type") == "password":
            self.secret.add(name)
        if tag != "select":
            self.values.setdefault(name, []).append(told.get("value") or "")
        self._inside = name if tag == "textarea" else ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.values[self._inside][-1] += data.removeprefix("\n")


def _action(form: Element, address: str) -> str:
    return form.get("action") or form.get("hx-post") or urlsplit(address).path + _query(address)


def _query(address: str) -> str:
    query = urlsplit(address).query
    return f"?{query}" if query else ""


def _fields(form: Element) -> Iterator[tuple[str, str]]:
    for control in form.iter():
        name = control.get("name")
        if not name or name == "csrfmiddlewaretoken" or control.get("disabled") is not None:
            continue
        if control.tag == "textarea":
            yield name, (control.text or "").removeprefix("\n")
        elif control.tag == "select":
            yield from ((name, value) for value in _selected(control))
        elif control.tag == "input" and control.get("type") not in NOT_SENT and _is_sent(control):
            yield name, control.get("value", "on")


def _is_sent(control: Element) -> bool:
    return control.get("type") not in {"radio", "checkbox"} or control.get("checked") is not None


def _selected(control: Element) -> list[str]:
    options = list(control.iter("option"))
    chosen = [option.get("value", "") for option in options if option.get("selected") is not None]
    return chosen or [option.get("value", "") for option in options[:1] if control.get("multiple") is None]


def _choices(form: Element) -> frozenset[str]:
    """The names of what can be chosen or ticked, chosen or not, and of files."""
    return frozenset(at.get("name", "") for at in form.iter("input") if at.get("type") in {"radio", "checkbox", "file"})


def _buttons(form: Element) -> Iterator[tuple[str, str]]:
    return ((at.get("name", ""), at.get("value", "")) for at in form.iter("button") if at.get("name"))


def _forms_behind(answer: HttpResponse) -> Iterator[forms.BaseForm]:
    for layer in answer.context or []:
        for value in layer.dicts if hasattr(layer, "dicts") else [layer]:
            for each in value.values():
                for held in (each, getattr(each, "note", None)):
                    if isinstance(held, forms.BaseForm) and not isinstance(held, PlanForm):
                        yield held
