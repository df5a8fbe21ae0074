"""What production reads from the environment can be said in .env: compose.yaml hands it on, with the settings' default.

A default has one home, the settings; compose.yaml, the example and the table for people say the same.
"""

import ast
import re
from collections.abc import Iterator

import environ
import pytest

from tests.layout.composed import ROOT, asked_for, example, left_out, service
from tests.layout.test_composed import SITE, TRYING

FILES = ("settings.py", "security_settings.py", "mode.py")
READERS = {"given", "hosts"}  # those of marketplace/mode.py; the others are the library's: env.int, env.str
NOT_HANDED_ON = {
    "CAIRN_GATEWAY": "production takes one alone",
    "SANDBOX_WEBHOOK_SECRET": "the sandbox's, which production does not take",
    "CAIRN_STATIC": "the image says where it collected them",
    "CAIRN_WEB_LOGIN": "it is the one in DATABASE_URL",
}


def reading() -> Iterator[tuple[str, ast.Call]]:
    """Each variable that the settings read by its name, with the call that does."""
    for file in FILES:
        for node in ast.walk(ast.parse((ROOT / "marketplace" / file).read_text())):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                asked = node.func
                is_library = isinstance(asked, ast.Attribute) and getattr(asked.value, "id", "") == "env"
                if is_library or getattr(asked, "id", "") in READERS:
                    yield node.args[0].value, node


READ = dict(reading())
DEFAULTS = {name: default for name, default in asked_for().items() if default is not None}


def meant(call: ast.Call) -> object:
    """The default of a call, which stands in it as it is."""
    (default,) = [each.value for each in call.keywords if each.arg == "default"] or call.args[1:]
    return ast.literal_eval(default)


def test_each_setting_is_handed_on_or_is_not_for_a_reason():
    handed_on = {name for each in SITE for name in service(each)["environment"]}
    assert READ.keys() - handed_on == NOT_HANDED_ON.keys()
    assert {"CAIRN_SERVICE_FEE", "CAIRN_NOTICE_DAYS", "CAIRN_DATABASES_HERE", "SECRET_KEY", "SMTP_TLS"} <= READ.keys()


@pytest.mark.parametrize("name", sorted(READ.keys() & DEFAULTS.keys()))
def test_what_compose_hands_on_is_read_as_the_settings_own_default(name):
    call, env = READ[name], environ.Env()
    env.ENVIRON = {name: DEFAULTS[name]}
    assert getattr(env, call.func.attr)(name) == meant(call)


def test_what_may_differ_is_told_to_people_with_the_same_defaults():
    rows = re.findall(
        r"^\| `([A-Z_]+)` \| ([^|]*?) ?\| (.+) \|$", (ROOT / "docs/operations.md").read_text(), re.MULTILINE
    )
    optional = {name: default for name, default in DEFAULTS.items() if name not in TRYING | {"CAIRN_VERSION"}}
    assert {name: default for name, default, _meaning in rows} == optional
    in_example = example() | left_out()
    assert {name: in_example[name] for name in optional} == optional
