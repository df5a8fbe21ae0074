"""Finding a free port."""

import socket

import pytest

from launcher import port
from launcher.progress import Stop


@pytest.fixture
def taken():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_port_that_is_taken_gives_the_next_free_one_and_says_so(taken, capsys):
    with port.listen(taken) as listening:
        host, number = listening.getsockname()
    assert (host, number > taken) == ("127.0.0.1", True)
    assert f"Port {taken} is taken by another program: using {number} instead" in capsys.readouterr().err


def test_a_free_port_is_taken_without_a_word(taken, capsys):
    with port.listen(0) as listening:
        assert listening.getsockname()[1] != 0
    assert capsys.readouterr().err == ""


def test_no_port_left_is_a_sentence(monkeypatch):
    with socket.socket() as other:
        try:
            other.bind(("127.0.0.1", 65535))
            other.listen()
        except OSError:
            pass  # somebody else has it: as good
        with pytest.raises(Stop, match="No port from 65535 to 65535 is free"):
            port.listen(65535)
