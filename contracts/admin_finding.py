"""How staff find contracts by what they typed: an id, words of a title, a party, or somebody who acts for one."""

import uuid

from django.db.models import Q

from contracts.models import Contract
from marketplace.finding import FEW, id_of, parties, with_words


def titled(typed: str) -> list[uuid.UUID]:
    """The contract with this id, and those with these words in their title."""
    return [*id_of(typed), *with_words(Contract.objects.all(), "title", typed).values_list("pk", flat=True)[:FEW]]


def contracts(typed: str) -> list[uuid.UUID]:
    """Those, and the latest of the parties found: what belongs to a contract is found through these."""
    found = parties(typed)
    theirs = Contract.objects.filter(Q(client__in=found) | Q(talent__in=found)).order_by("-updated_at")
    return [*titled(typed), *theirs.values_list("pk", flat=True)[:FEW]]
