"""Files of a submission: which are taken, under what name they are kept, who gets them and how, and what is left."""

import os
import stat
import time
import uuid
from pathlib import Path

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.test import RequestFactory

from contracts.file_types import TYPES, safe_name
from contracts.models import FILE_SIZE, Submission, SubmissionFile
from contracts.operations import files as storing
from contracts.operations.strays import ARRIVING, discard_strays
from contracts.operations.work import NotForSubmission, submit_work
from contracts.states import MilestoneStatus
from contracts.tests.browsing import read, text
from contracts.tests.handing_in import PDF, PNG, archive, current, filled, page, signed_in, upload
from tests.books import books_hold
from tests.factories import agreed, outsider

S = MilestoneStatus
pytestmark = pytest.mark.django_db
GOOD = {
    "a.pdf": PDF, "a.png": PNG, "a.jpg": b"\xff\xd8\xff\xe0" + bytes(9), "a.jpeg": b"\xff\xd8\xff\xe0" + bytes(9),
    "a.gif": b"GIF89a" + bytes(9), "a.webp": b"RIFF\x00\x00\x00\x00WEBPVP8 ", "a.psd": b"8BPS\x00\x01",
    "a.zip": archive("x"), "empty.zip": archive(), "a.txt": "Grüße, 你好".encode(), "a.md": b"# <b>Title</b>\n",
    "a.csv": b"a;b\n1;\xfc\n", "utf16.txt": "Hello".encode("utf-16"), "a.docx": archive("word/document.xml"),
    "a.xlsx": archive("xl/workbook.xml"), "a.pptx": archive("ppt/presentation.xml"), "a.odt": archive("content.xml"),
    "a.ods": archive("content.xml"), "a.odp": archive("content.xml"), "a.mp3": b"ID3\x04" + bytes(9),
    "a.mp4": b"\x00\x00\x00\x20ftypisom", "UPPER.PDF": PDF,
}  # fmt: skip
SVG, HTML = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', b"<!DOCTYPE html><p>x"
BAD = {
    "a.svg": SVG, "a.html": HTML, "a.htm": HTML, "a.xhtml": HTML, "a.js": b"alert(1)", "a.exe": b"MZ\x90", "a": PDF,
    "a.pdf.svg": PDF, "a.pdf": HTML, "a.png": SVG, "a.jpg": PNG, "a.txt": SVG, "b.txt": HTML,
    "c.txt": b"\xef\xbb\xbf \n<HTML>", "d.txt": b"<?xml version='1.0'?>" + SVG, "e.txt": b"<!-- x -->" + SVG,
    "f.txt": SVG.decode().encode("utf-16"), "g.txt": PNG, "a.md": b"<script>x</script>", "a.csv": b"\x00a;b",
    "a.docx": archive("xl/workbook.xml"), "b.docx": b"PK\x03\x04 but no archive", "a.zip": PDF, "a.mp4": b"ftypisom",
}  # fmt: skip


@pytest.fixture(autouse=True)
def storage(settings, tmp_path) -> Path:
    """A private storage of this test's own."""
    kept = settings.STORAGES["private"]
    place = {**kept, "OPTIONS": {**kept["OPTIONS"], "location": tmp_path / "files"}}
    settings.STORAGES = {**settings.STORAGES, "private": place}
    return tmp_path / "files"


@pytest.fixture
def world():
    return agreed(2, current=S.ACTIVE)


@pytest.fixture
def milestone(world):
    return current(world)


@pytest.fixture
def browser(world):
    return signed_in(world.talent)


def hand_in(browser, milestone, *files, **typed):
    at = page(milestone, "submission")
    return browser.post(at, filled(browser.get(at)) | {"message": "With files.", "files": list(files)} | typed)


def lying(storage: Path) -> list[Path]:
    return [path for path in storage.rglob("*") if path.is_file()]


def address(file: SubmissionFile) -> str:
    return f"/contracts/{file.submission.contract_id}/files/{file.pk}/"


@pytest.mark.parametrize("name", GOOD)
def test_b30_a_file_is_kept_and_comes_back_as_it_was_as_an_attachment(world, browser, milestone, name):
    assert hand_in(browser, milestone, upload(name, GOOD[name])).status_code == 302
    kept = SubmissionFile.objects.get()
    for user in (world.talent, world.client, world.viewer):
        answer = signed_in(user).get(address(kept))
        assert b"".join(answer.streaming_content) == GOOD[name]
        assert answer["Content-Type"] == TYPES[name.rpartition(".")[2].lower()].content_type
        assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
        assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private")
        assert answer["Content-Length"] == str(len(GOOD[name])) == str(kept.size)
        assert "default-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("name", BAD)
