"""A diff as its reader has it, from wherever it is read, in one form: the rows, and what they say.

Knows how pages, both parts of an email and a ChangeSet hold one. Knows no plan and nobody who changes it.
"""

import re
from email.message import EmailMessage

from playwright.sync_api import Locator

from contracts.plan import ChangeSet
from contracts.reading.words import in_words, label

Facts = list[str]  # "Edited Step 3", "Step 3 · Amount: $102.00 → $150.00", "Moved Step 8: 8 to 7", sorted
MARKS = re.compile("[\u2066-\u2069]")  # what keeps a person's words apart from ours
HEAD = re.compile(r"^(Added|Removed|Edited|Moved)(, moved)?(?: at \d+| from (\d+) to (\d+))?: (.+)$")
VALUES = re.compile(r"^  (\w[\w ]+): (.+) → (.+)$")
TEXTS = re.compile(r"^  (\w[\w ]+):$")
SIDE = re.compile(r"^ +(?:from|to)(?:: | \| )(.*)$")
MORE = re.compile(r"^ +\| ?(.*)$")
OF_PAGE = """rows => rows.map(row => ({
  kinds: [...row.querySelectorAll(".diff-kind")].map(each => each.textContent),
  title: row.querySelector(".diff-title").textContent,
  way: row.querySelector(".diff-from-to")?.textContent ?? "",
  fields: [...row.querySelectorAll(".diff-fields > div")].map(each => {
    const copy = each.cloneNode(true);
    copy.querySelectorAll(".visually-hidden").forEach(word => word.remove());
    const sides = [...copy.querySelector("dd").children].map(side => side.textContent.trim());
    return [copy.querySelector("dt").textContent, ...sides];
  }),
}))"""


def asked(changes: ChangeSet) -> Facts:
    """What the diff has to say, from the plans themselves."""
    facts: Facts = []
    for row in changes.changed:
        title = row.line.title
        facts += _kinds([kind.capitalize() for kind in row.kinds], title, (row.old_position, row.new_position))
        if row.is_edited:
            facts += [_field(title, label(each.name), in_words(each.old), in_words(each.new)) for each in row.fields]
    return sorted(facts)


def on_page(part: Locator) -> Facts:
    """The diff in this part of a page, or of an email's HTML that a browser shows."""
    facts: Facts = []
    for row in part.locator(".diff-row").evaluate_all(OF_PAGE):
        way = re.search(r"from (\d+) to (\d+)", row["way"])
        facts += _kinds(row["kinds"], row["title"], way.groups() if way else ())
        facts += [_field(row["title"], *field) for field in row["fields"]]
    return sorted(facts)


def in_text(text: str) -> Facts:
    """The diff in the plain text of an email, or in a part of it."""
    facts: Facts = []
    for block in MARKS.sub("", text).strip().split("\n\n"):
        first, _newline, rest = block.partition("\n")
        if not (head := HEAD.match(first)):
            continue
        kind, moved, old, new, title = head.groups()
        facts += _kinds([kind, "Moved"] if moved else [kind], title, (old, new))
        facts += [_field(title, *field) for field in _fields(rest.splitlines())]
    return sorted(facts)


def plain(mail: EmailMessage) -> str:
    return mail.get_body(("plain",)).get_content().replace("\r\n", "\n")


def html(mail: EmailMessage) -> str:
    return mail.get_body(("html",)).get_content()


def _kinds(kinds: list[str], title: str, way: tuple) -> Facts:
    told = {"Moved": f": {way[0]} to {way[1]}" if way else ""}
    return [f"{kind} {title}{told.get(kind, '')}" for kind in kinds]


def _field(title: str, name: str, old: str, new: str) -> str:
    return f"{title} · {name}: {old} → {new}"


def _fields(lines: list[str]) -> list[list[str]]:
    """The name of each changed field, the old value and the new one."""
    fields: list[list[str]] = []
    for line in lines:
        if found := VALUES.match(line) or TEXTS.match(line):
            fields.append(list(found.groups()))
        elif fields and (side := SIDE.match(line)):
            fields[-1].append(side[1])
        elif fields and (more := MORE.match(line)):
            fields[-1][-1] += f"\n{more[1]}"
    return [field for field in fields if len(field) == 3]
