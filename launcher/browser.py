"""Finds a Chromium or Chrome for the browser tests, by running it. Installs none."""

import os
import shutil
import subprocess
from pathlib import Path

LIGHT = "chromium-headless-shell"  # the same engine without the windows: opens a page in a third of the time
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
ADVICE = (
    f"No Chromium or Chrome found: browser tests are skipped; get it with 'apt install {LIGHT}', or set CAIRN_BROWSER."
)


def find(environ: dict[str, str]) -> str:
    """The path of a browser that runs tests, or an empty string; CAIRN_BROWSER alone says it where it is set."""
    return _first(environ, LIGHT, *NAMES)


def find_whole(environ: dict[str, str]) -> str:
    """The path of one as people use it, or an empty string."""
    return _first(environ, *NAMES)


def _first(environ: dict[str, str], *names: str) -> str:
    if (chosen := environ.get("CAIRN_BROWSER")) is not None:
        return chosen if runs(chosen) else ""
    places = [*filter(None, map(shutil.which, names)), *(place for place in PLACES if Path(place).exists())]
    return next(filter(runs, places), "")


def runs(path: str) -> bool:
    """A file of that name may be a stub that only says how to install it."""
    try:
        done = subprocess.run(
            [path, "--version"], capture_output=True, timeout=20, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0 and bool(done.stdout.strip()) and os.access(path, os.X_OK)
