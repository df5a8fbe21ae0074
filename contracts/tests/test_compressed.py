"""Pages go compressed, and a browser that keeps one asks for it anew as ever; files and streams go as they are."""

import gzip

import pytest
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import include, path

from contracts.tests.visiting import at, signed_in
from tests.factories import agreed

LONG = "0123456789" * 1_000
ACCEPTS = {"Accept-Encoding": "gzip, deflate, br"}
urlpatterns = [
    path("t/page/", lambda request: HttpResponse(f"<p>{LONG}</p>")),
    path("t/file/", lambda request: FileResponse(iter([LONG.encode()]), as_attachment=True, filename="x.csv")),
    path("t/data/", lambda request: HttpResponse(LONG, content_type="application/json")),
    path("t/stream/", lambda request: StreamingHttpResponse(iter([LONG]), content_type="text/event-stream")),
    path("", include("marketplace.urls")),
]
pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(settings) -> Client:
    settings.ROOT_URLCONF = __name__
    return signed_in(agreed(1).client)


def test_a_page_goes_compressed_and_its_length_tells_nothing(browser):
    answers = [browser.get("/t/page/", headers=ACCEPTS) for _each in range(8)]
    assert {gzip.decompress(each.content).decode() for each in answers} == {f"<p>{LONG}</p>"}
    assert all(each["Content-Encoding"] == "gzip" and "Accept-Encoding" in each["Vary"] for each in answers)
    assert all(int(each["Content-Length"]) == len(each.content) < 1_000 for each in answers)
    assert len({len(each.content) for each in answers}) > 1, "Each is padded by chance."


@pytest.mark.parametrize("name", ["file", "data", "stream"])
def test_nothing_else_does(browser, name):
    answer = browser.get(f"/t/{name}/", headers=ACCEPTS)
    assert not answer.has_header("Content-Encoding")
    assert (answer.getvalue() if answer.streaming else answer.content) == LONG.encode()


def test_who_does_not_ask_for_it_gets_it_plain(browser):
    assert browser.get("/t/page/").content.decode() == f"<p>{LONG}</p>"


def test_a_page_that_is_kept_compressed_is_not_made_anew():
    world = agreed(2)
    browser, room = signed_in(world.client), at(world.contract, "")
    page = browser.get(room, headers=ACCEPTS)
    assert page["Content-Encoding"] == "gzip"
    assert browser.get(room, headers=ACCEPTS | {"If-None-Match": page["ETag"]}).status_code == 304
    assert gzip.decompress(page.content).decode().count("<html") == 1
