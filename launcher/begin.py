"""The first steps, under whatever python3 there is: packages first, then the same again inside them. (Python 3.6)"""

import errno
import os
import sys

from launcher import arguments, install
from launcher.progress import Stop, say


def main(argv):
    """Answer the exit code; every refusal is one sentence."""
    try:
        return _main(argv)
    except Stop as refusal:
        say("Cairn: {}".format(refusal))
    except OSError as problem:
        say("Cairn: {}".format(_sentence(problem)))
    except KeyboardInterrupt:
        say("\nCairn: stopped.")
        return 130
    return 1


def _main(argv):
    if os.name != "posix":
        raise Stop("The launcher runs on Linux and macOS; on Windows use WSL.")
    options = arguments.parse(argv)
    if options.verb == "help":
        print(arguments.HELP)
        return 0
    python = install.prepare(options)
    if os.path.realpath(sys.prefix) != os.path.realpath(install.VENV):
        sys.stdout.flush()
        os.execv(python, [python, os.path.join(arguments.ROOT, "start.py"), *argv])
    from launcher import verbs  # needs the environment's own, newer Python

    return verbs.do(options)


def _sentence(problem):
    if problem.errno == errno.ENOSPC:
        return "The disk is full; free about 1 GB and start again."
    if problem.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "{} may not be written; choose another folder with --data.".format(problem.filename or "The folder")
    return "{} ({}); put that right and start again.".format(problem.strerror or problem, problem.filename or "")
