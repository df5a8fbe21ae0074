"""Offers of a split: how the two sides of a dispute agree without anybody's decision (B44)."""

from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from contracts.models import Contract, Dispute, EventKind, SplitOffer
from contracts.operations._contract import lock, record, require_role, require_state
from contracts.operations._dispute import NotAtStake, divide
from contracts.operations.settlement import HeldChanged
from contracts.policy import Action, role_of
from contracts.refusals import KeyReused, NotAllowed, Stale
from contracts.states import DisputeStatus, SplitStatus
from marketplace import clock
from marketplace.models import User


class OfferGone(Stale):
    """S7: an offer has one ending."""

    text = _("This offer was replaced, withdrawn or accepted meanwhile. Look again, then decide.")


class OwnOffer(NotAllowed):
    """B44: the other side accepts."""

    text = _("This is your side's own offer: the other side can accept it. You can replace or withdraw it.")


class OthersOffer(NotAllowed):
    """B44: who made an offer takes it back."""

    text = _("The other side made this offer. You can accept it, or offer another split.")


@transaction.atomic
def offer_split(
    *, contract: Contract, by: User, key: UUID, dispute: Dispute, to_talent: Decimal, at_stake: Decimal, note: str = ""
) -> SplitOffer:
    """One side offers `to_talent` of what is `at_stake`, as the page showed it; the rest goes back to the client.

    It takes the place of that side's older offer. `key` becomes its id: the same form twice offers once.
    """
    contract = lock(contract.pk, by)
    require_role(contract, Action.OFFER_SPLIT)
    if known := SplitOffer.objects.filter(pk=key).first():
        return _same(known, (dispute.pk, to_talent, note, by.pk))
    require_state(contract, Action.OFFER_SPLIT)
    dispute = _open(contract)
    held = dispute.at_stake(contract.held)
    if held != at_stake:
        raise HeldChanged
    if not held or not 0 <= to_talent <= held:
        raise NotAtStake
    is_client = role_of(contract).is_client_side
    for older in dispute.splits.filter(from_client=is_client, status=SplitStatus.OPEN):
        older.close(SplitStatus.REPLACED, by, clock.now())
    offer = SplitOffer.objects.create(
        id=key, dispute=dispute, from_client=is_client, to_talent=to_talent, to_client=held - to_talent, note=note,
        by=by,
    )  # fmt: skip
    record(contract, kind=EventKind.SPLIT_OFFERED, by=by, paid=to_talent, returned=offer.to_client, note=note)
    return offer


@transaction.atomic
def withdraw_split(*, contract: Contract, by: User, offer: SplitOffer) -> SplitOffer:
    """The side that made an offer takes it back."""
    contract, offer = _locked(contract, by, offer, Action.OFFER_SPLIT)
    if offer.from_client != role_of(contract).is_client_side:
        raise OthersOffer
    if offer.status == SplitStatus.WITHDRAWN:
        return offer
    _check_open(contract, offer, Action.OFFER_SPLIT)
    offer.close(SplitStatus.WITHDRAWN, by, clock.now())
    record(contract, kind=EventKind.SPLIT_WITHDRAWN, by=by, paid=offer.to_talent, returned=offer.to_client)
    return offer


@transaction.atomic
def accept_split(*, contract: Contract, by: User, offer: SplitOffer, to_talent: Decimal, to_client: Decimal) -> Dispute:
    """The other side accepts an offer with the figures that the page showed: the money moves at once (B44)."""
    contract, offer = _locked(contract, by, offer, Action.ACCEPT_SPLIT)
    if offer.from_client == role_of(contract).is_client_side:
        raise OwnOffer
    if (offer.to_talent, offer.to_client) != (to_talent, to_client):
        raise OfferGone
    if offer.status == SplitStatus.ACCEPTED:
        return offer.dispute
    _check_open(contract, offer, Action.ACCEPT_SPLIT)
    dispute = _open(contract)
    if dispute.at_stake(contract.held) != to_talent + to_client:
        raise HeldChanged
    offer.close(SplitStatus.ACCEPTED, by, clock.now())
    divide(contract, dispute, to_talent, status=DisputeStatus.SETTLED, by=by)
    return dispute


def _open(contract: Contract) -> Dispute:
    return contract.disputes.select_related("refund_request", "milestone").get(closed_at=None)


def _locked(contract: Contract, by: User, offer: SplitOffer, action: Action) -> tuple[Contract, SplitOffer]:
    contract = lock(contract.pk, by)
    require_role(contract, action)
    return contract, SplitOffer.objects.select_related("dispute").get(pk=offer.pk, dispute__contract=contract)


def _check_open(contract: Contract, offer: SplitOffer, action: Action) -> None:
    require_state(contract, action)
    if not offer.is_open:
        raise OfferGone


def _same(known: SplitOffer, wished: tuple) -> SplitOffer:
    """The key was used before: for this very wish, or it is refused."""
    if (known.dispute_id, known.to_talent, known.note, known.by_id) != wished:
        raise KeyReused
    return known
