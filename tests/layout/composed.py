"""compose.yaml as it is written, and what each of its services would be started with. Starts nothing."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"(?<!\$)\$\{(?P<name>[A-Z_]+)(?P<else>:\?|:-(?P<default>[^}]*))?\}")


class EachNameOnce(yaml.SafeLoader):
    """As engines read it: a name that stands twice in one place is an error, and not the last of the two."""

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        names = [key.value for key, _value in node.value]
        if len(set(names)) < len(names):
            raise yaml.constructor.ConstructorError(None, None, f"a name stands twice among {names}", node.start_mark)
        super().flatten_mapping(node)


EachNameOnce.add_constructor("!override", lambda loader, node: loader.construct_mapping(node, deep=True))


@cache
def composed(name: str = "compose.yaml") -> dict:
    """A file of compose as it is written; a value in place of another, and not beside it, is like any other here."""
    return yaml.load((ROOT / name).read_text(), EachNameOnce)  # noqa: S506 - it is a safe loader


def service(name: str) -> dict:
    return composed()["services"][name]


def command(name: str) -> list[str]:
    return list(service(name)["command"])


def environment(name: str, given: Mapping[str, str], instead: Mapping[str, str]) -> dict[str, str]:
    """What the service's processes know, with these variables of .env; `instead` are the addresses of this machine.

    KeyError for a variable that has to be given and is not, and for an address that compose.yaml does not name.
    """
    said = {key: filled(value, given) for key, value in service(name)["environment"].items()}
    if foreign := set(instead) - set(said):
        raise KeyError(f"{name} is told of {foreign}, and in compose.yaml it is not.")
    return said | dict(instead)


def filled(value: str, given: Mapping[str, str]) -> str:
    """A value with its variables as compose fills them in."""

    def one(found: re.Match[str]) -> str:
        if found["else"] == ":?":
            if not given.get(found["name"]):
                raise KeyError(found["name"])
            return given[found["name"]]
        return given.get(found["name"]) or found["default"] or ""

    return NAMED.sub(one, value)


def asked_for() -> dict[str, str | None]:
    """Each variable of .env that compose.yaml asks for, with what holds without it; None: it has to be given."""
    found = NAMED.finditer(json.dumps(composed(), ensure_ascii=False))
    return {each["name"]: None if each["else"] == ":?" else each["default"] or "" for each in found}


def example() -> dict[str, str]:
    """The variables of deploy/example.env."""
    return dict(line.split("=", 1) for line in _lines() if line and not line.startswith("#"))


def left_out() -> dict[str, str]:
    """Those that stand there behind a #, as what may differ and need not be said."""
    return dict(line[1:].split("=", 1) for line in _lines() if re.match("#[A-Z_]+=", line))


def _lines() -> list[str]:
    return (ROOT / "deploy" / "example.env").read_text().splitlines()
