"""Finding a Python: by running candidates, under old Pythons too."""

import ast
import os
import re
import subprocess
import sys
from glob import glob
from pathlib import Path

import pytest

from launcher import pythons
from launcher.progress import Stop
from tests.launcher.conftest import ROOT, plain_environment

BEFORE_THE_ENVIRONMENT = [ROOT / "start.py", ROOT / "launcher/__init__.py"] + [
    path for path in (ROOT / "launcher").glob("*.py") if "(Python 3.6)" in path.read_text()
]
OLD = sorted(glob(os.path.expanduser("~/.pyenv/versions/3.[6-9]*/bin/python3")))


def program(folder: Path, name: str, script: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text("#!/bin/sh\n" + script)
    path.chmod(0o755)
    return path


def test_a_shim_that_exits_127_is_passed_over_for_one_that_runs(tmp_path):
    program(tmp_path / "shims", "python3.13", "echo 'pyenv: python3.13: command not found' >&2; exit 127")
    good = program(tmp_path / "later", "python3.13", f'exec {sys.executable} "$@"')
    tried = [str(tmp_path / "shims/python3.13"), str(good)]
    assert [pythons.probe(path)[0] for path in tried] == [None, sys.version_info[:3]]
    found = pythons.candidates({"PATH": f"{tmp_path}/shims:{tmp_path}/later"})
    assert [path for path in found if str(tmp_path) in path] == tried


def test_what_answers_nonsense_or_nothing_is_no_python(tmp_path):
    scripts = {"chatty": "echo hello", "silent": "exit 0", "old": "echo 3.11.2; echo complete"}
    versions = [pythons.probe(str(program(tmp_path, name, script)))[0] for name, script in scripts.items()]
    assert versions == [None, None, (3, 11, 2)]
    assert pythons.probe(str(tmp_path / "missing")) == (None, False)


@pytest.mark.parametrize(("version", "fits"), [((3, 11), False), ((3, 12), True), ((3, 14), True), ((3, 15), False)])
def test_cairn_runs_on_312_to_314(version, fits):
    assert pythons.fits(version) is fits


def test_a_chosen_python_that_does_not_fit_is_refused_with_its_version(tmp_path):
    old = program(tmp_path, "python3", "echo 3.9.1; echo complete")
    with pytest.raises(Stop, match=r"must name a Python 3.12, 3.13 or 3.14, and .* \(3.9.1\) is none"):
        pythons.find({"CAIRN_PYTHON": str(old)})


def test_a_python_without_venv_is_named_with_the_package_that_brings_it(tmp_path):
    bare = program(tmp_path, "python3", "echo 3.13.0; echo 'No module named ensurepip' >&2; exit 1")
    with pytest.raises(Stop, match="lacks its venv and ensurepip modules; install them"):
        pythons.find({"CAIRN_PYTHON": str(bare)})


def test_some_modules_promise_to_run_under_python_36():
    assert {"begin.py", "install.py", "pythons.py"} <= {path.name for path in BEFORE_THE_ENVIRONMENT}


@pytest.mark.parametrize("path", BEFORE_THE_ENVIRONMENT, ids=lambda path: path.name)
def test_what_runs_before_the_environment_is_written_for_python_36(path):
    ast.parse(path.read_text(), feature_version=(3, 6))
    assert not re.search(r"capture_output|text=|removeprefix|missing_ok|list\[|dict\[|:=", path.read_text())


@pytest.mark.parametrize("python", OLD)
def test_an_old_python_can_start_the_launcher(python):
    words, environ = [python, str(ROOT / "start.py"), "--port", "no"], plain_environment()
    said = subprocess.run(words, check=False, capture_output=True, text=True, env=environ)
    assert (said.returncode, said.stderr.startswith("Cairn: no is no port")) == (1, True), said.stderr
