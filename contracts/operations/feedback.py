"""What each side says of the other once the contract has ended, hidden until both have or the time is over (B43)."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from contracts.models import Contract, EventKind, Feedback
from contracts.operations._contract import is_due, lock, record, require_role, require_state
from contracts.policy import Action, role_of
from contracts.refusals import ContractError, WrongState
from marketplace import clock
from marketplace.models import User


class FeedbackOver(WrongState):
    """B43: fourteen days."""

    text = _("The time for feedback on this contract is over.")


class FeedbackGiven(WrongState):
    """One for each side; it is not changed afterwards."""

    text = _("Your side has given its feedback on this contract already.")


class NoRating(ContractError):
    """A rating is 1 to 5."""

    text = _("Choose a rating from 1 to 5.")


@transaction.atomic
def give_feedback(*, contract: Contract, by: User, rating: int, text: str = "") -> Feedback:
    """One side rates the other; the second one to do so reveals both. The time for it stands still in a freeze."""
    contract = lock(contract.pk, by)
    require_role(contract, Action.GIVE_FEEDBACK)
    party = contract.client if role_of(contract).is_client_side else contract.talent
    if known := contract.feedback.filter(party=party).first():
        if (known.by_id, known.rating, known.text) == (by.pk, rating, text):
            return known
        raise FeedbackGiven
    require_state(contract, Action.GIVE_FEEDBACK)
    if contract.revealed_at or is_due(contract.feedback_by, contract.frozen_at or clock.now()):
        raise FeedbackOver
    if rating not in range(1, 6):
        raise NoRating
    given = Feedback.objects.create(contract=contract, party=party, rating=rating, text=text, by=by)
    if contract.feedback.count() == 2:
        _reveal(contract, by)
    else:
        record(contract, kind=EventKind.FEEDBACK_GIVEN, by=by)
    return given


@transaction.atomic
def reveal_feedback(contract_id: UUID) -> bool:
    """The time for feedback is over: what was given can be read. False when it is not due."""
    contract = lock(contract_id, None)
    if contract.revealed_at or not is_due(contract.feedback_by, clock.now()):
        return False
    _reveal(contract, None)
    return True


def _reveal(contract: Contract, by: User | None) -> None:
    contract.revealed_at = clock.now()
    contract.save(update_fields=["revealed_at"])
    record(contract, kind=EventKind.FEEDBACK_REVEALED, by=by)
