"""What each verb does, once the packages are there."""

import os
from pathlib import Path

from launcher import children, environment, migrated, serve, suite
from launcher.progress import say

MODULES = {"prove": "proof", "bench": "benchmarks"}


def do(options) -> int:
    """Carry out what was asked for and answer the exit code."""
    data = Path(options.data)
    if options.verb == "setup":
        say("  Everything is installed.")
        return 0
    if options.verb == "test":
        return suite.run(options.rest)
    if options.verb in MODULES:
        return children.foreground(
            children.environment_python("-m", MODULES[options.verb], *options.rest), dict(os.environ)
        )
    if options.verb == "manage":
        return manage(data, options.rest)
    return serve.run(data, options.port)


def manage(data: Path, rest: list[str]) -> int:
    """A manage.py command with the demo's environment, on its database."""
    with environment.site(data, os.environ.get("CAIRN_MODE") or "demo") as environ:
        migrated.forget(data)
        return children.foreground(children.manage(*rest), environ)
