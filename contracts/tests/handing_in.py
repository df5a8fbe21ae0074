"""What tests of submissions and reviews need: files as a browser sends them, a private storage, and the pages."""

import io
import zipfile
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from contracts.models import Milestone
from contracts.tests.browsing import fields_in, read
from marketplace.models import User
from tests.factories import Agreed

PDF, PNG = b"%PDF-1.7\n%%EOF\n", b"\x89PNG\r\n\x1a\n" + bytes(20)


def upload(name: str, content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "text/html")


def archive(*parts: str) -> bytes:
    """A zip archive with parts of these names."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for part in parts:
            archive.writestr(part, "x")
    return packed.getvalue()


def signed_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def page(milestone: Milestone, name: str) -> str:
    """The address of a page about this milestone: submission, review, changes-request."""
    return f"/contracts/{milestone.contract_id}/milestones/{milestone.pk}/{name}/"


def of_contract(contract_id: UUID, name: str) -> str:
    return f"/contracts/{contract_id}/{name}/"


def current(world: Agreed) -> Milestone:
    """The current milestone, or the first future one."""
    return world.contract.milestones.exclude(status="paid").order_by("position")[0]


def filled(answer: HttpResponse) -> dict[str, str]:
    """What the form on the page would post, without the buttons and without files."""
    (form,) = [at for at in read(answer).iter("form") if at.get("method") == "post" and "action" not in at.attrib]
    found = {name: value for name, value in fields_in(form) if name not in {"csrfmiddlewaretoken", "files"}}
    return {name: value for name, value in found.items() if value is not None}
