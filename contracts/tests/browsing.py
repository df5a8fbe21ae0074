"""The plan editor as a browser without a screen: it reads the form in an answer, and posts what stands in it.

Every answer is parsed as strictly as HTML allows; no id stands in it twice, and whatever points to an id finds it.
"""

from collections import Counter
from urllib.parse import urlencode
from uuid import UUID
from xml.etree.ElementTree import Element

import html5lib
from django.http import HttpResponse
from django.test import Client

from contracts.models import Contract
from marketplace.models import User

HTMX = {"HX-Request": "true"}
POINTERS = ("for", "aria-labelledby", "aria-describedby", "aria-controls")
type Fields = list[tuple[str, str]]


def address(contract: Contract, page: str = "") -> str:
    return f"/contracts/{contract.pk}/milestones/{page}"


def read(answer: HttpResponse | str, inside: str = "div", known: frozenset[str] = frozenset()) -> Element:
    """The page or the fragment; `known` are the ids of the page around a fragment."""
    html = answer if isinstance(answer, str) else answer.content.decode()
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    whole = html.lstrip().lower().startswith("<!doctype")
    root = parser.parse(html) if whole else parser.parseFragment(html, container=inside)
    ids = Counter(at.get("id") for at in root.iter() if at.get("id"))
    assert not [key for key, count in ids.items() if count > 1]
    pointed = {key for at in root.iter() for name in POINTERS for key in at.get(name, "").split()}
    assert pointed <= ids.keys() | known
    return root


def ids(root: Element) -> frozenset[str]:
    return frozenset(at.get("id") for at in root.iter() if at.get("id"))


def text(root: Element) -> str:
    return " ".join("".join(root.itertext()).split())


def with_class(root: Element, name: str) -> list[Element]:
    return [at for at in root.iter() if name in at.get("class", "").split()]


def with_id(root: Element, key: str) -> Element:
    (found,) = [at for at in root.iter() if at.get("id") == key]
    return found


def fields_in(root: Element) -> Fields:
    """What a browser would post of the controls in it, line breaks as browsers send them."""
    return [
        (at.get("name"), value.replace("\n", "\r\n"))
        for at in root.iter()
        if at.tag in {"input", "textarea"} and at.get("name") and (value := _value(at)) is not None
    ]


def _value(control: Element) -> str | None:
    if control.tag == "textarea":
        return control.text or ""
    if control.get("type") in {"radio", "checkbox"} and control.get("checked") is None:
        return None
    return control.get("value", "")


class Editor:
    """One user's open editor: `fields` is what would be posted now, `page` the last answer that held the form.

    `fields` names each row by its key; those in `places` were never opened, and are posted by their place.
    """

    def __init__(self, user: User, contract: Contract, *, htmx: bool = True) -> None:
        self.browser = Client()
        self.browser.force_login(user)
        self.contract, self.headers = contract, HTMX if htmx else {}
        self.take(self.browser.get(address(contract), headers=self.headers))

    def take(self, answer: HttpResponse) -> Element:
        """Let the form in the answer stand in the editor from now on."""
        self.page = read(answer)
        (self.form,) = [at for at in self.page.iter("form") if at.get("id") == "editor"]
        fields = [(name, value) for name, value in fields_in(self.form) if name != "csrfmiddlewaretoken"]
        shown = self.contract.revisions.get(number=dict(fields)["revision"]).plan
        self.places = {
            str(shown.at(int(value)).key): value for name, value in fields if name == "key" and value.isdigit()
        }
        self.fields = _renamed(fields, {place: key for key, place in self.places.items()})
        return self.page

    @property
    def keys(self) -> list[str]:
        return [value for name, value in self.fields if name == "key"]

    @property
    def questions(self) -> dict[str, str]:
        """What there is to choose about, by the name of its choice, with what `mine` is."""
        return {f"choice-{name[5:]}": value for name, value in self.fields if name.startswith("mine-")}

    def open(self, key: UUID | str) -> None:
        """Fetch the row's fields, as the pencil does."""
        revision = dict(self.fields)["revision"]
        place = self.contract.revisions.get(number=revision).plan.position(UUID(str(key)))
        self.places.pop(str(key), None)
        self._put(key, self.browser.get(f"{address(self.contract)}{place}/?revision={revision}", headers=HTMX))

    def add(self) -> str:
        """A new row at the end; answers its key."""
        fields = self._row(self.browser.get(address(self.contract, "row/"), headers=HTMX))
        self.fields += fields
        return dict(fields)["key"]

    def type(self, key: UUID | str, **texts: str) -> None:
        """Type into the fields of a row, which is opened first if need be."""
        if f"title-{key}" not in dict(self.fields):
            self.open(key)
        for name, typed in texts.items():
            self.set(f"{name}-{key}", typed)

    def set(self, name: str, value: str) -> None:
        self.fields = [(each, old) for each, old in self.fields if each != name] + [(name, value)]

    def delete(self, key: UUID | str) -> None:
        self.set(f"delete-{key}", "1")

    def arrange(self, keys: list) -> None:
        """Bring the rows into this order."""
        self.fields = [field for field in self.fields if field[0] != "key"] + [("key", str(key)) for key in keys]

    def post(self, page: str = "") -> HttpResponse:
        return post(self.browser, address(self.contract, page), _renamed(self.fields, self.places), **self.headers)

    def save(self) -> HttpResponse:
        """Save; an answer with the form in it takes the old one's place."""
        answer = self.post()
        if answer.status_code in {200, 409, 422}:
            self.take(answer)
        return answer

    def _put(self, key: UUID | str, answer: HttpResponse) -> None:
        place = self.fields.index(("key", str(key)))
        self.fields[place : place + 1] = self._row(answer)

    def _row(self, answer: HttpResponse) -> Fields:
        assert answer.status_code == 200
        return fields_in(read(answer, inside="ol", known=ids(self.page)))


def _renamed(fields: Fields, names: dict[str, str]) -> Fields:
    """The same fields, their rows by other names."""

    def other(name: str, value: str) -> tuple[str, str]:
        what, dash, which = name.partition("-")
        return ("key", names.get(value, value)) if name == "key" else (what + dash + names.get(which, which), value)

    return [other(name, value) for name, value in fields]


def post(browser: Client, to: str, fields: Fields, **headers: str) -> HttpResponse:
    return browser.post(to, urlencode(fields), content_type="application/x-www-form-urlencoded", headers=headers)
