"""Whether a message of the client reads like a wish for changes while the review clock runs (B31).

Only the button stops that clock, so somebody who asks in a message is shown where it is. English words; it may err to
either side, as it does nothing but ask.
"""

import re
from dataclasses import dataclass

from contracts.models import Contract, Milestone
from contracts.policy import Action, may
from contracts.states import MilestoneStatus
from notifications.models import Post

PHRASES = (
    "change", "changes", "changed", "fix", "fixed", "redo", "rework", "revise", "revision", "revisions", "adjust",
    "correct", "correction", "corrections", "replace", "instead", "rather than", "too big", "too small", "too long",
    "too short", "too dark", "too bright", "not what", "not quite", "not happy", "not as agreed", "doesn't work",
    "does not work", "don't like", "do not like", "is missing", "are missing", "still missing", "is wrong",
    "are wrong", "mistake", "mistakes", "typo", "typos", "bug", "bugs", "broken", "could you please", "can you please",
    "try again", "once more",
)  # fmt: skip
# Said of the same words when nothing is asked for.
CONTENT = re.compile(
    r"\b(?:no|without|nothing to|nothing left to|don't|do not|wouldn't|would not|need no|needs no)(?: \w+)?"
    r" (?:change|changes|changed|fix|correct|corrections|adjust|mistakes?|bugs?|typos?)\b"
)
ASKED = re.compile(rf"\b(?:{'|'.join(map(re.escape, PHRASES))})\b")


@dataclass(frozen=True)
class Hint:
    """What the client wrote of `milestone`, whose review goes on: the button is offered, with `text` in its form."""

    milestone: Milestone
    submission: int
    text: str


def sounds_like_changes(text: str) -> bool:
    """Whether it reads like a wish for changes."""
    plain = text.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return bool(ASKED.search(CONTENT.sub(" ", plain)))


def hint_for(contract: Contract) -> Hint | None:
    """For a client who may request changes: that their side's latest message since the submission asks for them.

    No query for anybody else, and three at most.
    """
    if not may(contract, Action.REQUEST_CHANGES):
        return None
    milestone = contract.milestones.filter(status=MilestoneStatus.SUBMITTED).first()
    submission = milestone and milestone.submissions.order_by("-number").first()
    if not milestone or not submission:
        return None
    written = Post.objects.filter(contract=contract, at__gt=submission.at, by__memberships__party=contract.client_id)
    latest = written.order_by("-pk").first()
    if latest is None or not sounds_like_changes(latest.text):
        return None
    return Hint(milestone, submission.number, latest.text)
