"""The demo's outbox: the mail that Django wrote into a folder, shown newest first."""

from datetime import UTC, datetime

import html5lib
import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives

from notifications.outbox import sent_messages

pytestmark = pytest.mark.urls("notifications.tests.urls")


@pytest.fixture
def folder(settings, tmp_path):
    settings.OUTBOX_DIR = tmp_path / "outbox"
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(settings.OUTBOX_DIR)},
        }
    }
    return settings.OUTBOX_DIR


def send(subject: str, text: str = "Hello", at: str = "Sun, 22 Nov 2026 10:00:00 -0000") -> None:
    EmailMessage(subject, text, "cairn@cairn.test", ["nora@cairn.test"], headers={"Date": at}).send()


@pytest.mark.django_db
def test_an_empty_outbox_says_what_will_appear(client, folder):
    assert "No mail yet" in page(client.get("/outbox/"))


@pytest.mark.django_db
def test_all_mail_is_listed_newest_first(client, folder):
    send("Later", at="Sun, 22 Nov 2026 11:00:00 -0000")
    send("Earlier")
    text = page(client.get("/outbox/"))
    assert text.index("Later") < text.index("Earlier")


def test_a_mail_is_read_back_as_it_was_written(folder):
    send("Größe <b>", "Grüße\n\n-- \nCairn")
    (mail,) = sent_messages(folder)
    assert (mail.subject, mail.text, mail.to) == ("Größe <b>", "Grüße\n\n-- \nCairn", "nora@cairn.test")
    assert mail.at == datetime(2026, 11, 22, 10, tzinfo=UTC)


def test_the_plain_part_of_a_mail_with_two_parts_is_shown(folder):
    mail = EmailMultiAlternatives("Two", "plain words", to=["nora@cairn.test"])
    mail.attach_alternative("<p>rich words</p>", "text/html")
    mail.send()
    assert sent_messages(folder)[0].text == "plain words"


@pytest.mark.django_db
def test_a_mail_is_shown_with_links_to_follow_and_nothing_else_alive(client, folder):
    send("Link", "Go to http://testserver/a/?b=1&c=2. <script>alert(1)</script> javascript:alert(1)")
    key = sent_messages(folder)[0].key
    text = page(client.get(f"/outbox/{key}/"))
    assert '<a href="http://testserver/a/?b=1&amp;c=2">' in text
    assert "<script>alert" not in text
    assert 'href="javascript' not in text


@pytest.mark.django_db
def test_a_mail_that_is_not_there_is_404(client, folder):
    assert client.get("/outbox/none-1/").status_code == 404


@pytest.mark.django_db
@pytest.mark.urls("marketplace.urls")
def test_outside_the_demo_there_is_no_outbox(client):
    assert client.get("/outbox/").status_code == 404


def page(response) -> str:
    text = response.content.decode()
    html5lib.HTMLParser(strict=True).parse(text)
    return text
