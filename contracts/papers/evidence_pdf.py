"""All that a dispute is decided on as one PDF, for staff. Messages come from the floor above, as who, when and what.

Paragraphs and no tables: what people typed runs over as many pages as it needs.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from contracts.models import Submission
from contracts.papers.sheet import GAP, QUIET, STRONG, TEXT, TITLE, sheet, text
from contracts.reading.activity import Entry
from contracts.reading.evidence import Evidence
from contracts.reading.words import in_plain_words, money
from escrow.models import Kind, Transfer

SECTION = ParagraphStyle("section", STRONG, spaceAfter=1.5 * mm, keepWithNext=1)
HEAD = ParagraphStyle("head", QUIET, keepWithNext=1)
SAID = ParagraphStyle("said", TEXT, spaceAfter=2 * mm)


class Line(NamedTuple):
    """What somebody wrote or did at a moment, and the names of what was attached."""

    at: datetime
    by: str
    words: str
    files: Sequence[str] = ()


def evidence_pdf(evidence: Evidence, messages: Iterable[Line]) -> bytes:
    """As many pages as it takes: nothing is left out."""
    title = _("Dispute · %(contract)s") % {"contract": evidence.contract.title}
    sections = (
        (_("The dispute"), _facts(_dispute(evidence))),
        (_("Money"), _facts(_money(evidence))),
        (_("Plan"), _facts(_plan(evidence))),
        (_("Held money, move by move"), _lines(map(_moved, evidence.transfers))),
        (_("Offers of a split"), _lines(_splits(evidence))),
        (_("Asked back by the client"), _lines(_requests(evidence))),
        (_("Submitted work"), _lines(line for each in evidence.submissions for line in _handed_in(each))),
        (_("Messages of both sides"), _lines(messages)),
        (_("What happened"), _lines(map(_happened, evidence.entries))),
    )
    story: list[Flowable] = [text(title, TITLE)]
    for name, flowables in sections:
        story += [GAP, text(name, SECTION), *(flowables or [text(_("None."), QUIET)])]
    return sheet(title, story)


def _facts(facts: Iterable[tuple[str, str]]) -> list[Flowable]:
    return [text(f"{name}: {words}") for name, words in facts]


def _lines(lines: Iterable[Line]) -> list[Flowable]:
    found: list[Flowable] = []
    for line in lines:
        attached = [_("Attached: %(name)s") % {"name": name} for name in line.files]
        found.append(text(" · ".join(filter(None, (_moment(line.at), line.by))), HEAD))
        found.append(text("\n".join(filter(None, (line.words, *attached))), SAID))
    return found


def _dispute(evidence: Evidence) -> list[tuple[str, str]]:
    dispute, contract = evidence.dispute, evidence.contract
    opener = (contract.client if dispute.from_client else contract.talent).name
    facts = [
        (_("Client"), contract.client.name),
        (_("Talent"), contract.talent.name),
        (_("About"), dispute.milestone.title if dispute.milestone else _("what the client wants back at the end")),
        (_("Opened by"), f"{dispute.by.name} ({opener}), {_moment(dispute.at)}"),
        (_("Reason"), dispute.reason),
        (_("State"), str(dispute.get_status_display())),
    ]
    if dispute.closed_at:
        facts.append((_("Closed"), _moment(dispute.closed_at)))
    return [*facts, (_("Why"), dispute.decision)] if dispute.decision else facts


def _money(evidence: Evidence) -> list[tuple[str, str]]:
    now, dispute = evidence.money, evidence.dispute
    figures = [
        (_("In dispute"), evidence.at_stake if dispute.is_open else None),
        (_("Paid to the talent by this dispute, before the fee"), dispute.paid),
        (_("Back to the client by this dispute"), dispute.returned),
        (_("Held now"), now.held),
        (_("Paid for the work so far, before fees"), now.paid),
    ]
    return [(name, money(amount)) for name, amount in figures if amount is not None]


def _plan(evidence: Evidence) -> list[tuple[str, str]]:
    return [
        (f"{each.position}. {each.title}", f"{money(each.amount)}, {each.get_status_display()}")
        for each in evidence.milestones
    ]


def _moved(transfer: Transfer) -> Line:
    is_in = transfer.credit.kind == Kind.ESCROW
    after = transfer.credit_balance if is_in else transfer.debit_balance
    words = _("%(cause)s: %(amount)s in, %(after)s held") if is_in else _("%(cause)s: %(amount)s out, %(after)s held")
    figures = {"cause": transfer.journal.get_cause_display(), "amount": money(transfer.amount)}
    return Line(transfer.journal.at, "", words % {**figures, "after": money(after)})


def _splits(evidence: Evidence) -> Iterable[Line]:
    for each in evidence.splits:
        figures = {
            "paid": money(each.to_talent), "back": money(each.to_client), "status": each.get_status_display(),
        }  # fmt: skip
        words = _("%(paid)s to the talent, %(back)s back to the client (%(status)s)") % figures
        yield Line(each.at, each.by.name, f"{words}\n{each.note}".strip())


def _requests(evidence: Evidence) -> Iterable[Line]:
    for each in evidence.requests:
        counter = "" if each.counter is None else _("Counter: %(amount)s") % {"amount": money(each.counter)}
        words = (f"{money(each.amount)} ({each.get_status_display()})", each.reason, counter, each.answer)
        yield Line(each.at, each.by.name, "\n".join(filter(None, words)))


def _handed_in(submission: Submission) -> Iterable[Line]:
    head = _("%(title)s, submission %(number)d") % {"title": submission.milestone.title, "number": submission.number}
    files = [*(file.name for file in submission.files.all()), *submission.links]
    yield Line(submission.at, submission.by.name, f"{head}\n{submission.message}", files)
    if submission.reason and submission.returned_by and submission.returned_at:
        words = _("Changes requested: %(why)s") % {"why": submission.reason}
        yield Line(submission.returned_at, submission.returned_by.name, words)


def _happened(entry: Entry) -> Line:
    changes = render_to_string("contracts/_diff.txt", {"changes": entry.changes}) if entry.changes else ""
    words = (in_plain_words(entry.sentence), entry.event.note, changes.strip())
    return Line(entry.event.at, "", "\n".join(filter(None, words)))


def _moment(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j M Y, H:i")
