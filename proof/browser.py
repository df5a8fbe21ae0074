"""Somebody with a session who opens pages, fills their forms in and posts them over HTTP. Knows no page.

No answer is a result like others: whoever posted does not know whether anything was done.
"""

from dataclasses import dataclass
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPException
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

type Fields = list[tuple[str, str]]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class NoAnswer(Exception):
    """The connection ended before the answer did."""


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    text: str


@dataclass
class Browser:
    """At the site on this port of 127.0.0.1, with the session of this key. Waits so many seconds for an answer."""

    port: int
    session: str
    patience: float = 30
    token: str = ""

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None, {})

    def post(self, path: str, fields: Fields, **headers: str) -> Answer:
        return self._ask("POST", path, urlencode(fields), FORM | headers)

    def call(self, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        """A program's post, which says itself what it is."""
        return self._ask("POST", path, body, {"Content-Type": "application/json"} | headers)

    def forms(self, path: str) -> list[Fields]:
        """What each form of the page would post, in their order; AssertionError for no page."""
        page = self.get(path)
        assert page.status == 200, f"{path} answers {page.status}"  # noqa: S101, a page that is not there is no form
        return forms_in(page.text)

    def _ask(self, method: str, path: str, body: str | bytes | None, headers: dict[str, str]) -> Answer:
        there = HTTPConnection("127.0.0.1", self.port, timeout=self.patience)
        cookies = f"session={self.session}" + (f"; csrftoken={self.token}" if self.token else "")
        try:
            there.request(method, path, body, headers | {"Cookie": cookies, "Connection": "close"})
            answer = there.getresponse()
            text = answer.read().decode(errors="replace")
        except (OSError, HTTPException) as problem:
            raise NoAnswer(f"{type(problem).__name__}: {problem}") from None
        finally:
            there.close()
        self._take_token(answer.headers.get_all("Set-Cookie", []))
        return Answer(answer.status, dict(answer.headers), text)

    def _take_token(self, cookies: list[str]) -> None:
        for cookie in cookies:
            if cookie.startswith("csrftoken="):
                self.token = cookie.partition("=")[2].partition(";")[0]


class Forms(HTMLParser):
    """Reads what forms that post would send: what was chosen in a list is its first entry, unless one is marked."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Fields] = []
        self.inside, self.list, self.area = False, "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = at.get("method", "").lower() == "post"
            self.forms += [[]] if self.inside else []
        elif self.inside and at.get("name") and tag in {"input", "select", "textarea"}:
            self._control(tag, at)
        elif self.list and tag == "option":
            self._option(at)

    def _control(self, tag: str, at: dict[str, str]) -> None:
        if tag == "select":
            self.list = at["name"]
        elif tag == "textarea":
            self.area = at["name"]
            self._put(self.area, "")
        elif at.get("type") not in {"submit", "file"} and (
            at.get("type") not in {"radio", "checkbox"} or "checked" in at
        ):
            self._put(at["name"], at.get("value", ""))

    def _option(self, at: dict[str, str]) -> None:
        form = dict(self.forms[-1])
        if self.list not in form or "selected" in at:
            self.forms[-1] = [field for field in self.forms[-1] if field[0] != self.list]
            self._put(self.list, at.get("value", ""))

    def _put(self, name: str, value: str) -> None:
        self.forms[-1].append((name, value))

    def handle_data(self, data: str) -> None:
        if self.area:
            self.forms[-1][-1] = (self.area, self.forms[-1][-1][1] + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self.list = ""
        elif tag == "textarea":
            self.area = ""


def forms_in(page: str) -> list[Fields]:
    reader = Forms()
    reader.feed(page)
    return reader.forms


def with_field(forms: list[Fields], name: str, value: str | None = None) -> Fields:
    """The one form that has this field, with this value if one is named."""
    found = [form for form in forms if name in dict(form) and value in {None, dict(form)[name]}]
    assert found, f"No form has {name}: {[sorted(dict(form)) for form in forms]}"  # noqa: S101
    return found[0]


def typed(form: Fields, **texts: str) -> Fields:
    """The form with these values in place of its own."""
    return [field for field in form if field[0] not in texts] + list(texts.items())


def place_of(answer: Answer) -> str:
    """Where an answer leads."""
    return urlsplit(answer.headers.get("Location", "")).path
