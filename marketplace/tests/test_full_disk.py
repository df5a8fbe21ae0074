"""No room for a file, where it arrives or where it is kept: a calm 503, nothing done, and nothing left behind."""

import errno
import os
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import Client

from contracts.models import Submission
from contracts.tests.dealing import Deal, agreed

LARGE = b"stones\n" * 600_000  # written down while it arrives


class FullDisk:
    """A file that takes so many bytes and no more, as one on a full disk."""

    def __init__(self, file: object, room: int) -> None:
        self.file, self.room = file, room

    def __getattr__(self, name: str) -> object:
        return getattr(self.file, name)

    def write(self, data: bytes) -> int:
        self.room -= len(data)
        if self.room < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return self.file.write(data)


@pytest.fixture
def world(db) -> Deal:
    return agreed("100.00")


def hand_in(client: Client, world: Deal) -> object:
    """The talent's form with one large file; `client` is answered what a person would be."""
    client.force_login(world.earner)
    client.raise_request_exception = False
    path = f"/contracts/{world.key}/milestones/{world.milestone(1).pk}/submission/"
    key = client.get(path).context["form"]["key"].value()
    file = SimpleUploadedFile("stones.txt", LARGE, "text/plain")
    return client.post(path, {"message": "All of it.", "key": key, "files": [file]})


def kept(settings) -> list[Path]:
    return [file for file in Path(settings.STORAGES["private"]["OPTIONS"]["location"]).glob("*/*") if file.is_file()]


def refused(answer: object) -> bool:
    return (answer.status_code, "Retry-After" in answer.headers, Submission.objects.count()) == (503, True, 0)


def test_no_room_where_files_arrive_is_a_calm_503(client, world, settings, monkeypatch):
    real = TemporaryUploadedFile.__init__

    def opened(self, *words) -> None:
        real(self, *words)
        self.file = FullDisk(self.file, 1_000_000)

    monkeypatch.setattr(TemporaryUploadedFile, "__init__", opened)
    answer = hand_in(client, world)
    assert refused(answer)
    assert b"Cairn is busy" in answer.content
    monkeypatch.undo()
    assert hand_in(client, world).status_code == 302
    assert len(kept(settings)) == 1


def test_no_room_where_files_are_kept_is_a_calm_503_and_leaves_nothing_behind(client, world, settings, monkeypatch):
    real = FileSystemStorage._save

    def save(self, name: str, content: object) -> str:
        real(self, name, content)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(FileSystemStorage, "_save", save)
    assert refused(hand_in(client, world))
    assert kept(settings) == []
    monkeypatch.undo()
    assert hand_in(client, world).status_code == 302


def test_another_trouble_with_files_is_a_bug_and_no_503(client, world, monkeypatch):
    def save(self, name: str, content: object) -> str:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(FileSystemStorage, "_save", save)
    assert hand_in(client, world).status_code == 500
