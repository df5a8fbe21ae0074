"""What staff read before they act, and which acts a page of the administration has a button for. Writes nothing."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contracts.models import TARGETS, ActKind, Contract, Dispute, Earning, EarningKind, StaffAct
from contracts.policy import acts_as_staff
from escrow.models import Journal, Payment, Transfer
from escrow.returns import stranded
from marketplace.models import User

MODELS: Mapping[str, type[models.Model]] = {
    "dispute": Dispute, "journal": Journal, "payment": Payment, "contract": Contract, "user": User
}  # fmt: skip
BOTH_READ, STAFF_READ = _("Both sides read the reason."), _("Only staff read the reason.")


class Words(NamedTuple):
    """An act's button, what it does, and who reads why."""

    button: str
    does: str
    reads: str


WORDS: Mapping[str, Words] = {
    ActKind.DECIDE: Words(
        _("Decide the dispute"),
        _("The talent is paid its part, less the fee, and the rest goes back to the client. The dispute is then over."),
        BOTH_READ,
    ),
    ActKind.REVERSE: Words(
        _("Reverse this release"),
        _(
            "What the talent was paid is taken back with its fee, and held for the contract again. A contract that is "
            "being settled or is closed gives it to the client. What the talent has withdrawn, it then owes to Cairn."
        ),
        BOTH_READ,
    ),
    ActKind.REFUND: Words(
        _("Send this refund again"),
        _("The refund did not arrive, and its money is the client's credit. It is sent again to where it came from."),
        STAFF_READ,
    ),
    ActKind.FREEZE: Words(
        _("Freeze this contract"),
        _(
            "Neither side can move money of it, and no deadline runs, until it is let go on. Both sides can still "
            "talk, and money that is under way still arrives."
        ),
        BOTH_READ,
    ),
    ActKind.UNFREEZE: Words(
        _("Let this contract go on"),
        _("Each deadline is as far away as it was when the contract was frozen."),
        BOTH_READ,
    ),
    ActKind.SUSPEND: Words(
        _("Suspend this user"),
        _("They are signed out everywhere at once and cannot sign in, and what they were about to do is refused."),
        STAFF_READ,
    ),
    ActKind.REINSTATE: Words(
        _("Reinstate this user"), _("They can sign in again, and are what they were before."), STAFF_READ
    ),
}


class Button(NamedTuple):
    """A link to a confirm page."""

    label: str
    href: str


def buttons(user: User, row: object) -> list[Button]:
    """What `user` can begin on the administration's page of `row`."""
    if isinstance(row, StaffAct):
        return _of_act(user, row)
    return [
        Button(WORDS[kind].button, new_path(kind, target))
        for kind, target in _possible(row)
        if acts_as_staff(user, kind, target if isinstance(target, User) else None)
    ]


def new_path(kind: str, target: models.Model) -> str:
    return reverse("admin:contracts_staffact_new", args=[kind, target.pk])


def page_of(row: models.Model) -> str:
    """The administration's own page of this row."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def target_of(kind: str, key: str) -> models.Model | None:
    """What an act of this kind would be about; None for what there is not."""
    found = MODELS[TARGETS[kind]]._default_manager
    try:
        return found.filter(pk=key).first()
    except (ValueError, ValidationError):
        return None


def _of_act(user: User, act: StaffAct) -> list[Button]:
    if not act.waits or not acts_as_staff(user, ActKind(act.kind)):
        return []
    refuse = Button(str(_("Refuse it")), reverse("admin:contracts_staffact_refuse", args=[act.pk]))
    if act.requested_by_id == user.pk:
        return [refuse._replace(label=str(_("Take it back")))]
    return [Button(str(_("Approve it")), reverse("admin:contracts_staffact_approve", args=[act.pk])), refuse]


def _possible(row: object) -> Iterator[tuple[ActKind, models.Model]]:
    """Acts that the row as it is could be about."""
    if isinstance(row, Dispute) and row.is_open:
        yield ActKind.DECIDE, row
    elif isinstance(row, Contract):
        yield (ActKind.UNFREEZE if row.frozen_at else ActKind.FREEZE), row
        for dispute in row.disputes.filter(closed_at=None):
            yield ActKind.DECIDE, dispute
    elif isinstance(row, User):
        yield (ActKind.SUSPEND if row.is_active else ActKind.REINSTATE), row
    elif isinstance(row, Payment) and stranded(pk=row.pk):
        yield ActKind.REFUND, row
    elif isinstance(row, Journal | Transfer | Earning) and (journal := _reversible(row)):
        yield ActKind.REVERSE, journal


def _reversible(row: Journal | Transfer | Earning) -> Journal | None:
    """The journal that the row is, or is of, while it can be reversed."""
    journal = row if isinstance(row, Journal) else row.journal
    earned = Earning.objects.filter(journal=journal, reversal=None).exclude(kind=EarningKind.BONUS)
    return journal if earned.exists() else None
