"""Where text that was taken shows up: in mail, in CSV, in a message. It stays text (inputs)."""

import csv
from email import message_from_bytes
from io import StringIO

import pytest

from contracts.models import Contract, Event
from contracts.tests.visiting import signed_in
from notifications.sending import send_due
from notifications.telling import tell
from notifications.tests.writing import write
from tests.books import books_hold
from tests.factories import accept, agreed
from tests.inputs.filling import opened
from tests.inputs.places import PLACES
from tests.inputs.values import LINKS, NO_LINKS, SCRIPT, TEXTS

pytestmark = pytest.mark.django_db
TITLE = "=cmd()\r\nBcc: eve@cairn.test\r\n\r\n{{7*7}}<script>"


def test_a_title_is_one_line_of_text_in_mail_in_csv_and_on_pages(mailoutbox):
    form = opened(next(place for place in PLACES if place.name == "contracts:new_offer"))
    assert form.send({"title": TITLE}).status_code == 302
    contract = Contract.objects.get()
    accept(contract)
    assert contract.title == "=cmd() Bcc: eve@cairn.test  {{7*7}}<script>"
    for event in Event.objects.order_by("pk"):
        tell(event.pk)
    send_due()
    assert len(mailoutbox) >= 2
    for mail in mailoutbox:
        heads = message_from_bytes(mail.message().as_bytes())
        assert heads["Bcc"] is None
        assert "eve@cairn.test" not in str(heads["To"])
        assert "\n" not in mail.subject
        assert "<script>" not in mail.alternatives[0].content
    rows = list(csv.reader(StringIO(_text(form.scene.browser.get("/statement.csv")))))
    cells = [row[2] for row in rows[1:] if row[2]]
    assert cells
    assert all(cell.startswith("'=cmd()") for cell in cells)
    page = form.scene.browser.get(f"/contracts/{contract.pk}/").content.decode()
    assert "{{7*7}}&lt;script&gt;" in page
    books_hold()


def _text(answer) -> str:
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def test_what_somebody_writes_is_text_and_only_addresses_of_pages_are_links():
    world = agreed(1)
    typed = [text for text in TEXTS if text.isprintable()]
    for texts in (typed, [*LINKS, *(link for link in NO_LINKS if len(link) < 100)]):
        write(world, world.client, "\n".join(texts))
    for reader in (world.client, world.talent):
        page = signed_in(reader).get(f"/contracts/{world.contract.pk}/messages/").content.decode()
        assert SCRIPT not in page
        assert "<img src=x" not in page
        assert "{{7*7}}" in page
        assert "javascript:alert(7)" in page
        for scheme in ("javascript:", "data:", "vbscript:", "file:", "//cairn"):
            assert f'href="{scheme}' not in page.lower()
