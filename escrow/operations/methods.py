"""Adding, choosing and removing what a party pays with. A number that is typed goes to the gateway and nowhere else."""

import logging

from django.db import transaction

from escrow.gateways import chosen, gateway
from escrow.gateways.base import GatewayUnavailable, Kept, MethodRefused
from escrow.models import MethodKind, PaymentMethod
from escrow.models.payment import OPEN
from escrow.operations.refusals import MethodInUse, MethodNotUsable, OtherKind, PaymentError, ProviderSilent
from marketplace import clock
from marketplace.models import Party

logger = logging.getLogger(__name__)


def add_method(*, party: Party, entry: str, kind: MethodKind | None = None) -> PaymentMethod:
    """Keep a payment method for a party; the first one of its kind becomes the default. Adding it twice adds one.

    `entry` is a test number for the sandbox, or what the gateway's own page answered; with `kind`, anything else is
    refused. Raises PaymentError.
    """
    name = chosen()
    try:
        kept = gateway(name).keep_method(entry, str(party.pk))
    except MethodRefused as refused:
        raise PaymentError(str(refused)) from None
    except GatewayUnavailable:
        raise ProviderSilent from None
    if kind and kept.kind != kind:
        raise OtherKind
    return _write_down(party, name, kept)


@transaction.atomic
def make_default(*, method: PaymentMethod) -> PaymentMethod:
    """Pay with this one from now on, unless another is chosen. Raises MethodNotUsable when it was removed."""
    _hold(method.party)
    of_kind = PaymentMethod.objects.filter(party=method.party, kind=method.kind)
    method = of_kind.get(pk=method.pk)
    if method.removed_at:
        raise MethodNotUsable
    of_kind.filter(is_default=True).exclude(pk=method.pk).update(is_default=False)
    method.is_default = True
    method.save(update_fields=["is_default"])
    return method


def remove_method(*, method: PaymentMethod) -> None:
    """Let go of a payment method; the next newest becomes the default. Raises MethodInUse while it pays."""
    if not _cross_out(method):
        return
    try:
        gateway(method.gateway).forget_method(method.token)
    except GatewayUnavailable:
        logger.warning("The gateway %s still keeps payment method %s.", method.gateway, method.pk)


@transaction.atomic
def _write_down(party: Party, name: str, kept: Kept) -> PaymentMethod:
    _hold(party)
    usable = PaymentMethod.objects.usable().filter(party=party)
    if known := usable.filter(gateway=name, token=kept.token).first():
        return known
    first = not usable.filter(kind=kept.kind, is_default=True).exists()
    return PaymentMethod.objects.create(
        party=party, kind=kept.kind, gateway=name, token=kept.token, brand=kept.brand, last4=kept.last4,
        is_default=first,
    )  # fmt: skip


@transaction.atomic(durable=True)
def _cross_out(method: PaymentMethod) -> bool:
    """Mark a method as removed; false when it was removed before."""
    _hold(method.party)
    method = PaymentMethod.objects.select_for_update(no_key=True).get(pk=method.pk)
    if method.removed_at:
        return False
    if method.payments.filter(status__in=OPEN).exists():
        raise MethodInUse
    was_default, method.is_default, method.removed_at = method.is_default, False, clock.now()
    method.save(update_fields=["is_default", "removed_at"])
    if was_default:
        _choose_another(method)
    return True


def _choose_another(removed: PaymentMethod) -> None:
    others = PaymentMethod.objects.usable().filter(party=removed.party, kind=removed.kind)
    if newest := others.order_by("-pk").first():
        newest.is_default = True
        newest.save(update_fields=["is_default"])


def _hold(party: Party) -> None:
    """One change to a party's methods at a time."""
    Party.objects.select_for_update(no_key=True).get(pk=party.pk)
