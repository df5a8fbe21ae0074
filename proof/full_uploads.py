"""Work is handed in while there is no space for its file: where files arrive, or where they are kept.

The page is a 503 and nothing is handed in; with space again the same form hands it in, once, and the file is whole.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from django.conf import settings

from contracts.models import Submission
from contracts.tests import dealing
from contracts.tests.dealing import Deal
from proof import books
from proof.browser import Browser, Fields, NoAnswer, typed, with_field
from proof.databases import address
from proof.plan import Result
from proof.small_disk import MEGABYTE, full, small_disk
from tests.web import Web, signed_in

SIZE = 12  # megabytes of each disk
FILE = "stones\n" * (4 * MEGABYTE // 7)  # so large that it is written down while it arrives
EDGE = "a-cairn-of-stones"


def prove(name: str, data: Path, result: Result) -> None:
    """Both places, one after the other."""
    place = data / "uploads"
    place.mkdir()
    settings.SANDBOX_DIR = place / "sandbox"
    with ExitStack() as disks:
        arriving = disks.enter_context(small_disk(place / "arriving", SIZE))
        kept = disks.enter_context(small_disk(place / "files", SIZE))
        where = {"DATABASE_URL": address(name), "CAIRN_DATA": str(place), "TMPDIR": str(arriving)}
        with Web(where, place) as web:
            for what, disk in (("where files arrive", arriving), ("where files are kept", kept)):
                result.fault(f"the disk {what} is full")
                result.failures += [f"The disk {what} was full: {each}" for each in tried(web, disk, kept, result)]
    books.check(result, "after uploads without space", alarms=False, thorough=True)


def tried(web: Web, disk: Path, kept: Path, result: Result) -> Iterator[str]:
    """One sentence for each thing that is not as it should be."""
    deal, before = dealing.agreed("100.00"), whole(kept)
    browser = Browser(web.port, signed_in(deal.earner))
    path = f"/contracts/{deal.key}/milestones/{deal.milestone(1).pk}/submission/"
    form = typed(with_field(browser.forms(path), "message"), message="All of it.")
    result.operations += 1
    with full(disk):
        status = hand_in(browser, path, form)
        if status != 503:
            yield f"the form answers {status} and not 503."
        if submissions(deal) or whole(kept) != before:
            yield f"{submissions(deal)} submissions and {len(whole(kept)) - len(before)} files were left behind."
    statuses = [hand_in(browser, path, form) for _twice in range(2)]
    if statuses != [302, 302]:
        yield f"with space again the same form answers {statuses}."
    result.lost, result.doubled = result.lost + (submissions(deal) < 1), result.doubled + (submissions(deal) > 1)
    if sorted(whole(kept)) != sorted([*before, len(FILE)]):
        yield f"the files kept have {whole(kept)} bytes."


def hand_in(browser: Browser, path: str, form: Fields) -> int:
    """The form with the file, as a browser posts both: it reads no answer before all is sent."""
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}' for name, value in form]
    file = 'Content-Disposition: form-data; name="files"; filename="stones.txt"\r\nContent-Type: text/plain'
    parts.append(f"{file}\r\n\r\n{FILE}")
    body = "".join(f"--{EDGE}\r\n{part}\r\n" for part in parts) + f"--{EDGE}--\r\n"
    try:
        return browser._ask("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={EDGE}"}).status
    except NoAnswer:
        return 0


def submissions(deal: Deal) -> int:
    return Submission.objects.filter(milestone__contract=deal.key).count()


def whole(kept: Path) -> list[int]:
    """The sizes of the files there are."""
    return [file.stat().st_size for file in kept.glob("??/*") if file.is_file()]
