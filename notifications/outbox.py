"""The demo's mail, read back from the folder that Django's file mailer writes to. Knows no page and sends nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from email.utils import parsedate_to_datetime
from itertools import islice
from pathlib import Path

BETWEEN = b"\n" + b"-" * 79 + b"\n"
LINK = re.compile(r"(https?://[^\s<>\"']+[^\s<>\"'.,;:!?)])")
MOST = 200


@dataclass(frozen=True)
class SentMessage:
    """One mail as it was sent; `at` is aware, `text` and `html` are its two parts."""

    key: str
    subject: str
    sender: str
    to: str
    at: datetime
    text: str
    html: str = ""
    message_id: str = ""

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """The text in order, each piece with whether it is an address to follow."""
        return [(piece, bool(LINK.fullmatch(piece))) for piece in LINK.split(self.text) if piece]


def sent_messages(folder: Path) -> list[SentMessage]:
    """The newest mails, newest first; an absent folder holds none."""
    newest_files = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    found = (message for path in newest_files for message in messages_in(path))
    return sorted(islice(found, MOST), key=lambda message: message.at, reverse=True)


def messages_in(path: Path) -> Iterator[SentMessage]:
    """The mails of one file, the last one written first."""
    parts = path.read_bytes().split(BETWEEN)[:-1]
    for number in range(len(parts), 0, -1):
        yield read(f"{path.stem}-{number}", parts[number - 1])


def read(key: str, content: bytes) -> SentMessage:
    mail = message_from_bytes(content, EmailMessage, policy=modern)
    body, rich = mail.get_body(("plain",)), mail.get_body(("html",))
    return SentMessage(
        key=key,
        subject=str(mail["Subject"] or ""),
        sender=str(mail["From"] or ""),
        to=str(mail["To"] or ""),
        at=sent_at(mail),
        text=body.get_content().strip() if body else "",
        html=rich.get_content() if rich else "",
        message_id=str(mail["Message-ID"] or ""),
    )


def sent_at(mail: EmailMessage) -> datetime:
    """The mail's own date, which Django writes in UTC without saying so."""
    at = parsedate_to_datetime(str(mail["Date"]))
    return at if at.tzinfo else at.replace(tzinfo=UTC)
