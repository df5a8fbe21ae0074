"""What stands in an address: ids that are somebody else's, gone or no ids; and every word after the question mark.

No address answers 500, none leads to another site, and what it was sent is text on the page (inputs).
"""

import re
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest
from django.http import HttpResponse, QueryDict
from django.test import Client

from tests.inputs.addresses import routes
from tests.inputs.lived import Lived, lived
from tests.inputs.trying import Fingerprint, undone
from tests.inputs.values import HUGE, NOWHERE, PLACES, SCRIPT

pytestmark = pytest.mark.django_db
NAMED = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
CALM = {200, 204, 302, 400, 404, 409, 410, 422, 429}
# Ids whose owner is not asked: a token or a name says it all.
OPEN = {"token", "name", "kind", "slug"}
FORGED = {"HX-Request": "true", "HX-Current-URL": "http://[::1"}
READS = ("get", "getlist", "__getitem__", "__contains__")


@pytest.fixture
def there() -> Lived:
    return lived()


def own_routes() -> list[tuple[str, str]]:
    """Those of ours, without what a regular expression matches; and without readyz, whose 503 is its answer."""
    mine = ((name, route) for name, route in routes().items() if not name.startswith("admin:"))
    return [(name, route) for name, route in mine if "^" not in route and name != "readyz"]


def address(route: str, ids: dict, **others: object) -> str:
    """With these ids in it; the files of messages have their own."""
    known = ids | ({"file_id": ids["message_file_id"]} if "messages/files" in route else {}) | others
    return "/" + NAMED.sub(lambda found: str(known.get(found["name"], "x")), route)


# Ids


def wrong_ids(route: str, there: Lived) -> Iterator[str]:
    """The address with one id after another somebody else's, nobody's, or none at all."""
    for found in NAMED.finditer(route):
        name, kind = found["name"], found["kind"]
        if name in OPEN or route.startswith("live/"):
            continue
        others = [there.theirs.get(name), NOWHERE] if kind == "uuid" else [there.theirs.get(name), 0, HUGE, "9" * 5_000]
        yield from (address(route, there.ids, **{name: other}) for other in others if other is not None)


def test_a_wrong_id_is_not_found_whatever_the_method(there):
    wrong, before = [], (books := Fingerprint()).read()
    for _name, route in own_routes():
        for place in wrong_ids(route, there):
            for browser in there.browsers:
                with undone():
                    statuses = {browser.get(place).status_code, browser.post(place).status_code}
                    if not statuses <= {404, 403, 405} or books.changed(before):
                        wrong.append(f"{place[:150]}: {statuses} {books.changed(before)}")
    assert not wrong, "\n".join(wrong)


def test_what_is_no_id_is_not_found(there):
    browser, key = there.browsers[0], there.ids["contract_id"]
    for text in ("x", "-1", "1e3", "%00", "..%2f..", quote(SCRIPT), "%ED%A0%80", "x" * 5_000):
        routes_ = (
            f"contracts/{text}/", f"contracts/{key}/milestones/{text}/funding/", f"contracts/{key}/messages/{text}/",
            f"invoices/{text}.pdf", f"payment-methods/{text}/removal/", f"notifications/stop/{text}/",
            f"payments/webhooks/{text}/", f"notifications/{text}/", f"invitations/{text}/", f"parties/{text}/team/",
        )  # fmt: skip
        for place in (f"/{route}" for route in routes_):
            assert browser.get(place).status_code in {404, 405}, place
            assert browser.post(place).status_code in {404, 405}, place


# Queries


def look(browser: Client, place: str, **headers: str) -> HttpResponse:
    """What a page answers, a file read to its end."""
    answer = browser.get(place, headers=headers)
    if answer.streaming:
        list(answer.streaming_content)
    return answer


def read_by(browser: Client, place: str, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The words after the question mark that the page looks for."""
    asked: set[str] = set()
    with monkeypatch.context() as patch:
        for name in READS:
            patch.setattr(QueryDict, name, _heard(asked, getattr(QueryDict, name)))
        look(browser, place)
    return {name for name in asked if isinstance(name, str)}


def _heard(asked: set[str], look):
    def hear(query: QueryDict, key: str, *others):
        asked.add(key)
        return look(query, key, *others)

    return hear


def test_every_word_of_a_query_is_taken_as_text_or_not_at_all(there, monkeypatch):
    wrong, tried = [], 0
    before = (books := Fingerprint()).read()
    for _name, route in own_routes():
        place = address(route, there.ids)
        with undone():
            browser = next((each for each in there.browsers if look(each, place).status_code in {200, 302, 422}), None)
            names = read_by(browser, place, monkeypatch) if browser else set()
        for number, text in enumerate(PLACES if names else ()):
            tried += 1
            query = urlencode(dict.fromkeys(names, text), errors="surrogateescape")
            with undone():
                if problem := problem_with(browser, f"{place}?{query}", htmx=number % 3 == 0):
                    wrong.append(f"{place}?{sorted(names)}={text[:40]!r}: {problem}")
    assert not wrong, "\n".join(wrong)
    assert tried > 200
    assert not books.changed(before)


def problem_with(browser: Client, place: str, *, htmx: bool) -> str:
    try:
        answers = [look(browser, place, **headers) for headers in ({}, FORGED)[: 1 + htmx]]
    except Exception as error:  # the client lets a view's error through, where a server answers 500
        return f"{type(error).__name__}: {error}"
    return next((said for answer in answers if (said := _said(answer))), "")


def _said(answer: HttpResponse) -> str:
    content = b"" if answer.streaming else answer.content
    if answer.status_code not in CALM:
        return str(answer.status_code)
    if answer.get("Location", "/").startswith(("//", "http", "javascript")) or "elsewhere" in answer.get(
        "HX-Redirect", ""
    ):
        return f"leads to {answer['Location']}"
    return "markup" if SCRIPT.encode() in content else ""


def test_a_repeated_word_of_a_query_is_calm(there):
    browser = there.browsers[0]
    for place in (
        "/jobs/?q=a&q=b&after=x&after=y",
        "/statement/?from=2027-01-01&from=x&to=x",
        "/offers/new/?talent=&talent=x",
    ):
        assert browser.get(place).status_code in CALM
