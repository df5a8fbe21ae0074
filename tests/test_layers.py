"""The floors hold, and the linter that says so notices when they do not."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("marketplace", "escrow", "contracts", "notifications")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in FLOORS:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "tests"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env={"PATH": "/usr/bin:/bin"}
    )


def test_the_floors_hold(copy):
    assert lint(copy).returncode == 0


@pytest.mark.parametrize(
    ("module", "forbidden"),
    [
        ("marketplace/models/people.py", "import contracts.states"),
        ("escrow/money.py", "import contracts.states"),
        ("contracts/models/event.py", "import notifications.apps"),
        ("contracts/plan/values.py", "import contracts.models"),
        ("contracts/operations/plan.py", "import contracts.forms.plan"),
        ("contracts/operations/release.py", "import contracts.timers"),
        ("contracts/reading/overview.py", "import contracts.operations.plan"),
    ],
)
def test_a_violation_is_noticed(copy, module, forbidden):
    path = copy / module
    path.write_text(f"{path.read_text()}\n{forbidden}\n")
    result = lint(copy)
    assert result.returncode == 1, result.stdout
    assert "is not allowed to import" in result.stdout
