"""What somebody gets of themselves: all that is theirs, nothing that another wrote, and no secret."""

import io
import json
from zipfile import ZipFile

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contracts.tests.handing_in import PDF
from marketplace.privacy import export
from marketplace.privacy.archive import Entry, as_json, zipped
from marketplace.privacy.kept import Person
from marketplace.privacy.tables import TABLES
from notifications.models import Post
from tests.books import books_hold
from tests.factories import outsider
from tests.privacy.nora import BROWSER, EMAIL, FILE, NAME, TEXT, THEIRS, Nora, nora

pytestmark = pytest.mark.django_db


@pytest.fixture
def she() -> Nora:
    return nora()


def unpacked(pieces) -> ZipFile:
    return ZipFile(io.BytesIO(b"".join(pieces)))


def said(archive: ZipFile, name: str) -> list[dict]:
    return json.loads(archive.read(f"{name}.json"))


def test_everything_of_hers_is_in_it(she):
    archive = unpacked(export.exported(she.user))
    assert archive.testzip() is None
    (user,) = said(archive, "users")
    assert (user["email"], user["name"], user["time_zone"]) == (EMAIL, NAME, "Europe/Lisbon")
    assert said(archive, "user-sessions")[0]["user_agent"] == BROWSER
    assert [each["address"] for each in said(archive, "tax-details")] == ["7 Quill Street"]
    assert [each["text"] for each in said(archive, "posts")] == [TEXT]
    assert [each["client name"] for each in said(archive, "contracts")] == ["Harbour Books"]
    assert [(each["message"], each["links"]) for each in said(archive, "submissions")] == [
        ("It is done.", ["https://example.com/draft"])
    ]
    assert {each["text"] for each in said(archive, "feedback")} == {"Good work.", "Paid at once."}
    assert [each["last4"] for each in said(archive, "payment-methods")] == [she.account.last4]
    assert [(each["direction"], each["amount"]) for each in said(archive, "payments")] == [("payout", "90.00")]
    assert [each["email"] for each in said(archive, "preferences")] == ["daily"]
    assert [each["role"] for each in said(archive, "invitations")] == ["member"]
    assert len(said(archive, "deliveries")) == she.user.deliveries.count() > 0
    books_hold()


def test_her_statement_and_her_files_lie_beside(she):
    archive = unpacked(export.exported(she.user))
    statement = archive.read(f"statements/{she.party.pk}.csv").decode()
    assert "Withdrawal" in statement
    assert "90.00" in statement
    files = {name.rsplit("/")[-1]: archive.read(name) for name in archive.namelist() if name.endswith(".pdf")}
    assert files[FILE] == PDF
    assert "question.pdf" in files
    assert "What Cairn keeps of you" in archive.read("read-me.txt").decode()


def test_nothing_that_somebody_else_wrote_and_no_secret_is_in_it(she):
    archive = unpacked(export.exported(she.user))
    whole = "".join(archive.read(name).decode("latin-1") for name in archive.namelist())
    she.user.refresh_from_db()
    key = she.browser.session.session_key
    secrets = [she.user.password, she.account.token, key, *she.user.authenticator_set.get().data.values()]
    for secret in [THEIRS, she.deal.payer.email, she.deal.payer.name, *map(str, secrets)]:
        assert secret not in whole


def test_a_stranger_gets_nothing_of_hers(she):
    archive = unpacked(export.exported(outsider()))
    whole = "".join(archive.read(name).decode("latin-1") for name in archive.namelist()).lower()
    assert "quill" not in whole
    assert TEXT.lower() not in whole
    assert said(archive, "posts") == []


def test_each_column_that_is_promised_is_handed_out(she):
    person = Person.of(she.user)
    full = {table.model: list(export.rows(table, person)) for table in TABLES if table.exported}
    for table in TABLES:
        for row in full.get(table.model, []):
            assert list(row) == [name.replace("__", " ") for name in table.exported]
            assert not set(row) & set(table.kept_back.split())
    assert len([model for model, rows in full.items() if rows]) > 18


def test_rows_are_read_some_at_a_time_and_only_when_they_are_reached(she):
    contract = she.deal.contract
    Post.objects.bulk_create([Post(contract=contract, by=she.user, text=f"Word {n}") for n in range(1_100)])
    (table,) = [table for table in TABLES if table.model == "notifications.Post"]
    with CaptureQueriesContext(connection) as asked:
        found = export.rows(table, Person.of(she.user))
        next(found)
        begun = len(asked)
        assert len(list(found)) == 1_100
    assert len(asked) - begun == 2  # 500, 500 and 101, of which the first was asked for already


def test_a_file_that_is_gone_keeps_nobody_from_the_rest(she):
    storages["private"].delete(she.deal.contract.submissions.get().files.get().stored)
    archive = unpacked(export.exported(she.user))
    (name,) = [name for name in archive.namelist() if name.endswith(FILE)]
    assert archive.read(name) == b""
    assert said(archive, "posts")


def test_files_that_are_too_much_are_named_and_left_to_the_command(she):
    names = [entry.name for entry, _size in export.files(Person.of(she.user))]
    archive = unpacked(export.exported(she.user, len(PDF)))
    kept = [name for name in names if name in archive.namelist()]
    left_out = archive.read("left-out.txt").decode()
    assert (len(names), len(kept)) == (2, 1)
    assert [name for name in names if name in left_out] == [name for name in names if name not in kept]


def test_a_zip_is_handed_on_while_it_is_written():
    reached = []

    def content(number: int):
        reached.append(number)
        yield b"x" * 200_000

    pieces = zipped(Entry(f"{number}.bin", content(number), is_packed=True) for number in range(3))
    next(pieces)
    assert reached == [0]
    assert len(unpacked([*zipped([Entry("all.json", as_json([{"a": "é"}, {}]))])]).read("all.json")) > 10
    assert b"".join(as_json([])) == b"[]\n"
