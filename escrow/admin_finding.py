"""How staff find what moved money by what they typed: an id, a key or its end, a gateway's reference, a party."""

import uuid

from escrow.models import Account, Cause, Direction, Journal, Payment
from marketplace.finding import FEW, id_of, number_of, parties

CAUSES = (*Cause.values, *Direction.values)  # what the key of a journal can begin with


def journals(typed: str) -> list[int]:
    """The one with this number or key, and those whose key ends in this id."""
    keys = [typed, *(f"{cause}:{key}" for key in id_of(typed) for cause in CAUSES)]
    return [*number_of(typed), *Journal.objects.filter(key__in=keys).values_list("pk", flat=True)]


def of_journals(typed: str) -> list[int]:
    """Those, and the latest of the contract with this id: whose transfers are looked for."""
    scoped = Journal.objects.filter(scope__in=id_of(typed)).order_by("-pk")
    return [*journals(typed), *scoped.values_list("pk", flat=True)[:FEW]]


def accounts(typed: str) -> list[int]:
    """Those of the parties found, and of the contract with this id."""
    of_party = Account.objects.filter(party__in=parties(typed)).values_list("pk", flat=True)[:FEW]
    return [*of_party, *Account.objects.filter(scope__in=id_of(typed)).values_list("pk", flat=True)]


def payments(typed: str) -> list[uuid.UUID]:
    """The one with this id, or with this reference at a gateway."""
    gateways = ("sandbox", "stripe")  # naming them lets the index on both serve
    referred = Payment.objects.filter(gateway__in=gateways, reference=typed)
    return [*id_of(typed), *referred.values_list("pk", flat=True)]
