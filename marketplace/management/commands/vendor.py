"""`manage.py vendor`: copies pinned packages from npm into static/vendor/: the browser's, and the fonts of the PDFs.

It writes their manifest. Knows which files are taken from which package; the pages know where they lie. Needs `npm`
and is run by hand, when a version here has changed; `static/vendor/manifest.json` says what was taken and a test
compares it with the files.
"""

import hashlib
import io
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

FOLDER = Path(settings.BASE_DIR) / "static" / "vendor"
PACKAGES = [
    # package, version, file in the package, file here
    ("bootstrap", "5.3.9", "dist/css/bootstrap.min.css", "bootstrap.min.css"),
    ("htmx.org", "2.0.10", "dist/htmx.min.js", "htmx.min.js"),
    ("sortablejs", "1.15.7", "Sortable.min.js", "sortable.min.js"),
    ("dejavu-fonts-ttf", "2.37.3", "ttf/DejaVuSans.ttf", "dejavu-sans.ttf"),
    ("dejavu-fonts-ttf", "2.37.3", "ttf/DejaVuSans-Bold.ttf", "dejavu-sans-bold.ttf"),
]
# The manifest storage follows source-map comments to files that are not here.
SOURCE_MAP = re.compile(rb"\n?/[/*][#@] sourceMappingURL=[^\n*]*(\*/)?\s*$")


def unpacked(package: str, version: str) -> tarfile.TarFile:
    """The package's tarball, as npm gives it out."""
    npm = shutil.which("npm")
    if npm is None:
        raise CommandError("npm was not found. Install Node.js, then run this again.")
    with tempfile.TemporaryDirectory() as folder:
        packed = [npm, "pack", "--silent", f"{package}@{version}"]
        name = subprocess.run(packed, cwd=folder, check=True, capture_output=True, text=True)  # noqa: S603
        return tarfile.open(fileobj=io.BytesIO((Path(folder) / name.stdout.split()[-1]).read_bytes()))


def member(tarball: tarfile.TarFile, path: str) -> bytes:
    found = tarball.extractfile(f"package/{path}")
    if found is None:
        raise CommandError(f"{path} is not a file in this package.")
    return found.read()


def plain(name: str, content: bytes) -> bytes:
    """The file as it is kept here: a text ends with one line break and names no source map, a font stays as it is."""
    return content if name.endswith(".ttf") else SOURCE_MAP.sub(b"", content).rstrip() + b"\n"


class Command(BaseCommand):
    help = "Copies the pinned browser packages from npm into static/vendor/."

    def handle(self, **options):
        FOLDER.mkdir(parents=True, exist_ok=True)
        rows = [self.take(*package) for package in PACKAGES]
        (FOLDER / "manifest.json").write_text(json.dumps(rows, indent=2) + "\n")

    def take(self, package: str, version: str, source: str, name: str) -> dict[str, str]:
        tarball = unpacked(package, version)
        content = plain(name, member(tarball, source))
        (FOLDER / name).write_bytes(content)
        self.stdout.write(f"{name}: {package} {version}")
        licence = json.loads(member(tarball, "package.json"))["license"]
        digest = hashlib.sha256(content).hexdigest()
        return {"package": package, "version": version, "file": name, "sha256": digest, "licence": licence}
