"""docs/operations.md and docs/restoring.md speak of what there is: vitals, their bounds, commands, variables, files."""

import re

import pytest
from django.core.management import get_commands

from marketplace import vitals
from tests.layout.composed import ROOT, composed, example, left_out

TEXT = (ROOT / "docs" / "operations.md").read_text()
BOTH = TEXT + (ROOT / "docs" / "restoring.md").read_text()
SECONDS = {"s": 1, "min": 60, "h": 3600}
# Named, and not in .env: what compose.yaml makes of it, or what only another layout says.
ELSEWHERE = {"OWNER_DATABASE_URL", "DATABASE_URL", "DIRECT_DATABASE_URL", "CAIRN_PROXIES"}
ELSEWHERE |= {"ALLOWED_HOSTS", "COMPOSE_FILE"}
HOW = r"run --rm(?: --no-deps)?(?: -T)?(?: -v \S+)?|exec(?: -T| -e \w+)?|up --detach(?: --no-deps| --wait)*"
HOW += "|logs|stop|kill --signal HUP"
CALLS = rf"docker compose (?:{HOW}) ((?:[a-z]+(?:-[a-z]+)? ?)+)"


def bound(said: str) -> float | None:
    """What the table's second column says."""
    number, _space, unit = said.partition(" ")
    return float(number) * SECONDS.get(unit, 1) if number else None


def test_each_vital_has_a_row_with_its_bound_and_what_to_do():
    rows = re.findall(r"^\| `([a-z_]+)` \| ([^|]*?) ?\| (.+) \|$", TEXT, re.MULTILINE)
    told = {name: bound(said.strip()) for name, said, _do in rows}
    assert told == {each.name: each.most for each in vitals._registered}
    assert all(len(do) > 10 for _name, _said, do in rows)


@pytest.mark.parametrize("command", sorted(set(re.findall(r"manage\.py (\w+)", BOTH))))
def test_each_command_exists(command):
    assert command in get_commands()


def test_each_service_that_is_spoken_of_exists():
    named = {word for said in re.findall(CALLS, BOTH) for word in said.split()} - {"python", "manage", "sh", "tar"}
    assert named <= set(composed()["services"])
    assert {"worker", "migrate", "proxy"} <= named


def test_each_variable_that_is_spoken_of_is_one():
    named = set(re.findall(r"`([A-Z][A-Z_]{4,})[=`]", BOTH))
    assert named <= example().keys() | left_out().keys() | ELSEWHERE


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:deploy|tests|docs|marketplace)/[\w./]+)`", BOTH))))
def test_each_file_that_is_spoken_of_is_there(path):
    assert (ROOT / path).exists()
