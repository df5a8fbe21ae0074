"""What the launcher says to the person who started it. Knows no step itself. (Python 3.6)

Everything goes to standard error, so that the output of `start.py manage ...` can be piped.
"""

import sys
import time
from contextlib import contextmanager


class Stop(Exception):
    """The launcher cannot go on; the text is one sentence that says what happened and what to do."""


def say(text, end="\n"):
    """Print a line; a terminal that has gone away (SIGHUP) is no reason to fail while stopping."""
    try:
        sys.stderr.write(text + end)
        sys.stderr.flush()
    except (OSError, ValueError):
        pass


@contextmanager
def step(text):
    """Say what is being done, and how long it took."""
    say("  " + text + " ... ", end="")
    begun = time.monotonic()
    try:
        yield
    except BaseException:
        say("")
        raise
    say("{:.1f} s".format(time.monotonic() - begun))


def last_lines(path, count=5):
    """The end of a log, for the sentence that says why something stopped."""
    try:
        with open(str(path), errors="replace") as log:
            return "".join("    " + line for line in log.readlines()[-count:]).rstrip()
    except OSError:
        return "    (no log at {})".format(path)
