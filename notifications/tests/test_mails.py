"""Every kind of email can be seen by staff, in both parts, and its HTML may do nothing in the browser but be seen."""

import re

import html5lib
import pytest

from contracts.tests.test_jobs import signed_in
from marketplace.models import User
from notifications.previews import kinds
from tests.factories import agreed

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return signed_in(User.objects.create_superuser("root@cairn.test", name="Root"))


def text_of(html: str) -> str:
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    return " ".join("".join(tree.find("body").itertext()).split())


def test_all_kinds_are_listed_for_staff_alone(staff, client):
    page = staff.get("/staff/mails/").content.decode()
    assert all(f"/staff/mails/{kind}/" in page for kind in kinds())
    assert signed_in(agreed(1).client).get("/staff/mails/").status_code == 404
    assert client.get("/staff/mails/plan_saved/").status_code == 302


@pytest.mark.parametrize("kind", kinds())
def test_every_kind_can_be_seen_in_both_parts(staff, kind):
    page = staff.get(f"/staff/mails/{kind}/")
    assert page.status_code == 200
    text_of(page.content.decode())
    html = staff.get(f"/staff/mails/{kind}/html/")
    assert "Title of the contract" in text_of(html.content.decode())
    assert "{" not in text_of(html.content.decode())
    assert "<img" not in html.content.decode()


def test_the_html_of_a_mail_is_shut_in(staff):
    answer = staff.get("/staff/mails/plan_saved/html/")
    policy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    assert answer["Content-Security-Policy"] == policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    page = staff.get("/staff/mails/plan_saved/")
    assert "style-src 'self';" in page["Content-Security-Policy"]
    assert re.search(r"<iframe [^>]*\bsandbox\b", page.content.decode())


def test_no_other_page_may_frame_anything(staff):
    assert "frame-src" not in staff.get("/staff/mails/")["Content-Security-Policy"]


def test_a_kind_that_does_not_exist_is_404(staff):
    assert staff.get("/staff/mails/nothing/").status_code == 404
