"""X11: news survives a restart of the database. A real server, stopped and started under a process that listens."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.launcher.conftest import ROOT, ask, plain_environment, server_of


@pytest.fixture
def listens(folder) -> Callable[[str], subprocess.Popen]:
    """Start a process that listens to the database at this address."""
    started = []

    def listening(url: str) -> subprocess.Popen:
        more = {"DJANGO_SETTINGS_MODULE": "marketplace.settings", "CAIRN_DATABASE_ROLE": "cairn"}
        environ = plain_environment(CAIRN_MODE="test", DATABASE_URL=url, **more)
        words = [sys.executable, "-m", "tests.listening"]
        with (folder / "listening.log").open("w") as log:
            started.append(
                subprocess.Popen(words, cwd=ROOT, env=environ, text=True, stdout=subprocess.PIPE, stderr=log)
            )
        return started[-1]

    yield listening
    for one in started:
        one.kill()
        one.communicate()


def next_news(process: subprocess.Popen) -> str:
    """The next word that is no sign of life."""
    return next(line.strip() for line in process.stdout if line != "here\n")


def test_x11_after_a_restart_of_the_database_news_is_heard_again(use, folder, listens):
    first = use()
    url = first.url()
    process = listens(url)
    assert next_news(process) == "again"
    ask(url, "NOTIFY live, 'bell 1'")
    assert next_news(process) == "bell"
    first.end()
    assert server_of(folder / "d") == 0
    assert use().url() == url
    assert next_news(process) == "again"
    ask(url, "NOTIFY live, 'bell 1'")
    assert next_news(process) == "bell"


def test_x11_a_notice_that_nobody_understands_stops_nothing(use, listens):
    url = use().url()
    process = listens(url)
    assert next_news(process) == "again"
    ask(url, "NOTIFY live, 'nonsense'; NOTIFY live")
    assert next_news(process) == "again"
    ask(url, "NOTIFY live, 'bell 1'")
    assert next_news(process) == "bell"
