"""`start.py test`: the whole suite on a throw-away database. Knows pytest's command line a little."""

import os
import tempfile
from pathlib import Path

from launcher import browser, children, environment
from launcher.progress import Stop, say

ALONE = ("-n", "--numprocesses", "--pdb", "--trace", "-p")  # who says one of these decides about processes


def run(rest: list[str]) -> int:
    """Pytest's own exit code."""
    found = browser.find(dict(os.environ))
    if not found:
        if os.environ.get("CI", "").lower() in {"1", "true"}:
            raise Stop(
                f"No Chromium or Chrome found, and in CI nothing is skipped; install it: apt install {browser.LIGHT}."
            )
        say(browser.ADVICE)
    with (
        tempfile.TemporaryDirectory(prefix="cairn-test-", ignore_cleanup_errors=True) as data,
        environment.site(Path(data), "test", throwaway=True) as environ,
    ):
        environ["CAIRN_BROWSER"] = found
        return children.foreground(children.environment_python("-m", "pytest", *parallel(rest), *rest), environ)


def parallel(rest: list[str]) -> list[str]:
    """As many processes as the machine has cores."""
    return [] if any(word.startswith(ALONE) for word in rest) else ["-n", "auto"]
