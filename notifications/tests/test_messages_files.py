"""Files of messages: kept as those of submissions are, served to the two sides only, and never lost or left behind."""

import os
import time
import uuid
from pathlib import Path

import pytest
from django.db import OperationalError

from contracts.file_types import TYPES
from contracts.models import FILE_SIZE
from contracts.operations.files import stored
from contracts.operations.strays import discard_strays
from contracts.refusals import NotAllowed
from contracts.states import MilestoneStatus
from contracts.tests.browsing import read, text
from contracts.tests.handing_in import PDF, PNG, upload
from contracts.tests.visiting import signed_in
from notifications.messages.posting import NothingSaid, edit_message
from notifications.models import Post, PostFile
from notifications.tests.writing import at, items, room_of, send, write
from tests.factories import agreed, outsider

pytestmark = pytest.mark.django_db


@pytest.fixture
def storage(settings) -> Path:
    return Path(settings.STORAGES["private"]["OPTIONS"]["location"])


@pytest.fixture
def world():
    return agreed(1, agency=True, current=MilestoneStatus.ACTIVE)


@pytest.fixture
def browser(world):
    return signed_in(world.talent)


def lying(storage: Path) -> list[Path]:
    return [path for path in storage.rglob("*") if path.is_file()]


def test_files_alone_make_a_message_and_come_back_as_attachments(world, browser):
    files = [upload("plan.pdf"), upload("<b>.png", PNG)]
    assert send(browser, world.contract, text="", files=files).status_code == 302
    assert [file.name for file in PostFile.objects.all()] == ["plan.pdf", "-b-.png"]
    shown = items(room_of(world.client, world.contract))
    assert "plan.pdf" in shown[0]
    for user in (world.client, world.viewer, world.member):
        for file in PostFile.objects.all():
            answer = signed_in(user).get(at(world.contract, f"files/{file.pk}/"))
            assert answer["Content-Type"] == TYPES[file.name.rpartition(".")[2]].content_type
            assert answer["Content-Disposition"].startswith("attachment")
            assert b"".join(answer.streaming_content) == (PDF if file.name == "plan.pdf" else PNG)


def test_only_the_two_sides_get_them_and_only_under_their_own_contract(world):
    post = write(world, world.talent, "", files=[upload("plan.pdf")])
    file, other = post.files.get(), agreed(1)
    for user in (outsider(), world.idle, other.client):
        assert signed_in(user).get(at(world.contract, f"files/{file.pk}/")).status_code == 404
    assert signed_in(other.client).get(at(other.contract, f"files/{file.pk}/")).status_code == 404
    assert signed_in(world.client).get(at(world.contract, f"files/{uuid.uuid4()}/")).status_code == 404


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize(
    ("file", "says"),
    [
        (("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "a.svg"), (("a.pdf", b"<!DOCTYPE html>"), "a.pdf"),
        (("a.pdf", b""), "is empty"), (("a.pdf", PDF + bytes(FILE_SIZE)), "more than 25 MB"),
    ],
    ids=["type", "content", "empty", "large"],
)  # fmt: skip
def test_what_is_not_taken_is_refused_and_nothing_is_left(world, storage, file, says, htmx):
    browser, files = signed_in(world.talent), [upload("fine.pdf"), upload(*file)]
    answer = send(browser, world.contract, htmx=htmx, text="With files", files=files)
    assert answer.status_code == 422
    assert says in text(read(answer))
    assert ("Choose the files again" in text(read(answer))) is not htmx
    assert not lying(storage)
    assert not Post.objects.filter(event=None).exists()


def test_the_same_form_again_keeps_its_files_once_and_a_refused_one_none(world, storage):
    key = uuid.uuid4()
    for _twice in range(2):
        write(world, world.talent, "Once", key=key, files=[upload("plan.pdf")])
    with pytest.raises(NotAllowed):
        write(world, world.viewer, "No", files=[upload("plan.pdf")])
    assert PostFile.objects.count() == len(lying(storage)) == 1


def test_a_message_with_files_may_lose_its_text(world):
    post = write(world, world.talent, "See here", files=[upload("plan.pdf")])
    assert edit_message(post=post, by=world.talent, text="").text == ""
    with pytest.raises(NothingSaid):
        edit_message(post=write(world, world.talent, "Text"), by=world.talent, text="")


def test_what_a_crash_left_behind_is_discarded_and_files_of_messages_are_not(world, storage):
    write(world, world.talent, "", files=[upload("kept.pdf")])
    with pytest.raises(OperationalError), stored([upload("stray.pdf")], PostFile):
        raise OperationalError
    for path in lying(storage):
        os.utime(path, (time.time() - 86_401,) * 2)
    assert discard_strays() == 1
    (kept,) = lying(storage)
    assert str(kept.relative_to(storage)) == PostFile.objects.get().stored


def test_a_posted_file_is_shown_at_once(world, browser):
    answer = send(browser, world.contract, htmx=True, text="Here", files=[upload("plan.pdf")])
    assert "plan.pdf" in items(read(answer, inside="ol"))[0]
