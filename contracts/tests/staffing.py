"""Acts of staff in tests: who asks and agrees, with what the page would show. Knows no page."""

import uuid
from decimal import Decimal

from django.contrib.auth.models import Group
from django.db import models

from contracts.models import ActKind, Earning, StaffAct
from contracts.operations.staff.acts import approve_act, foresee, refuse_act, request_act
from contracts.tests.dealing import NEW, Deal, fresh
from escrow.models import Journal
from marketplace.models import User
from tests.factories import UserFactory


def of(group: str = "", **fields: bool) -> User:
    """Somebody of staff, in this group if one is named."""
    user = UserFactory.create(is_staff=True, **fields)
    if group:
        user.groups.add(Group.objects.get(name=group))
    return user


def finance() -> User:
    return of("finance")


def ask(
    kind: ActKind, target: models.Model, by: User, *, to_talent: str | None = None, key: uuid.UUID = NEW,
    reason: str = "It was a mistake.", shown: str | None = None,
) -> StaffAct:  # fmt: skip
    """Ask for an act as its page shows it now, or with another mark `shown`."""
    amount = None if to_talent is None else Decimal(to_talent)
    mark = shown if shown is not None else foresee(kind=kind, target=target, by=by, to_talent=amount).mark
    return request_act(
        kind=kind, target=target, by=by, key=fresh(key), reason=reason, shown=mark, to_talent=amount
    )  # fmt: skip


def agree(act: StaffAct, by: User) -> StaffAct:
    return approve_act(act=act, by=by)


def refuse(act: StaffAct, by: User, refusal: str = "Not like this.") -> StaffAct:
    return refuse_act(act=act, by=by, refusal=refusal)


def journal_of(deal: Deal, place: int = 1) -> Journal:
    """The journal that released this milestone."""
    return Earning.objects.get(milestone=deal.milestone(place)).journal


def effect_of(act: StaffAct) -> list[str]:
    """Its transfers as staff read them."""
    return [f"{step.source} -> {step.target}: {step.amount}" for step in act.steps]
