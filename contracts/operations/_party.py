"""What an operation on a party's own money begins with: the lock, and the role of who asks. Knows no contract."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from contracts.refusals import NotAllowed, WrongState
from marketplace.models import MANAGES_MONEY, Membership, Party, User


class NotTheirMoney(NotAllowed):
    """The role does not allow it, or the party is none of theirs (domain.md, roles)."""

    text = _("You cannot decide about this money. Ask somebody of your team who manages it.")


class NobodyThere(WrongState):
    """Whoever acted for the other side closed their account: nobody could answer, and nobody be paid."""

    text = _("Nobody acts for this side any more: the account was closed. Nothing was done, and nothing was charged.")


def lock_party(party_id: UUID, by: User, other: UUID | None = None) -> Party:
    """The party, locked until the transaction ends, for somebody who decides about its money once the lock is held.

    With the `other` side, where the two begin to have dealings: nobody joins a party while it is locked (S12).
    """
    keys = [party_id] if other is None else [party_id, other]
    rows = Party.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    party = {row.pk: row for row in rows}[party_id]
    require_money(party, by)
    if other is not None:
        require_somebody(other)
    return party


def lock_paid(party_id: UUID) -> None:
    """Whoever is about to be paid, locked too: their account is not closed meanwhile."""
    Party.objects.select_for_update(no_key=True).only("pk").get(pk=party_id)
    require_somebody(party_id)


def require_somebody(party_id: UUID) -> None:
    """Refuse dealings with a party that nobody is left of; somebody suspended may be back one day."""
    if not Membership.objects.filter(party=party_id).exists():
        raise NobodyThere


def require_money(party: Party, by: User) -> None:
    """Refuse whoever does not decide about the party's money."""
    if not Membership.objects.filter(user=by, user__is_active=True, party=party, role__in=MANAGES_MONEY).exists():
        raise NotTheirMoney


def act_for_both(client: Party, talent: Party) -> bool:
    """Whether somebody is on both sides (S12)."""
    return talent.memberships.filter(user__memberships__party=client).exists()
