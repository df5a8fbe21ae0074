"""File locks that the kernel drops with their process. Knows no file by name. (Python 3.6)"""

import errno
import os
import time
from contextlib import contextmanager

try:
    import fcntl
except ImportError:  # Windows: begin.py has refused before any lock is asked for
    fcntl = None


class Busy(Exception):
    """Somebody else holds the lock."""


def take(path, shared=False, patience=0.0):
    """Lock the file and answer its descriptor; close that to let go. Raises Busy after `patience` seconds."""
    handle = os.open(str(path), os.O_RDWR | os.O_CREAT, 0o600)
    kind = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(handle, kind)
            return handle
        except OSError as problem:
            if problem.errno not in (errno.EAGAIN, errno.EACCES) or time.monotonic() > deadline:
                os.close(handle)
                if problem.errno not in (errno.EAGAIN, errno.EACCES):
                    raise
                raise Busy(str(path)) from None
        time.sleep(0.02)


@contextmanager
def held(path, patience):
    """Hold the lock for as long as the block lasts."""
    handle = take(path, patience=patience)
    try:
        yield
    finally:
        os.close(handle)


def is_free(path, shared=False):
    """Nobody holds the lock at this moment; with `shared`, nobody holds it alone. A file that is not there is free."""
    if not os.path.exists(str(path)):
        return True
    try:
        os.close(take(path, shared=shared))
    except Busy:
        return False
    return True
