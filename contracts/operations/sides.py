"""Who is whose other side, for whoever lets people join a party. Knows no offer and no role (S12)."""

from datetime import timedelta

from django.db.models import DurationField, ExpressionWrapper, Q, Value
from django.db.models.functions import Greatest

from contracts.models import Contract
from marketplace import clock
from marketplace.models import Party, User

# How long after the end there still is something to decide: a bonus, the feedback.
AFTERWARDS = ExpressionWrapper(
    Greatest("bonus_days", "feedback_days") * Value(timedelta(days=1)), output_field=DurationField()
)


def acts_for_the_other_side(party: Party, user: User) -> bool:
    """Whether `user` acts for the other side of one of the party's contracts that is open, or ended not long ago.

    Asked under the lock of `party`, which offers and proposals take as well.
    """
    theirs = Q(client=party, talent__memberships__user=user) | Q(talent=party, client__memberships__user=user)
    is_live = Q(is_closed=False) | Q(ended_at__gt=clock.now() - AFTERWARDS)
    return Contract.objects.filter(theirs).filter(is_live).exists()