def test_what_is_not_taken_is_refused_by_name_and_by_content_and_the_words_stay(storage, browser, milestone, name):
    answer = hand_in(browser, milestone, upload("fine.pdf"), upload(name, BAD[name]), message="Kept")
    assert answer.status_code == 422
    shown = text(read(answer))
    assert name.strip(".") in shown
    assert "Choose the files again" in shown
    assert filled(answer)["message"] == "Kept"
    assert not Submission.objects.exists()
    assert not lying(storage)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"), ("C:\\Users\\me\\plan.pdf", "plan.pdf"), ("/abs/plan.pdf", "plan.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie- x.pdf"), ("a\x00b.pdf", "ab.pdf"),
        ("\u202efdp.exe.pdf", "fdp.exe.pdf"),
        (".htaccess.txt", "htaccess.txt"), ("..pdf", "pdf"), ('say "hi".pdf', "say -hi-.pdf"),
        ("  spaced  out .pdf", "spaced out.pdf"), ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("Füße 你好.pdf", "Füße 你好.pdf"),
        ("<img src=x>.png", "-img src=x-.png"), ("=cmd().csv", "=cmd().csv"), ("", "file"), ("...", "file"),
        ("a." + "b" * 300, "a." + "b" * 19), ("e\u0301.pdf", "\u00e9.pdf"),
    ],
)  # fmt: skip
def test_names_are_made_safe_and_keep_their_extension(given, kept):
    assert safe_name(given, 120) == kept
    assert safe_name(kept, 120) == kept


def test_names_that_come_twice_are_told_apart(browser, milestone):
    names = ("plan.pdf", "plan.pdf", "Plan.PDF", "x" * 300 + ".pdf", "x" * 300 + ".pdf", "a/plan.pdf")
    assert hand_in(browser, milestone, *map(upload, names)).status_code == 302
    kept = [file.name for file in SubmissionFile.objects.order_by("position")]
    assert kept[:3] == ["plan.pdf", "plan (2).pdf", "Plan (3).PDF"]
    assert kept[3:5] == ["x" * 116 + ".pdf", "x" * 112 + " (2).pdf"]
    assert kept[5] == "plan (4).pdf"


def test_a_name_in_other_scripts_comes_back_encoded(browser, milestone):
    hand_in(browser, milestone, upload("Füße 你好.pdf"))
    answer = browser.get(address(SubmissionFile.objects.get()))
    answer.close()
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''F%C3%BC%C3%9Fe%20%E4%BD%A0%E5%A5%BD.pdf"


def test_where_it_lies_says_nothing_and_nobody_else_on_the_machine_reads_it(storage, browser, milestone):
    hand_in(browser, milestone, upload("secret.pdf"), upload("secret.pdf"))
    places = lying(storage)
    assert {str(path.relative_to(storage)) for path in places} == set(
        SubmissionFile.objects.values_list("stored", flat=True)
    )
    for path in places:
        assert "secret" not in path.name
        assert not path.suffix
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_only_the_two_sides_get_it_and_only_under_its_own_contract(world, browser, milestone):
    hand_in(browser, milestone, upload("plan.pdf"))
    kept, other = SubmissionFile.objects.select_related("submission").get(), agreed(1)
    assert signed_in(outsider()).get(address(kept)).status_code == 404
    assert signed_in(other.client).get(address(kept)).status_code == 404
    assert signed_in(other.client).get(f"/contracts/{other.contract.pk}/files/{kept.pk}/").status_code == 404
    assert browser.get(f"/contracts/{world.contract.pk}/files/{uuid.uuid4()}/").status_code == 404
    assert browser.post(address(kept)).status_code == 405
    asked = browser.head(address(kept))
    asked.close()
    assert asked["Content-Length"] == str(kept.size)


def test_a_file_that_was_lost_is_not_found_and_logged(storage, browser, milestone, caplog):
    hand_in(browser, milestone, upload("plan.pdf"))
    lying(storage)[0].unlink()
    assert browser.get(address(SubmissionFile.objects.get())).status_code == 404
    assert "is not where it was put" in caplog.text


def test_an_empty_file_one_too_large_and_one_too_many_are_refused(storage, browser, milestone):
    large = upload("large.pdf", PDF + bytes(FILE_SIZE))
    for files, says in (
        ([upload("empty.pdf", b"")], "“empty.pdf” is empty."),
        ([large], "“large.pdf” has more than 25 MB."),
        ([upload(f"{place}.pdf") for place in range(11)], "at most 10 files"),
    ):
        answer = hand_in(browser, milestone, *files)
        assert answer.status_code == 422
        assert says in text(read(answer))
    assert hand_in(browser, milestone, *(upload(f"{place}.pdf") for place in range(10))).status_code == 302
    assert len(lying(storage)) == 10


def test_of_more_than_all_files_together_can_have_nothing_is_kept_and_the_words_stay(settings, browser, milestone):
    settings.UPLOAD_LIMIT = 1000
    answer = hand_in(browser, milestone, upload("large.pdf", PDF + bytes(FILE_SIZE)), message="Kept")
    assert answer.status_code == 422
    assert "more than 25 MB" in text(read(answer))
    assert filled(answer)["message"] == "Kept"


