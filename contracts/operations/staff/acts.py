"""Asking for an act of staff, agreeing to it as a second person, and refusing it (record 12).

What an act moves is shown before it is done, and done only if it is still the same. Lock order: the act, the people,
then whatever the act itself locks.
"""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from contracts import policy
from contracts.models import TARGETS, ActKind, StaffAct
from contracts.operations.staff.doing import carry_out
from contracts.operations.staff.effects import Effect, rehearse, watch
from contracts.operations.staff.reversal import reversible
from contracts.refusals import ContractError, KeyReused, NotAllowed, Stale, WrongState
from marketplace import clock
from marketplace.models import Membership, User


class NotStaffs(NotAllowed):
    """domain.md, roles: finance decides about money, but not about its own; nobody else, a superuser neither."""

    text = _("Only the finance group does this, and nobody for a party of their own.")


class NoReason(ContractError):
    """An act of staff is explained in writing."""

    text = _("Say why. It stays with the act for good.")


class EffectChanged(Stale):
    """What an act would move is not what was shown."""

    text = _("What this would move changed since it was shown, so nothing was done. Read the new figures first.")


class AskedBefore(WrongState):
    """One act at a time waits for a second person about one thing."""

    text = _("An act about this waits for a second person already. Approve or refuse that one first.")


class OwnAct(WrongState):
    """The second person is another one."""

    text = _("You asked for this yourself. Somebody else of the finance group has to approve it.")


class ActOver(WrongState):
    """An act is done or refused once."""

    text = _("This act is over: somebody approved or refused it meanwhile.")


class AskerGone(WrongState):
    """What somebody asked for who may not decide any more is not done on their word."""

    text = _("Whoever asked for this may not decide about it any more. Refuse it, and ask for it anew if it is right.")


def foresee(*, kind: ActKind, target: models.Model, by: User, to_talent: Decimal | None = None) -> Effect:
    """What this act would move now, if `by` did it; nothing is done. Raises what the act would refuse."""
    act = _wished(kind, target, by, to_talent=to_talent, reason="-")
    _require(by, act)
    return rehearse(lambda: carry_out(act))


@transaction.atomic
def request_act(
    *, kind: ActKind, target: models.Model, by: User, key: UUID, reason: str, shown: str,
    to_talent: Decimal | None = None,
) -> StaffAct:  # fmt: skip
    """Somebody of staff does what the page showed under the mark `shown`; above the limit, asks for it instead.

    `key` becomes the act's id: the same form twice acts once.
    """
    act = _wished(kind, target, by, to_talent=to_talent, reason=reason, key=key)
    _lock_people(by, act.user)
    _require(by, act)
    if known := StaffAct.objects.filter(pk=key).first():
        return _same(known, act)
    if not reason:
        raise NoReason
    effect = rehearse(lambda: carry_out(act))
    if effect.mark != shown:
        raise EffectChanged
    act.amount, act.effect = effect.amount, [list(step) for step in effect.steps]
    if not act.takes_two:
        _do(act)
    return _created(act)


@transaction.atomic
def approve_act(*, act: StaffAct, by: User) -> StaffAct:
    """A second person agrees, and it is done. Where the world has changed meanwhile, nothing is, and it still waits."""
    act = _held(act)
    _lock_people(by, act.requested_by, act.user)
    _require(by, act)
    if act.approved_by_id == by.pk:
        return act
    if not act.waits:
        raise ActOver
    if act.requested_by_id == by.pk:
        raise OwnAct
    if not _may(act.requested_by, act):
        raise AskerGone
    _do(act)
    act.approved_by, act.approved_at = by, act.done_at
    act.save(update_fields=["approved_by", "approved_at", "done_at", "posted"])
    return act


@transaction.atomic
def refuse_act(*, act: StaffAct, by: User, refusal: str) -> StaffAct:
    """Somebody of finance refuses an act that waits; whoever asked for it takes it back so."""
    act = _held(act)
    _lock_people(by)
    _require(by, act)
    if (act.refused_by_id, act.refusal) == (by.pk, refusal):
        return act
    if not act.waits:
        raise ActOver
    if not refusal:
        raise NoReason
    act.refused_by, act.refused_at, act.refusal = by, clock.now(), refusal
    act.save(update_fields=["refused_by", "refused_at", "refusal"])
    return act


def _wished(
    kind: ActKind, target: models.Model, by: User, *, to_talent: Decimal | None, reason: str, key: UUID | None = None
) -> StaffAct:
    """The act as it is asked for, not saved."""
    about: Mapping[str, object] = {TARGETS[kind]: target, **({"id": key} if key else {})}
    return StaffAct(kind=kind, to_talent=to_talent, reason=reason, requested_by=by, limit=StaffAct.limit_now(), **about)


def _require(by: User, act: StaffAct) -> None:
    if not _may(by, act):
        raise NotStaffs


def _may(by: User, act: StaffAct) -> bool:
    """Asked anew of the database, once the rows are locked: a role may have gone. Nobody acts about their own money."""
    if not policy.acts_as_staff(by, ActKind(act.kind), act.user):
        return False
    return not Membership.objects.filter(user=by, party__in=_parties_of(act)).exists()


def _parties_of(act: StaffAct) -> list[UUID]:
    """Whose money it is about."""
    if act.payment:
        return [act.payment.party_id]
    contract = act.contract or (act.dispute and act.dispute.contract)
    if act.journal:
        contract = reversible(act.journal).contract
    return [contract.client_id, contract.talent_id] if contract else []


def _lock_people(*people: User | None) -> None:
    """Whoever acts, and whom it is about, stay as they are until the act is over; suspending one of them waits."""
    keys = {person.pk for person in people if person}
    list(User.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk").only("pk"))


def _held(act: StaffAct) -> StaffAct:
    StaffAct.objects.select_for_update(no_key=True).only("pk").get(pk=act.pk)
    return StaffAct.objects.select_related("requested_by", "user").get(pk=act.pk)


def _same(known: StaffAct, wished: StaffAct) -> StaffAct:
    """The key was used before: for this very act, or it is refused."""
    alike = ("kind", "dispute_id", "journal_id", "payment_id", "contract_id", "user_id", "to_talent", "reason")
    if any(getattr(known, name) != getattr(wished, name) for name in (*alike, "requested_by_id")):
        raise KeyReused
    return known


def _do(act: StaffAct) -> None:
    """Do it, and have done what was shown; otherwise all of it is taken back with the transaction."""
    effect = watch(lambda: carry_out(act))
    if [step.figures for step in effect.steps] != [step.figures for step in act.steps]:
        raise EffectChanged
    act.done_at, act.posted = clock.now(), effect.posted


def _created(act: StaffAct) -> StaffAct:
    try:
        with transaction.atomic():
            act.save(force_insert=True)
    except IntegrityError as refused:
        constraint = refused.__cause__.diag.constraint_name or ""  # type: ignore[union-attr]
        if constraint.startswith("act_one_waiting"):
            raise AskedBefore from None
        raise
    return act
