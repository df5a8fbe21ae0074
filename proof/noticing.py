"""A plugin for pytest, in place of its own loop: the tests are asked what they notice (proof.guards_asked)."""

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    from proof.guards_asked import ask  # not before Django is set up

    if session.testsfailed:
        raise session.Interrupted("Something could not be collected.")
    ask(session)
    return True
