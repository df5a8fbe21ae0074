"""The way not taken, as an ASGI site: streams in an event loop, all other pages in threads. For comparison only.

Needs a2wsgi, which Cairn itself does not.
"""

import asyncio
import time

from a2wsgi import WSGIMiddleware
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import close_old_connections

from marketplace.wsgi import application as wsgi
from notifications.live.hub import Hub
from notifications.live.listener import listen_for_ever
from notifications.live.stream import Stream

site = WSGIMiddleware(wsgi, workers=4)
HEAD = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store")]
hub = Hub()


class Queued(Stream):
    """A stream that the event loop writes."""

    def __init__(self, user_id: int, loop: asyncio.AbstractEventLoop) -> None:
        self.user_id, self.loop, self.queue, self.open = user_id, loop, asyncio.Queue(), True
        self.ends_at = time.monotonic() + 300

    def tell(self, what: str, at: float) -> bool:
        self.loop.call_soon_threadsafe(self.queue.put_nowait, f"data: {at:.3f} {what}\n\n".encode())
        return True

    def is_open(self) -> bool:
        return self.open

    def end(self) -> None:
        self.loop.call_soon_threadsafe(self.queue.put_nowait, b"")


async def application(scope, receive, send) -> None:
    if scope["type"] == "lifespan":
        asyncio.get_running_loop().run_in_executor(None, listen_for_ever, hub)
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        return
    if not scope["path"].startswith("/live/"):
        await site(scope, receive, send)
        return
    await news(scope, send)


async def news(scope, send) -> None:
    cookie = dict(scope["headers"])[b"cookie"].decode().removeprefix("session=")
    stream = Queued(await asyncio.to_thread(user_of, cookie), asyncio.get_running_loop())
    await send({"type": "http.response.start", "status": 200, "headers": HEAD})
    hub.join(stream, time.time())
    try:
        while told := await stream.queue.get():
            await send({"type": "http.response.body", "body": told, "more_body": True})
    finally:
        stream.open = False


def user_of(cookie: str) -> int:
    close_old_connections()
    return int(SessionStore(cookie)[SESSION_KEY])
