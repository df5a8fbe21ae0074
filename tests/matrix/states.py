"""One contract in each state that matters, come there by operations, with whoever talent; and the ids on it."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from contracts.demo import acts
from contracts.models import ActKind, Contract, Invoice, Milestone, RefundRequest, SubmissionFile
from contracts.operations import offers, proposals, requests
from contracts.operations.members import assign_members
from contracts.operations.plan import add_milestone
from contracts.operations.work import submit_work
from contracts.plan import Plan
from contracts.states import ContractStatus
from contracts.tests import proposing, staffing
from contracts.tests.dealing import Deal, plan_of
from contracts.tests.staffing import finance
from escrow.models import Payment
from marketplace import clock
from notifications.messages.posting import post_message
from notifications.models import PostFile
from tests.factories import LATER, card, line
from tests.inputs.values import NOWHERE
from tests.matrix.actors import Cast

DECLINED = "4000000000000002"
AMOUNTS = ("100.00", "150.00", "120.00")
PDF = b"%PDF-1.7 a page"
STATES: dict[str, Callable[[Deal], object]] = {}


def state(live: Callable[[Deal], object]) -> Callable[[Deal], object]:
    STATES[live.__name__] = live
    return live


def begin(deal: Deal) -> None:
    """An offer; of an agency, the members whom it is to concern are assigned."""
    deal.offer(plan_of(*AMOUNTS))
    assign(deal)


def assign(deal: Deal) -> None:
    chosen = deal.talent.memberships.filter(role="member").order_by("pk")
    if chosen:
        assign_members(contract=deal.contract, by=deal.earner, memberships=[chosen[0], *chosen[2:]])


@state
def expired(deal: Deal) -> None:
    begin(deal)
    clock.advance(timedelta(days=8))
    offers.expire_offer(deal.key)


@state
def unsent(deal: Deal) -> None:
    deal.offer(plan_of(*AMOUNTS), method=card(deal.client, DECLINED))


@state
def offered(deal: Deal) -> None:
    begin(deal)


@state
def declined(deal: Deal) -> None:
    begin(deal)
    offers.decline_offer(contract=deal.contract, by=deal.earner)


@state
def withdrawn(deal: Deal) -> None:
    begin(deal)
    offers.withdraw_offer(contract=deal.contract, by=deal.payer)


@state
def active(deal: Deal) -> None:
    """With a message that the client wrote, and a file to it."""
    started(deal)
    file = SimpleUploadedFile("a.pdf", PDF)
    post_message(contract=deal.contract, by=deal.payer, key=uuid.uuid4(), text="Hello", files=[file])


def started(deal: Deal) -> None:
    begin(deal)
    deal.accept()


@state
def proposed(deal: Deal) -> None:
    proposing.propose(deal, plan_of(*AMOUNTS))
    assign(deal)


@state
def future(deal: Deal) -> None:
    started(deal)
    deal.release(1, AMOUNTS[0])


@state
def funding(deal: Deal) -> None:
    future(deal)
    deal.fund(2, card(deal.client, LATER))


@state
def submitted(deal: Deal) -> None:
    """With a file, and the plan's second revision."""
    started(deal)
    submit_work(
        contract=deal.contract, by=deal.earner, milestone=deal.milestone(1), key=uuid.uuid4(), message="Done",
        files=[SimpleUploadedFile("plan.pdf", PDF)],
    )  # fmt: skip
    add_milestone(contract=deal.contract, by=deal.payer, line=line("One more", "80.00"), today=clock.now().date())


@state
def sent_back(deal: Deal) -> None:
    submitted(deal)
    deal.send_back(1)


@state
def asked(deal: Deal) -> None:
    """A change request of the talent's waits."""
    future(deal)
    acts.ask(deal.contract, [*deal.contract.plan(), line("One more", "80.00")], "It is worth it.")


@state
def countered_plan(deal: Deal) -> None:
    """One of the client's waits: it sent the talent's back."""
    asked(deal)
    theirs = deal.contract.change_requests.get()
    requests.replace_request(
        contract=deal.contract, by=deal.payer, key=uuid.uuid4(), request=theirs, today=clock.now().date(),
        mine=Plan((*theirs.plan.lines[:-1], line("Something else", "60.00"))),
    )  # fmt: skip


@state
def disputed(deal: Deal) -> None:
    submitted(deal)
    deal.dispute(deal.payer)
    deal.offer_split(deal.earner, "60.00")


@state
def frozen(deal: Deal) -> None:
    submitted(deal)
    staffing.ask(ActKind.FREEZE, deal.contract, finance())


@state
def settling(deal: Deal) -> None:
    started(deal)
    deal.end("0.00")


@state
def countered(deal: Deal) -> None:
    settling(deal)
    deal.counter("40.00")


@state
def contested(deal: Deal) -> None:
    settling(deal)
    deal.dispute(deal.earner)


@state
def asked_back(deal: Deal) -> None:
    """The client asks for what is left over, on a contract that goes on."""
    started(deal)
    deal.release(1, "60.00")
    deal.ask_back("30.00")


@state
def ended(deal: Deal) -> None:
    future(deal)
    deal.leave()


def without_proposals() -> None:
    """Nothing is proposed at the moment: only one proposal at a time is open between two (B41)."""
    for contract in Contract.objects.filter(status=ContractStatus.PROPOSED):
        proposals.withdraw_proposal(contract=contract, by=acts.leader(contract.talent))


@dataclass(frozen=True)
class Lived:
    """A contract in its state: what can stand in an address, by the name that it has there."""

    deal: Deal
    ids: dict[str, object]
    rows: tuple[list[UUID], list[UUID]]  # the milestones in their order, and what was asked back


def live(them: Cast, talent: str, name: str) -> Lived:
    """The contract of this state with the agency or the freelancer."""
    party, earner = (them.agency, "lead") if talent == "agency" else (them.freelancer, "freelancer")
    deal = Deal(them.client, party, them.people["owner"], them.people[earner], them.card)
    STATES[name](deal)
    milestones = Milestone.objects.filter(contract=deal.key).order_by("position")
    asked = RefundRequest.objects.filter(contract=deal.key).order_by("at")
    keys = (list(rows.values_list("pk", flat=True)) for rows in (milestones, asked))
    return Lived(deal, ids_of(deal), (next(keys), next(keys)))


def ids_of(deal: Deal) -> dict[str, object]:
    contract = Contract.objects.get(pk=deal.key)
    kept = {
        "request_id": contract.change_requests.filter(closed_at=None).first() or contract.change_requests.first(),
        "payment_id": Payment.objects.filter(scope=contract.pk, direction="charge").order_by("-created_at").first(),
        "file_id": SubmissionFile.objects.filter(submission__contract=contract).first(),
        "message_file_id": PostFile.objects.filter(post__contract=contract).first(),
        "invoice_id": Invoice.objects.filter(earning__contract=contract).first(),
        "dispute_id": contract.disputes.first(),
        "key": contract.current or contract.milestones.filter(status="future").first() or contract.milestones.first(),
    }
    written = contract.posts.filter(by=deal.payer, event=None).first()
    return {"contract_id": contract.pk, "post_id": written.pk if written else 0} | {
        name: found.pk if found else NOWHERE for name, found in kept.items()
    }
