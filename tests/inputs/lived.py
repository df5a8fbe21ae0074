"""One contract with something of everything on it, a stranger's beside it, and the ids of both. Knows no page."""

import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from contracts.models import Contract, Invoice, SubmissionFile
from contracts.operations.bonus import pay_bonus
from contracts.operations.release import release
from contracts.operations.work import submit_work
from contracts.tests import asking
from contracts.tests.visiting import signed_in
from escrow.models import Payment, PaymentMethod
from notifications.models import PostFile
from notifications.tests.writing import write
from tests import factories
from tests.factories import Agreed, card
from tests.inputs.values import NOWHERE

PDF = b"%PDF-1.7 a page"


@dataclass
class Lived:
    """`ids` are what can stand in an address, by the name that it has there; `theirs` are a stranger's."""

    world: Agreed
    browsers: list[Client]
    ids: dict[str, object]
    theirs: dict[str, object]


def lived() -> Lived:
    mine, other = of_everything(), of_everything()
    people = (mine.client, mine.talent)
    return Lived(mine, [signed_in(each) for each in people], ids_of(mine), ids_of(other))


def of_everything() -> Agreed:
    """A milestone paid and one handed in with a file, a request that waits, messages, a bonus."""
    world = factories.agreed(6, paid=1)
    second, contract = world.contract.milestones.get(position=2), world.contract
    factories.fund(second)
    submit_work(
        contract=contract, by=world.talent, milestone=second, key=uuid.uuid4(), message="Done",
        files=[SimpleUploadedFile("plan.pdf", PDF)],
    )  # fmt: skip
    release(contract=contract, by=world.client, milestone=second, amount=Decimal("60.00"))
    asking.asked(world)
    write(world, world.client, files=[SimpleUploadedFile("notes.pdf", PDF)])
    pay_bonus(
        contract=contract, by=world.client, key=uuid.uuid4(), amount=Decimal("7.00"), note="Thanks",
        method=card(contract.client),
    )  # fmt: skip
    return world


def ids_of(world: Agreed) -> dict[str, object]:
    contract: Contract = world.contract
    post = write(world, world.client, "Once more")
    return {
        "contract_id": contract.pk,
        "key": contract.milestones.get(position=2).pk,
        "place": 2,
        "request_id": contract.change_requests.get().pk,
        "payment_id": Payment.objects.filter(party=contract.client, direction="charge").first().pk,
        "file_id": SubmissionFile.objects.get(submission__contract=contract).pk,
        "message_file_id": PostFile.objects.get(post__contract=contract).pk,
        "post_id": post.pk,
        "invoice_id": Invoice.objects.filter(earning__contract=contract).first().pk,
        "party_id": contract.client_id,
        "method_id": PaymentMethod.objects.filter(party=contract.client).first().pk,
        "user_id": world.client.pk,
        "invitation_id": NOWHERE,
        "token": "x",
        "name": "sandbox",
        "kind": "release",
    }
