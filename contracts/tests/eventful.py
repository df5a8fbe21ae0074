"""A world in which everything happened once, for tests that need a row of each table."""

import uuid
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from contracts.demo import acts
from contracts.operations.disputes import open_dispute
from contracts.operations.feedback import give_feedback
from contracts.operations.requests import decline_request
from contracts.operations.work import submit_work
from contracts.plan import Plan
from contracts.states import MilestoneStatus
from contracts.tests.asking import asked as requested
from marketplace.models import TaxDetails
from tests.factories import agreed, card, ended, line


def eventful() -> None:
    """A contract with an agency: paid, submitted with a file, a bonus, a declined change request, a disputed refund.

    And one with feedback.
    """
    world = agreed(2, agency=True, paid=1, current=MilestoneStatus.ACTIVE)
    contract, current = world.contract, world.contract.milestones.get(position=2)
    submit_work(
        contract=contract, by=world.talent, milestone=current, key=uuid.uuid4(), message="Here it is.",
        files=[SimpleUploadedFile("notes.txt", b"As we said.")],
    )  # fmt: skip
    asked = requested(world, Plan((*contract.plan(), line())))
    decline_request(contract=contract, by=world.client, request=asked)
    acts.reward(contract, Decimal("10.00"), "Thank you.", card(contract.client))
    acts.ask_back(contract, "It is not what we agreed on.")
    open_dispute(contract=contract, by=world.talent, reason="It is.")
    over = ended(2)
    give_feedback(contract=over.contract, by=over.client, rating=5, text="Small and good.")
    TaxDetails.objects.create(party=contract.talent)
