"""X11 against real web processes: who gets a stream, what streams cost, and what they survive."""

import http.client
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from typing import Protocol
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.db import connections

from marketplace.models import User
from notifications.live import announce
from tests.factories import UserFactory
from tests.processes import environment
from tests.web import PATIENCE, Web, signed_in

SOON = 30  # seconds, on a machine that runs many tests at once; how soon it comes, a benchmark tells


@pytest.fixture
def web(own_database, django_db_blocker, tmp_path) -> Iterator[Web]:
    with django_db_blocker.unblock(), Web(environment(), tmp_path) as running:
        yield running


@pytest.fixture
def nora(web) -> User:
    return UserFactory()


@dataclass
class Listener:
    """One browser's connection, and what it has heard. Its page is old: it begins by looking again."""

    web: Web
    user: User
    cookie: str
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.web.port), timeout=SOON)
        self.socket.sendall(asking(self.user.pk, self.cookie, since="0").encode())
        self.text = self.socket.makefile("r", newline="\n")
        self.status = int(self.text.readline().split()[1])

    def hears(self, what: str) -> bool:
        """Whether this comes soon; whatever else comes is kept."""
        until = time.monotonic() + SOON
        while (left := until - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                line = self.text.readline()
            except TimeoutError:
                return False
            if not line:
                return False
            self.lines.append(line)
            if line.startswith("data: ") and line.split()[2] == what:
                return True
        return False

    def close(self) -> None:
        self.text.close()
        self.socket.close()


class Listen(Protocol):
    def __call__(self, user: User, cookie: str | None = None) -> Listener: ...


@pytest.fixture
def listen(web) -> Iterator[Listen]:
    """Open a stream; by default with a new session of this user's."""
    opened = []

    def listener(user: User, cookie: str | None = None) -> Listener:
        opened.append(one := Listener(web, user, signed_in(user) if cookie is None else cookie))
        assert one.status != 200 or one.hears("again")  # at once, or as soon as the process listens
        return one

    yield listener
    for one in opened:
        one.close()


def asking(user_id: int, cookie: str, *, since: str, accept: str = "text/event-stream") -> str:
    return (
        f"GET /live/{user_id}/?since={since} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Cookie: session={cookie}\r\nAccept: {accept}\r\n\r\n"
    )


def asked(web: Web, path: str, cookie: str = "", **headers: str) -> int:
    """The status of an ordinary request."""
    connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=SOON)
    with closing(connection):
        connection.request("GET", path, headers={"Cookie": f"session={cookie}", **headers})
        return connection.getresponse().status


def listening() -> int:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = 'cairn live'"
        )
        return cursor.fetchone()[0]


def hang_up() -> None:
    """The database ends the connections on which it is heard."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = 'cairn live'"
        )


def test_x11_what_is_committed_is_heard_by_those_it_concerns(listen, nora):
    other, contract = UserFactory(), uuid4()
    mine, theirs = listen(nora), listen(other)
    announce(contract, [nora.pk])
    announce(None, [other.pk])
    assert mine.hears(str(contract))
    assert theirs.hears("bell")
    assert str(contract) not in "".join(theirs.lines)


def test_x11_only_the_signed_in_user_gets_a_stream_and_only_the_own(listen, nora):
    other = UserFactory()
    assert listen(nora).status == 200
    assert listen(nora, signed_in(other)).status == 403
    assert listen(nora, "").status == 403


@pytest.mark.parametrize("ends", ["session", "user"])
def test_x11_who_signed_out_or_is_suspended_gets_no_further_stream(listen, nora, ends):
    cookie = signed_in(nora)
    assert listen(nora, cookie).status == 200
    if ends == "session":
        Session.objects.filter(session_key=cookie).delete()
    else:
        User.objects.filter(pk=nora.pk).update(is_active=False)
    assert listen(nora, cookie).status == 403


def test_x11_a_browser_that_polls_learns_that_it_may_ask(web, nora):
    assert asked(web, f"/live/{nora.pk}/", signed_in(nora)) == 204
    assert asked(web, f"/live/{nora.pk}/") == 403


def test_x11_streams_hold_no_thread_and_no_database_connection(web, listen, nora):
    """Eight threads in all, and forty streams: each page still comes at once."""
    people = [UserFactory() for _each in range(40)]
    streams = [listen(one) for one in people]
    cookie = signed_in(nora)
    assert [asked(web, "/jobs/", cookie) for _each in range(10)] == [200] * 10
    assert 1 <= listening() <= len(web.workers())
    announce(None, [one.pk for one in people])
    assert all(stream.hears("bell") for stream in streams)


def test_x11_the_connection_serves_pages_before_it_becomes_a_stream(web, nora):
    """A browser reuses connections: the same one has carried a page before."""
    cookie = signed_in(nora)
    connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=SOON)
    with closing(connection):
        connection.request("GET", "/jobs/", headers={"Cookie": f"session={cookie}"})
        connection.getresponse().read()
        connection.sock.sendall(asking(nora.pk, cookie, since="0").encode())
        said = come(connection.sock, b"again")
        assert said.startswith(b"HTTP/1.1 200")
        announce(None, [nora.pk])
        come(connection.sock, b"bell")


def come(connection: socket.socket, word: bytes) -> bytes:
    """What came up to this word."""
    said = b""
    while word not in said:
        part = connection.recv(65_536)
        assert part, said
        said += part
    return said


def test_x11_when_the_database_hangs_up_it_is_heard_again_and_all_look_again(listen, nora):
    stream = listen(nora)
    hang_up()
    assert stream.hears("again")
    announce(None, [nora.pk])
    assert stream.hears("bell")


def test_x11_open_streams_do_not_hold_up_a_stop(web, listen, nora):
    cookie = signed_in(nora)
    streams = [listen(nora, cookie) for _each in range(10)]
    assert web.stop() < PATIENCE
    assert not any(stream.hears("never") for stream in streams)


def test_x11_after_a_restart_of_the_server_a_page_looks_again(web, listen, nora):
    cookie = signed_in(nora)
    before = listen(nora, cookie)
    web.stop()
    assert not before.hears("never")
    announce(None, [nora.pk])  # nobody hears it
    web.start()
    after = listen(nora, cookie)
    announce(None, [nora.pk])
    assert after.hears("bell")


@pytest.mark.skipif(not shutil.which("prlimit"), reason="util-linux sets the limit")
def test_x11_streams_take_half_of_what_a_process_may_open_and_pages_the_rest(own_database, django_db_blocker, tmp_path):
    with (
        django_db_blocker.unblock(),
        Web(environment(), tmp_path, "prlimit", "--nofile=96") as web,
        ExitStack() as open_,
    ):
        cookies = [(user, signed_in(user)) for user in [UserFactory() for _each in range(110)]]
        opened = [open_.enter_context(closing(Listener(web, user, cookie))) for user, cookie in cookies]
        assert {one.status for one in opened} == {200, 503}
        most = 48 + 4  # a process's half, and what its other threads let in before the last one counts
        assert sum(one.status == 200 for one in opened) in range(48, 2 * most + 1)
        assert {asked(web, "/jobs/", cookie) for _user, cookie in cookies[:10]} == {200}


@pytest.mark.django_db
def test_x11_a_server_whose_connections_cannot_be_taken_says_so(client):
    user = UserFactory()
    client.force_login(user)
    assert client.get(f"/live/{user.pk}/", headers={"Accept": "text/event-stream"}).status_code == 501
    assert client.get(f"/live/{user.pk}/").status_code == 204
    assert client.post(f"/live/{user.pk}/").status_code == 405
