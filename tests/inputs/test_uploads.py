"""Files that are not what they seem, or too much of them: refused with what was typed kept, or stored harmlessly."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from contracts.models import FILE_SIZE, FILES, SubmissionFile
from notifications.models import PostFile
from tests.inputs.filling import Filled, opened
from tests.inputs.places import PLACES, Place
from tests.inputs.trying import undone

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 a page"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(7)'></svg>"
HTML = b"<!doctype html><script>alert(7)</script>"
REFUSED = {
    "an SVG picture": ("a.svg", SVG),
    "an SVG that says it is a PNG": ("a.png", SVG),
    "a page": ("a.html", HTML),
    "a page that says it is text": ("a.txt", HTML),
    "a page after a byte order mark": ("a.txt", b"\xef\xbb\xbf" + HTML),
    "a page after spaces": ("a.md", b"\n\t  " + HTML),
    "a page in UTF-16": ("a.csv", HTML.decode().encode("utf-16")),
    "a page that says it is a PDF": ("a.pdf", HTML),
    "two endings": ("a.pdf.html", PDF),
    "no ending": ("a", PDF),
    "an ending and a NUL": ("a.html\x00.pdf", HTML),
    "a script": ("a.js", b"alert(7)"),
    "a program": ("a.exe", b"MZ"),
    "a program that says it is a zip archive": ("a.zip", b"MZ"),
    "nothing": ("a.pdf", b""),
    "a broken archive that says it is a document": ("a.docx", b"PK\x03\x04 broken"),
    "more than one file can be": ("a.pdf", PDF + b"x" * FILE_SIZE),
}
NAMES = {
    "../../../etc/passwd.pdf": "passwd.pdf",
    "..\\..\\windows\\win.pdf": "win.pdf",
    "/etc/a.pdf": "a.pdf",
    "a\r\nX-Evil: 1.pdf": None,
    "<script>alert(7)</script>.pdf": None,
    "x" * 500 + ".pdf": None,
    "x" * 5_000 + ".pdf": None,
    "\N{RIGHT-TO-LEFT OVERRIDE}fdp.a.pdf": None,
    "....pdf": None,
    ' "quoted"; filename=b.pdf': None,
    "%2e%2e%2fa.pdf": None,
    "CON.pdf": None,
}


def with_files() -> list[Place]:
    return [place for place in PLACES if place.name in {"contracts:submission", "notifications:messages"}]


def upload(form: Filled, *files: SimpleUploadedFile) -> HttpResponse:
    fields = dict(form.fields) | {"key": form._own("key", "")}
    return form.scene.browser.post(form.scene.address, {**fields, "files": list(files)})


def stored() -> list:
    folder = settings.STORAGES["private"]["OPTIONS"]["location"]
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("place", with_files(), ids=str)
def test_what_a_browser_would_run_and_what_is_too_much_is_refused(place):
    form = opened(place)
    text = next(iter(place.typed.values()))
    wrong = []
    for what, (name, content) in REFUSED.items():
        with undone():
            answer = upload(form, SimpleUploadedFile(name, content))
            is_kept = text in answer.content.decode() or place.name == "notifications:messages"
            if answer.status_code != 422 or form.written() or stored() or not is_kept:
                wrong.append(f"{what}: {answer.status_code} {form.written()} {stored()}")
    with undone():
        answer = upload(form, *(SimpleUploadedFile(f"{number}.pdf", PDF) for number in range(FILES + 1)))
        assert (answer.status_code, form.written(), stored()) == (422, [], [])
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("place", with_files(), ids=str)
def test_a_name_is_only_a_name(place):
    form = opened(place)
    root = settings.STORAGES["private"]["OPTIONS"]["location"].resolve()
    model = SubmissionFile if place.name == "contracts:submission" else PostFile
    for name, expected in NAMES.items():
        with undone():
            sent = SimpleUploadedFile("x.pdf", PDF)
            sent.__dict__["_name"] = name  # past Django's own cleaning, which only happens on our side of the wire
            answer = upload(form, sent)
            assert answer.status_code in {200, 302, 400, 422}, name
            kept = model.objects.first()
            if kept is None:
                assert expected is None, name
                continue
            assert kept.name == (expected or kept.name)
            assert not set("/\\\r\n\x00<>") & set(kept.name), kept.name
            assert len(kept.name) <= 255
            assert all(path.resolve().is_relative_to(root) for path in stored())
            assert name[:20] not in str([path.relative_to(root) for path in stored()])


@pytest.mark.parametrize("size", [settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1])
def test_a_body_that_is_too_large_is_refused_in_plain_words(size):
    form = opened(with_files()[0])
    answer = form.scene.browser.post(form.scene.address, {"message": "x" * size})
    assert answer.status_code in {400, 413}
    assert form.written() == []
    fields = [(f"f{number}", "x") for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)]
    assert form.send(more=fields).status_code in {400, 413}
    assert form.written() == []
