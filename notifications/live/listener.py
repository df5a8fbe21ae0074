"""The one connection of this process on which the database is heard, in a thread of its own. Knows no browser.

It is made with the first stream, and made again for as long as the process lives.
"""

import logging
import threading
import time
from functools import cache

import psycopg
from django.conf import settings
from django.db import connections

from notifications.live.hub import Hub
from notifications.live.notice import CHANNEL, Notice

BEAT = 15  # seconds between two signs of life to every browser, and to the database
PATIENCE = 1  # seconds between two attempts to reach the database
logger = logging.getLogger(__name__)
starting = threading.Lock()  # many threads may ask first


def hub() -> Hub:
    """The hub of this process, which listens from the first time that it is asked for."""
    with starting:
        return started()


@cache
def started() -> Hub:
    made = Hub()
    threading.Thread(target=listen_for_ever, args=[made], name="live", daemon=True).start()
    return made


def listen_for_ever(hub: Hub) -> None:
    beaten = time.monotonic()
    while True:
        try:
            listen(hub)
        except Exception as error:  # whatever it is, the next attempt may go well
            logger.warning("Live: the database is not heard (%s); trying again.", str(error).strip())
        hub.is_deaf()
        time.sleep(PATIENCE)
        hub.end_old()
        if time.monotonic() - beaten > BEAT:
            beaten = time.monotonic()
            hub.beat()


def listen(hub: Hub) -> None:
    """Pass on what the database says until it goes away."""
    with connect() as database:
        database.execute(f"LISTEN {CHANNEL}")
        hub.listens()
        while True:
            hear_until(time.monotonic() + BEAT, database, hub)
            hub.beat()
            database.execute("SELECT 1")  # a server that went without a word is noticed


def hear_until(beat: float, database: psycopg.Connection, hub: Hub) -> None:
    while time.monotonic() < beat:
        for heard in database.notifies(timeout=1):
            hub.hear(Notice.read(heard.payload))
        hub.end_old()


def connect() -> psycopg.Connection:
    """To the server itself: a pooler in transaction mode would swallow what it says."""
    known = connections["default"].copy()
    known.settings_dict |= settings.DIRECT_DATABASE
    patience = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 2, "tcp_user_timeout": 20_000}
    params = known.get_connection_params() | patience | {"application_name": "cairn live"}
    return psycopg.connect(**params, autocommit=True)
