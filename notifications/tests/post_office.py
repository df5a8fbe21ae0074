"""A mail server for tests, which takes mail or fails in one of the ways in which mail servers do."""

import asyncio
import socket
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

LONGER_THAN_ANYONE_WAITS = 30


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class PostOffice:
    """`way` is what it does with the next mail; `taken` is all that it was given, `seen` what it had before it failed.

    Ways: take, 451 or 550 at the recipient, 554 at the end of the mail, hang, drop (it has the mail and says nothing).
    """

    def __init__(self) -> None:
        self.way, self.port = "take", free_port()
        self.taken: list[EmailMessage] = []
        self.seen: list[EmailMessage] = []
        self._controller: Controller | None = None

    def open(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def close(self) -> None:
        if self._controller:
            self._controller.stop()
            self._controller = None

    async def handle_RCPT(  # noqa: N802, the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.way in {"451", "550"}:
            return {"451": "451 Try again later", "550": "550 No such mailbox"}[self.way]
        if self.way == "hang":
            await asyncio.sleep(LONGER_THAN_ANYONE_WAITS)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        mail = message_from_bytes(envelope.content, EmailMessage, policy=default)
        self.seen.append(mail)
        if self.way == "554":
            return "554 Not taken"
        if self.way == "drop":
            server.transport.abort()
            return "250 OK"
        self.taken.append(mail)
        return "250 OK"
