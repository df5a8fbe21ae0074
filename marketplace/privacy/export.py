"""Everything of somebody as one ZIP of readable files: for themselves, or for who answers their letter.

Knows the tables by `tables` alone, and files by what their owners call them. Nothing in it is written by anybody else,
but for what both sides agreed on and what is on their own invoices.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing

from django.core.files.storage import storages
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.models import User
from marketplace.privacy.archive import PIECE, Entry, as_json, zipped
from marketplace.privacy.kept import Person, Table
from marketplace.privacy.tables import TABLES

BATCH = 500  # rows that are read at a time
MOST = 100 * 1024 * 1024  # bytes of files on a page's download: soon over, as the proxy can hold it
LEFT_OUT = gettext_lazy("These files were too much for one download. Open each in its contract, or write to us.\n")
Section = Callable[[User], Iterable[Entry]]
_sections: list[Section] = []


def export_also(section: Section) -> None:
    """Have these files in every export from now on."""
    if section not in _sections:
        _sections.append(section)


def exported(user: User, most: int | None = None) -> Iterator[bytes]:
    """The ZIP in pieces, each row read as it is reached. It may be read after the request is over.

    With `most`, no more than so many bytes of files: those left out are named.
    """
    return zipped(entries(Person.of(user), most))


def entries(person: Person, most: int | None = None) -> Iterator[Entry]:
    """What has to be read first; then a file a table, what other apps add, and the files that they uploaded."""
    yield Entry("read-me.txt", [_read_me().encode()])
    for table in TABLES:
        if table.exported:
            yield Entry(f"{table.name}.json", as_json(rows(table, person)))
    for section in _sections:
        yield from section(person.user)
    left_out: list[str] = []
    for entry, size in files(person):
        most = None if most is None else most - size
        if most is None or most >= 0:
            yield entry
        else:
            left_out.append(entry.name)
    if left_out:
        yield Entry("left-out.txt", ["\n".join([str(LEFT_OUT), *left_out, ""]).encode()])


def rows(table: Table, person: Person) -> Iterator[dict[str, object]]:
    """Somebody's rows as they are exported: the names of columns to what stands in them."""
    for found in batches(table.of(person), *table.exported):
        yield {name.replace("__", " "): found[name] for name in table.exported}


def files(person: Person) -> Iterator[tuple[Entry, int]]:
    """What they uploaded, each under its own name in a folder of its own, and how many bytes it has."""
    for table in TABLES:
        for found in batches(table.of(person), "name", "size", table.stored) if table.stored else ():
            name = f"{table.name}/{found['pk']}/{found['name']}"
            yield Entry(name, _bytes(found[table.stored]), is_packed=True), found["size"]


def batches(found: QuerySet[Model], *columns: str) -> Iterator[dict]:
    """The rows in the order of their keys, so many at a time: a statement each, and no transaction around them."""
    found, last = found.order_by("pk"), None
    while True:
        after = found.filter(pk__gt=last) if last is not None else found
        batch = list(after.values("pk", *columns)[:BATCH])
        yield from batch
        if len(batch) < BATCH:
            return
        last = batch[-1]["pk"]


def _bytes(stored: str) -> Iterator[bytes]:
    """The content; nothing of a file that is not there, so that the rest of it still is handed out."""
    storage = storages["private"]
    if not storage.exists(stored):
        return
    with closing(storage.open(stored)) as file:
        while part := file.read(PIECE):
            yield part


def _read_me() -> str:
    return _(
        "What Cairn keeps of you, as it is now.\n\n"
        "Each .json file is a list: open it with any text editor. A statement is a .csv, for spreadsheets. What you\n"
        "uploaded lies in folders beside them. A list that is empty says that nothing of the kind is kept.\n\n"
        "Messages, requests and reasons are those that you wrote. What the other side of a contract wrote to you\n"
        "stands in the contract's room. Your password and the secrets of your second step are left out: whoever\n"
        "found this file could sign in with them.\n"
    )