def test_an_upload_over_the_limit_is_measured_and_not_written(settings):
    settings.UPLOAD_LIMIT = 1000
    small, large = (
        RequestFactory().post("/", {"file": upload("a.pdf", PDF * times)}).FILES["file"] for times in (1, 999)
    )
    assert (small.size, small.read()) == (len(PDF), PDF)
    assert (large.size, large.read()) == (len(PDF) * 999, b"")


def test_all_together_have_at_most_a_hundred_megabytes(monkeypatch):
    monkeypatch.setattr(storing, "FILES_SIZE", 2 * len(PDF))
    assert len(storing.check([upload("a.pdf"), upload("b.pdf")], SubmissionFile)) == 2
    with pytest.raises(storing.FileRefused, match="All files together"):
        storing.check([upload("a.pdf"), upload("b.pdf"), upload("c.pdf")], SubmissionFile)


def test_nothing_is_left_when_the_submission_is_refused(storage, world, milestone):
    submit = {"contract": world.contract, "by": world.talent, "milestone": milestone, "message": "Once"}
    submit_work(key=uuid.uuid4(), files=[upload("kept.pdf")], **submit)
    with pytest.raises(NotForSubmission):
        submit_work(key=uuid.uuid4(), files=[upload("late.pdf")], **submit)
    assert [file.name for file in SubmissionFile.objects.all()] == ["kept.pdf"]
    assert len(lying(storage)) == 1
    books_hold()


def test_the_same_submission_again_keeps_its_files_once(storage, world, milestone):
    submit = {"contract": world.contract, "by": world.talent, "milestone": milestone, "message": "Once"}
    key = uuid.uuid4()
    for _twice in range(2):
        submit_work(key=key, files=[upload("plan.pdf")], **submit)
    assert SubmissionFile.objects.count() == len(lying(storage)) == 1


def test_nothing_is_left_after_a_rollback_but_what_may_have_been_committed_stays(storage):
    for failure, left in ((ValueError, 0), (DatabaseError, 0), (OperationalError, 1)):
        with pytest.raises(failure), storing.stored([upload("plan.pdf")], SubmissionFile):
            raise failure
        assert len(lying(storage)) == left


def test_what_a_crash_left_behind_is_discarded_after_a_day_and_nothing_else(storage, browser, milestone):
    assert discard_strays() == 0
    hand_in(browser, milestone, upload("kept.pdf"))
    with pytest.raises(OperationalError), storing.stored([upload("stray.pdf")], SubmissionFile):
        raise OperationalError
    assert discard_strays() == 0
    yesterday = time.time() - 86_401
    for path in lying(storage):
        os.utime(path, (yesterday, yesterday))
    assert discard_strays() == 1
    (kept,) = lying(storage)
    assert str(kept.relative_to(storage)) == SubmissionFile.objects.get().stored


def test_what_a_killed_process_was_receiving_is_discarded_after_a_day(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    assert discard_strays() == 0
    (tmp_path / ARRIVING).mkdir()
    for name, seconds in (("killed.upload.pdf", 86_401), ("arrives.upload.pdf", 80_000)):
        (tmp_path / ARRIVING / name).write_bytes(PDF)
        os.utime(tmp_path / ARRIVING / name, (time.time() - seconds,) * 2)
    assert discard_strays() == 1
    assert [each.name for each in (tmp_path / ARRIVING).iterdir()] == ["arrives.upload.pdf"]


def test_files_can_be_neither_changed_nor_deleted_by_the_application(browser, milestone):
    hand_in(browser, milestone, upload("plan.pdf"))
    for act in ("UPDATE contracts_submissionfile SET name = 'x'", "DELETE FROM contracts_submissionfile"):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(act)


@pytest.mark.parametrize(
    ("given", "constraint"),
    [
        ({"size": 0}, "file_in_limits"), ({"size": FILE_SIZE + 1}, "file_in_limits"), ({"name": ""}, "file_in_limits"),
        ({"position": 0}, "file_in_limits"), ({"position": 11}, "file_in_limits"), ({"stored": ""}, "file_in_limits"),
        ({"name": "plan.pdf"}, "file_name_once_in_a_submission"), ({"position": 1}, "file_position_unique"),
    ],
)  # fmt: skip
def test_the_database_holds_the_limits(browser, milestone, given, constraint):
    hand_in(browser, milestone, upload("plan.pdf"))
    whole = {"position": 2, "name": "other.pdf", "content_type": "x", "size": 1, "stored": "xx/y"}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        SubmissionFile.objects.create(submission=Submission.objects.get(), **whole | given)


def test_a_file_takes_four_queries(django_assert_num_queries, browser, milestone):
    hand_in(browser, milestone, upload("plan.pdf"))
    kept = SubmissionFile.objects.select_related("submission").get()
    with django_assert_num_queries(4):  # session, user, contract, file
        browser.get(address(kept)).close()
