"""What the site's processes are told of the database: on our own server those that serve log in as a role that can."""

import pytest

from launcher.environment import WEB_LOGIN, serving

OWN = "postgres://cairn@/cairn?host=%2Ftmp%2Fx"


def test_on_our_own_server_those_that_serve_log_in_as_the_role_for_it():
    told = serving({"DATABASE_URL": OWN, "CAIRN_WEB_LOGIN": WEB_LOGIN, "X": "y"})
    assert told == {"DATABASE_URL": OWN.replace("cairn@", "cairn_web@"), "CAIRN_WEB_LOGIN": WEB_LOGIN, "X": "y"}


@pytest.mark.parametrize("url", [OWN, "postgres://somebody:secret@elsewhere/thing"])
def test_a_server_that_was_named_is_spoken_to_as_it_was_named(url):
    assert serving({"DATABASE_URL": url}) == {"DATABASE_URL": url}
