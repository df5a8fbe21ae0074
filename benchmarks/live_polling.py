"""The way not taken, as a WSGI site: browsers that poll an address which never reaches Django. For comparison only.

A signed token says who asks; what was announced is kept in memory, fed by the process's one listening connection.
"""

import time
from collections.abc import Callable, Iterable
from urllib.parse import parse_qs

from django.core.signing import TimestampSigner

from marketplace.wsgi import application as site
from notifications.live.listener import hub

PREFIX = "/poll/"


def application(environ: dict, start_response: Callable) -> Iterable[bytes]:
    if not environ["PATH_INFO"].startswith(PREFIX):
        return site(environ, start_response)
    user_id = int(TimestampSigner().unsign(environ["PATH_INFO"].removeprefix(PREFIX), max_age=3_600))
    since = float(parse_qs(environ["QUERY_STRING"])["since"][0])
    news = [notice.what for at, notice in tuple(hub()._recent) if at >= since and user_id in notice.users]
    text = " ".join([f"{time.time():.3f}", *news]).encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(text)))])
    return [text]


def address(user_id: int) -> str:
    return PREFIX + TimestampSigner().sign(str(user_id))
