"""Finds a Chromium or Chrome for the browser tests, by running it. Installs none."""

import os
import shutil
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
ADVICE = (
    "No Chromium or Chrome found: browser tests are skipped; get it with 'apt install chromium', or set CAIRN_BROWSER."
)


def find(environ: dict[str, str]) -> str:
    """The path of a browser that runs, or an empty string."""
    chosen = environ.get("CAIRN_BROWSER")
    paths = [chosen] if chosen else [*filter(None, map(shutil.which, NAMES)), *(p for p in PLACES if Path(p).exists())]
    return next(filter(runs, paths), "")


def runs(path: str) -> bool:
    """A file of that name may be a stub that only says how to install it."""
    try:
        done = subprocess.run(
            [path, "--version"], capture_output=True, timeout=20, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0 and bool(done.stdout.strip()) and os.access(path, os.X_OK)
