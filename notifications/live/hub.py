"""All streams of this process, and what was heard of late. Knows no database, no request and no browser."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from threading import Lock

from notifications.live.notice import Notice
from notifications.live.stream import Stream

HERE = "here"  # nothing new, but still there
AGAIN = "again"  # something may have been missed: look at everything again
MEMORY = 60  # seconds for which a browser may be away without having to look at everything again
SKEW = 1  # seconds that the clocks of two web servers may differ
MOST_OF_ONE = 20  # streams of one user; the oldest makes room


class Hub:
    """Streams are told what concerns their user. Every time is the server's, in seconds since 1970."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = Lock()
        self._streams: dict[int, list[Stream]] = {}
        self._recent: deque[tuple[float, Notice]] = deque()
        self._listening_since: float | None = None

    def __len__(self) -> int:
        return sum(map(len, tuple(self._streams.values())))

    def join(self, stream: Stream, since: float) -> None:
        """Tell this stream from now on what concerns its user, and at once what did so since then."""
        with self._lock:
            mine = self._streams.setdefault(stream.user_id, [])
            mine.append(stream)
            if len(mine) > MOST_OF_ONE:
                mine.pop(0).end()
            for what in self._missed(stream.user_id, since - SKEW):
                self._tell(stream, what)

    def hear(self, notice: Notice) -> None:
        """The database told of news: pass it on to whom it concerns."""
        with self._lock:
            self._recent.append((self._clock(), notice))
            for user_id in notice.users:
                for stream in self._of(user_id):
                    self._tell(stream, notice.what)

    def listens(self) -> None:
        """From now on the database is heard; what it said before may be lost."""
        with self._lock:
            self._recent.clear()
            self._listening_since = self._clock()
            self._tell_all(AGAIN)

    def is_deaf(self) -> None:
        """The database is not heard any more."""
        with self._lock:
            self._listening_since = None

    def end_old(self) -> None:
        """Every second, so that never many browsers ask for their next stream at once."""
        with self._lock:
            for stream in self._all():
                if time.monotonic() > stream.ends_at:
                    self._drop(stream)

    def beat(self) -> None:
        """From time to time: show every browser that we are there, and drop those that have gone."""
        with self._lock:
            self._forget()
            for stream in self._all():
                if not stream.is_open():
                    self._drop(stream)
            self._tell_all(HERE)

    def _missed(self, user_id: int, since: float) -> Iterator[str]:
        if self._listening_since is None:
            pass  # all are told when it listens
        elif since < max(self._listening_since, self._clock() - MEMORY):
            yield AGAIN
        else:
            yield from (notice.what for at, notice in self._recent if at >= since and user_id in notice.users)
        yield HERE

    def _tell_all(self, what: str) -> None:
        for stream in self._all():
            self._tell(stream, what)

    def _tell(self, stream: Stream, what: str) -> None:
        if not stream.tell(what, self._clock()):
            self._drop(stream)

    def _drop(self, stream: Stream) -> None:
        stream.end()
        rest = [other for other in self._of(stream.user_id) if other is not stream]
        if rest:
            self._streams[stream.user_id] = rest
        else:
            self._streams.pop(stream.user_id, None)

    def _forget(self) -> None:
        oldest = self._clock() - MEMORY - SKEW
        while self._recent and self._recent[0][0] < oldest:
            self._recent.popleft()

    def _of(self, user_id: int) -> list[Stream]:
        return list(self._streams.get(user_id, ()))

    def _all(self) -> list[Stream]:
        return [stream for streams in self._streams.values() for stream in streams]
