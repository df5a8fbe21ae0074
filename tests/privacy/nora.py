"""Nora, a freelancer who did everything once and has nothing open any more. Everything by operations, and by her pages.

What is hers alone has QUILL in it, so that it can be looked for wherever it may have got to.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.test import Client

from contracts.models import Earning
from contracts.operations.maturing import mature
from contracts.operations.withdrawal import withdraw
from contracts.operations.work import submit_work
from contracts.tests.dealing import Deal, plan_of
from contracts.tests.handing_in import PDF, upload
from escrow.models import PaymentMethod
from marketplace import operations
from marketplace.clock import advance
from marketplace.models import MemberRole, Party, PartyKind, User
from marketplace.teams import invitations
from notifications.messages.posting import post_message
from notifications.models import How, Topic
from notifications.wishes import wish
from tests.factories import PartyFactory, bank, card, joined
from tests.staff import with_codes

EMAIL, NAME, PASSWORD = "nora.quill@cairn.test", "Nora Quill", "stones-on-stones"
BROWSER = "Quillfox/1.0"
HERS = ("quill",)
TEXT, FILE, THEIRS = "I can begin on Monday.", "first-draft.pdf", "Only the other side wrote this."


@dataclass(frozen=True)
class Nora:
    user: User
    party: Party
    deal: Deal
    browser: Client
    account: PaymentMethod


def nora() -> Nora:
    """She signed up and in, worked for a client, was paid and took it out."""
    user = operations.sign_up(
        email=EMAIL, password=PASSWORD, name=NAME, kind="freelancer", time_zone="Europe/Lisbon", email_verified=True
    )
    party = Party.objects.get(memberships__user=user)
    operations.change_tax_details(
        by=user, party=party, legal_name="Quill & Daughters", address="7 Quill Street", country="Portugal",
        tax_number="QUILL-77",
    )  # fmt: skip
    wish(by=user, topic=Topic.MESSAGES, email=How.DAILY, bell=True)
    browser = signed_in()
    deal = worked(user, party)
    account = taken_out(user, party)
    with_codes(user)
    agency = PartyFactory.create(kind=PartyKind.AGENCY)
    invitations.invite(party=agency, by=joined(agency, MemberRole.MANAGER), email=EMAIL, role="member")
    return Nora(user, party, deal, browser, account)


def signed_in() -> Client:
    browser = Client(headers={"user-agent": BROWSER})
    browser.post("/accounts/login/", {"login": EMAIL, "password": PASSWORD})
    return browser


def worked(user: User, party: Party) -> Deal:
    """A contract from its offer to the feedback, with messages and files."""
    client = PartyFactory.create(name="Harbour Books")
    deal = Deal(client, party, joined(client, MemberRole.OWNER), user, card(client))
    deal.offer(plan_of("100.00"))
    deal.accept()
    post_message(contract=deal.contract, by=user, key=uuid.uuid4(), text=TEXT, files=[upload("question.pdf")])
    post_message(contract=deal.contract, by=deal.payer, key=uuid.uuid4(), text=THEIRS)
    submit_work(
        contract=deal.contract, by=user, milestone=deal.milestone(1), key=uuid.uuid4(), message="It is done.",
        links=["https://example.com/draft"], files=[upload(FILE, PDF)],
    )  # fmt: skip
    deal.release(1, "100.00")
    deal.end("0.00")
    deal.rate(deal.payer, 4, "Good work.")
    deal.rate(user, 5, "Paid at once.")
    return deal


def taken_out(user: User, party: Party) -> PaymentMethod:
    advance(timedelta(days=5))
    for earning in Earning.objects.filter(contract__talent=party):
        mature(earning.pk)
    account = bank(party)
    withdraw(by=user, party=party, key=uuid.uuid4(), amount=Decimal("90.00"), method=account)
    return account
