"""Who of the streams of one process is told what: over real sockets, with a clock of the test's own."""

import itertools
import socket
import time
from collections.abc import Iterator

import pytest

from notifications.live.hub import MEMORY, MOST_OF_ONE, Hub
from notifications.live.notice import Notice
from notifications.live.stream import Stream

NOON = 1_000_000.0
ONE, TWO = "7a1f1f0e-5f0b-4e58-9a5e-0f6c2d1f3b4a", "0b8bbd8e-fb14-41d5-a951-e739161df0b3"


class Clock:
    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> float:
        return self.at


class Browser:
    """The far end of a stream."""

    def __init__(self, user_id: int, *, chunked: bool = False) -> None:
        self.end, near = socket.socketpair()
        self.end.settimeout(0.2)
        self.stream = Stream(near, user_id, chunked=chunked)

    def received(self) -> bytes:
        """All that has come so far, up to the end if it has ended."""
        found = b""
        try:
            while part := self.end.recv(65_536):
                found += part
        except TimeoutError:
            return found
        return found + b"END"

    def heard(self) -> list[str]:
        """What was said, without its times and without signs of life."""
        lines = self.received().decode().replace("END", "data: 0 END\n").splitlines()
        said = [line.split()[2] for line in lines if line.startswith("data: ")]
        return [what for what in said if what != "here"]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hub(clock) -> Hub:
    """One that has listened for ten minutes."""
    made = Hub(clock)
    made.listens()
    clock.at += 600
    return made


@pytest.fixture
def browse(hub, clock) -> Iterator:
    """Open a stream; by default of a page that was made just now."""
    opened = []

    def browser(user_id: int, *, ago: float = 0, **options) -> Browser:
        opened.append(Browser(user_id, **options))
        hub.join(opened[-1].stream, clock.at - ago)
        return opened[-1]

    yield browser
    for one in opened:
        one.stream.end()
        one.end.close()


def test_x11_only_those_whom_it_concerns_are_told(hub, browse):
    mine, also_mine, other = browse(1), browse(1), browse(2)
    hub.hear(Notice(ONE, (1, 3)))
    assert (mine.heard(), also_mine.heard(), other.heard()) == ([ONE], [ONE], [])


def test_x11_a_stream_begins_with_a_sign_of_life_and_the_time(hub, browse, clock):
    assert browse(1).received() == f"data: {clock.at:.3f} here\n\n".encode()


def test_x11_in_chunks_where_the_response_announced_them(hub, browse):
    one = browse(1, chunked=True)
    hub.hear(Notice("bell", (1,)))
    text = b"data: 1000600.000 bell\n\n"
    assert one.received().endswith(b"%x\r\n%s\r\n" % (len(text), text))
    one.stream.end()
    assert one.received() == b"0\r\n\r\nEND"


def test_x11_what_came_between_the_page_and_its_stream_is_told_at_once(hub, browse, clock):
    for what in (ONE, TWO):
        clock.at += 10
        hub.hear(Notice(what, (1,)))
    clock.at += 1
    assert browse(1, ago=5).heard() == [TWO]
    assert browse(1, ago=15).heard() == [ONE, TWO]
    assert browse(2, ago=15).heard() == []


@pytest.mark.parametrize("ago", [MEMORY + 1, 10_000, NOON])
def test_x11_who_was_away_for_long_looks_at_everything_again(hub, browse, ago):
    assert browse(1, ago=ago).heard() == ["again"]


def test_x11_after_the_database_was_not_heard_all_look_again(hub, browse, clock):
    before = browse(1)
    hub.is_deaf()
    meanwhile = browse(1)
    assert meanwhile.heard() == []
    clock.at += 3
    hub.listens()
    assert (before.heard(), meanwhile.heard()) == (["again"], ["again"])
    clock.at += 3
    assert browse(1, ago=5).heard() == ["again"]
    assert browse(1, ago=1).heard() == []


def test_x11_what_is_old_is_forgotten(hub, clock):
    hub.hear(Notice(ONE, (1,)))
    clock.at += MEMORY + 2
    hub.hear(Notice(TWO, (1,)))
    hub.beat()
    assert [notice.what for _at, notice in hub._recent] == [TWO]


def test_x11_a_browser_that_went_is_dropped_at_the_next_beat(hub, browse):
    stays, goes = browse(1), browse(1)
    goes.end.close()
    hub.beat()
    assert len(hub) == 1
    assert stays.received().count(b"here") == 2


def test_x11_a_browser_that_does_not_read_holds_nobody_up(hub, browse):
    stuck, reads = browse(1), browse(1)
    for told in itertools.count():
        hub.hear(Notice(ONE, (1,)))
        reads.end.recv(65_536)
        if len(hub) == 1:
            break
        assert told < 100_000
    hub.hear(Notice(TWO, (1,)))
    assert reads.heard()[-1] == TWO
    assert stuck.received().endswith(b"END")


def test_x11_a_stream_ends_when_its_time_is_over(hub, browse, monkeypatch):
    old, young = browse(1), browse(1)
    monkeypatch.setattr(old.stream, "ends_at", 0)
    hub.end_old()
    assert (old.heard(), young.heard()) == (["END"], [])


def test_x11_who_was_shut_out_hears_for_five_minutes_at_most(browse):
    ends = [browse(1).stream.ends_at - time.monotonic() for _each in range(10)]
    assert 100 < min(ends) < max(ends) < 300


def test_x11_of_too_many_streams_of_one_user_the_oldest_makes_room(hub, browse):
    browsers = [browse(1) for _each in range(MOST_OF_ONE + 1)]
    assert len(hub) == MOST_OF_ONE
    assert browsers[0].heard() == ["END"]
    assert browsers[1].heard() == browsers[-1].heard() == []
