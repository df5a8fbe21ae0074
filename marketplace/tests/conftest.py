"""A mail server that answers, a page that parses, somebody who is signed in, and an agency that invites."""

import re
import socket
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern

import html5lib
import pytest
from aiosmtpd.controller import Controller
from django.http import HttpResponse

from marketplace import operations
from marketplace.models import Invitation, MemberRole, Party, PartyKind, User
from marketplace.teams import invitations
from tests.factories import PartyFactory, joined

PASSWORD = "stones-on-stones"
LINK = re.compile(r"http://testserver(\S+)")


class Postbox:
    """What an SMTP server received, parsed."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
        self.mails.append(message_from_bytes(envelope.content, EmailMessage, policy=modern))
        return "250 Taken"

    def newest(self) -> EmailMessage:
        return self.mails[-1]

    def link(self) -> str:
        """The path of the link in the newest mail."""
        return LINK.search(self.newest().get_content())[1]


@pytest.fixture
def postbox(settings) -> Iterator[Postbox]:
    """A real SMTP server, to which the site's mail goes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": port, "timeout": 5},
        }
    }
    box = Postbox()
    peer = Controller(box, hostname="127.0.0.1", port=port)
    peer.start()
    yield box
    peer.stop()


@pytest.fixture
def parsed() -> Callable[[HttpResponse], str]:
    """Parses a page as strictly as HTML allows, and gives its text."""

    def parse(response: HttpResponse) -> str:
        page = response.content.decode()
        html5lib.HTMLParser(strict=True).parse(page)
        return page

    return parse


@pytest.fixture
def clara(db) -> User:
    """A client who signed up and confirmed her email."""
    return operations.sign_up(
        email="clara@cairn.test", password=PASSWORD, name="Clara", kind="client", party_name="Harbour Books",
        email_verified=True,
    )  # fmt: skip


@pytest.fixture
def signed_in(client, clara):
    client.force_login(clara)
    return client


@pytest.fixture
def agency(db) -> Party:
    return PartyFactory.create(kind=PartyKind.AGENCY, name="Northlight")


@pytest.fixture
def manager(agency) -> User:
    return joined(agency, MemberRole.MANAGER)


@pytest.fixture
def member(agency) -> User:
    return joined(agency, MemberRole.MEMBER)


@pytest.fixture
def invitation(agency, manager) -> Invitation:
    return invitations.invite(party=agency, by=manager, email="nora@cairn.test", role="member")


@pytest.fixture
def link(invitation) -> str:
    return f"/invitations/{invitations.token_of(invitation)}/"
