"""The environment and its packages: made once, and every failure a sentence. One real environment, a tiny package."""

import hashlib
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.launcher.conftest import ROOT, plain_environment

NOWHERE = "http://127.0.0.1:9/simple"


def wheel(folder: Path) -> str:
    """A package of nothing; answers its line for a requirements file."""
    path = folder / "pebble-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("pebble.py", "")
        made.writestr("pebble-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: pebble\nVersion: 1.0\n")
        made.writestr("pebble-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        made.writestr("pebble-1.0.dist-info/RECORD", "")
    return f"pebble==1.0 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A checkout of the launcher alone, set up once."""
    small = tmp_path_factory.mktemp("a checkout")
    shutil.copytree(ROOT / "launcher", small / "launcher", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "start.py", small)
    (small / "requirements.txt").write_text(wheel(small))
    (small / "requirements-dev.txt").write_text("")
    (small / "requirements-postgres.txt").write_text("never-to-be-found==1 --hash=sha256:" + "0" * 64 + "\n")
    code, said = setup(small, DATABASE_URL="postgres://there/x")
    assert code == 0, said
    return small


def setup(checkout: Path, **environ: str) -> tuple[int, str]:
    """Run `start.py setup`, with no index but the checkout's own folder."""
    own = {"PIP_CONFIG_FILE": "/dev/null", "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": checkout.as_uri(), "PIP_RETRIES": "1"}
    done = subprocess.run(
        [sys.executable, str(checkout / "start.py"), "setup"], check=False, capture_output=True, text=True,
        env={**plain_environment(), **own, **environ},
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr


def test_with_database_url_the_wheel_of_the_server_is_not_asked_for(made):
    assert "requirements-postgres.txt" not in (made / ".venv/cairn-installed.json").read_text()
    assert setup(made, DATABASE_URL="postgres://there/x") == (0, "  Everything is installed.\n")


def test_where_no_wheel_fits_the_systems_server_may_serve(made):
    code, said = setup(made)
    assert (code, "requirements-postgres.txt" in said) == (0, True)
    assert setup(made) == (0, "  Everything is installed.\n")


def changed(made: Path, comment: str) -> None:
    """As a new commit would: other content, the same package."""
    requirements = made / "requirements.txt"
    requirements.write_text(requirements.read_text().partition("#")[0] + "# " + comment)


def test_changed_requirements_are_installed_again(made):
    changed(made, "again")
    code, said = setup(made)
    assert (code, "Installing requirements.txt" in said) == (0, True)


def test_without_a_network_one_sentence_says_so_and_the_next_start_tries_again(made):
    subprocess.run([made / ".venv/bin/python", "-m", "pip", "uninstall", "-qy", "pebble"], check=True)
    changed(made, "no network")
    code, said = setup(made, PIP_NO_INDEX="", PIP_INDEX_URL=NOWHERE, PIP_FIND_LINKS="")
    assert (code, said.splitlines()[-1]) == (
        1,
        "Cairn: The Python package index cannot be reached; check the network (or pip's index-url) and start again.",
    )
    assert setup(made)[0] == 0


def test_a_package_that_was_tampered_with_is_refused(made):
    subprocess.run([made / ".venv/bin/python", "-m", "pip", "uninstall", "-qy", "pebble"], check=True)
    requirements = made / "requirements.txt"
    before = requirements.read_text()
    requirements.write_text("pebble==1.0 --hash=sha256:" + "1" * 64 + "\n")
    code, said = setup(made)
    assert (code, "is not the one that was locked" in said) == (1, True)
    requirements.write_text(before)
    assert setup(made)[0] == 0
