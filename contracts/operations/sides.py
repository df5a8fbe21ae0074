"""Who is whose other side, for whoever lets people join a party. Knows no offer and no role (S12)."""

from django.db.models import Q

from contracts.models import Contract
from marketplace.models import Party, User


def acts_for_the_other_side(party: Party, user: User) -> bool:
    """Whether `user` acts for the other side of one of the party's contracts, over or not.

    What was closed before its talent ever saw it is none. Asked under the lock of `party`, which offers take as well.
    """
    theirs = Q(client=party, talent__memberships__user=user) | Q(talent=party, client__memberships__user=user)
    return Contract.objects.filter(theirs).exclude(sent_at=None, is_closed=True).exists()
