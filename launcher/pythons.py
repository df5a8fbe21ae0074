"""Finds a Python that can run Cairn, by running candidates: a name may be a shim that fails. (Python 3.6)"""

import os
import subprocess
import sys
from glob import glob

from launcher.progress import Stop

FLOOR, CEILING = (3, 12), (3, 15)
NAMES = ("python3.13", "python3.12", "python3.14", "python3", "python")
PLACES = (
    "~/.pyenv/versions/*/bin",
    "/usr/local/bin",
    "/usr/bin",
    "/opt/*/bin",
    "/opt/*/*/bin",
    "~/.local/share/uv/python/*/bin",
    "~/.local/share/mise/installs/python/*/bin",
    "~/.asdf/installs/python/*/bin",
    "/Library/Frameworks/Python.framework/Versions/*/bin",
)
PROBE = """import sys
print("%d.%d.%d" % sys.version_info[:3])
import ensurepip, ssl, venv
print("complete")"""


def probe(path):
    """Run a candidate; answers (version or None, whether it can make environments)."""
    try:
        done = subprocess.run(
            [path, "-I", "-c", PROBE], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
            timeout=20, check=False,
        )  # fmt: skip
        words = done.stdout.decode("ascii", "replace").split()
        version = tuple(int(part) for part in words[0].split("."))
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return None, False
    return version, done.returncode == 0 and words[1:] == ["complete"]


def fits(version):
    """Cairn runs on this version."""
    return version is not None and FLOOR <= version[:2] < CEILING


def candidates(environ):
    """Paths to try, likely ones first; a name on PATH is looked up in every folder, not only in the first."""
    if environ.get("CAIRN_PYTHON"):
        return [os.path.expanduser(environ["CAIRN_PYTHON"])]
    folders = environ.get("PATH", os.defpath).split(os.pathsep)
    for place in PLACES:
        folders += sorted(glob(os.path.expanduser(place)), reverse=True)
    paths = [sys.executable] + [os.path.join(folder, name) for name in NAMES for folder in folders if folder]
    return list(dict.fromkeys(path for path in paths if path and os.access(path, os.X_OK)))


def find(environ=None):
    """Answer (path, version) of the first candidate that runs, is new enough and can make environments."""
    environ = os.environ if environ is None else environ
    incomplete, seen = None, []
    for path in candidates(environ):
        version, complete = probe(path)
        if fits(version) and complete:
            return path, version
        if fits(version):
            incomplete = incomplete or path
        seen.append("{} ({})".format(path, ".".join(map(str, version)) if version else "does not run"))
    raise Stop(_refusal(environ.get("CAIRN_PYTHON"), incomplete, seen))


def _refusal(chosen, incomplete, seen):
    if incomplete:
        return (
            "{} lacks its venv and ensurepip modules; install them (Debian, Ubuntu: apt install python3-venv) "
            "or name another Python with CAIRN_PYTHON=/path/to/python.".format(incomplete)
        )
    if chosen:
        return "CAIRN_PYTHON must name a Python 3.12, 3.13 or 3.14, and {} is none.".format(", ".join(seen) or chosen)
    found = ", ".join(seen[:6]) or "none at all"
    return (
        "Cairn needs Python 3.12, 3.13 or 3.14 and found only {}; install one (python.org, apt, brew, pyenv) "
        "or name it with CAIRN_PYTHON=/path/to/python.".format(found)
    )
