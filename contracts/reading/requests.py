"""A change request as each side reads it: while it waits, what accepting it would come to, and what became of it.

Knows no request of the web and writes nothing. Whoever shows it formats the values.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contracts.models import ChangeRequest, Contract
from contracts.plan import ChangeSet, Chosen, Displaced, Plan, chosen
from contracts.policy import Action, may, role_of
from contracts.reading.headlines import headline
from contracts.reading.sentences import Sentence
from contracts.reading.standing import Standing, Tally
from contracts.states import MilestoneStatus, RequestStatus


@dataclass(frozen=True)
class Asked:
    """A change request of `contract`, loaded with its revision and people, for the user for whom that was loaded."""

    contract: Contract
    request: ChangeRequest

    @cached_property
    def changes(self) -> ChangeSet:
        return self.request.changes

    @property
    def address(self) -> str:
        return reverse("contracts:request", args=[self.contract.pk, self.request.pk])

    @property
    def is_own(self) -> bool:
        """Whether the viewer's side sent it."""
        return self.request.from_client == role_of(self.contract).is_client_side

    @property
    def other(self) -> str:
        """The name of the party that is not the viewer's."""
        contract = self.contract
        return (contract.talent if role_of(contract).is_client_side else contract.client).name

    @property
    def sentence(self) -> Sentence:
        """Who asks for what, or asked."""
        values = {"by": self.request.by.name, "changes": headline(self.changes, asked=True)}
        text = _("{by} asks to {changes}.") if self.request.is_pending else _("{by} asked to {changes}.")
        return Sentence(text, values)

    def stops(self, key: UUID, pinned: AbstractSet[UUID]) -> bool:
        """Whether the next milestone cannot be activated before this is answered (B10)."""
        return self.request.stops(key, pinned)


def pending_on(contract: Contract) -> Asked | None:
    """The change request that waits for an answer: one query, and none where there is none."""
    if contract.request_from_client is None:
        return None
    waiting = contract.change_requests.filter(status=RequestStatus.PENDING).select_related("base", "by")
    return next((Asked(contract, request) for request in waiting), None)


FOR_CLIENT = _("This adds {amount} to what you will fund."), _("You will fund {amount} less.")
FOR_TALENT = _("This adds {amount} to what the client will fund."), _("The client will fund {amount} less.")


@dataclass(frozen=True)
class Budget:
    """What the contract comes to before a change and after it, in dollars."""

    before: Standing
    after: Standing
    is_for_client: bool

    @property
    def more(self) -> Decimal:
        """By how much what is still to fund grows; below zero it shrinks."""
        return self.after.to_fund - self.before.to_fund

    @property
    def sentence(self) -> Sentence:
        """What that means for the one who pays."""
        amount = {"amount": abs(self.more)}
        if not self.more:
            return Sentence(_("What is still to fund stays the same."), amount)
        more, less = FOR_CLIENT if self.is_for_client else FOR_TALENT
        return Sentence(more if self.more > 0 else less, amount)


@dataclass(frozen=True)
class Outcome:
    """What would come of accepting the lines of `asked` with `keys`, and only those (X4)."""

    asked: Asked
    keys: AbstractSet[UUID]

    @cached_property
    def chosen(self) -> Chosen:
        return chosen(self.asked.changes, self.keys)

    @cached_property
    def changes(self) -> ChangeSet:
        return ChangeSet(self.asked.changes.before, self.chosen.plan)

    @property
    def of(self) -> int:
        return len(self.asked.changes.changed)

    @property
    def count(self) -> int:
        return sum(row.line.key in self.keys for row in self.asked.changes.changed)

    @property
    def is_whole(self) -> bool:
        return self.count == self.of

    @property
    def dependent(self) -> list[Sentence]:
        """What stands elsewhere than it was asked for, and why."""
        rows = {row.line.key: row for row in self.asked.changes.changed if row.line.key not in self.keys}
        reasons = {key: row.kinds[0] if not row.moved else "moved" for key, row in rows.items()}
        return [_where(self.asked.changes, displaced, reasons) for displaced in self.chosen.displaced]

    @cached_property
    def budget(self) -> Budget:
        return _budget(self.asked.contract, self.changes)


# Where a chosen line stands instead, and by what was not chosen beside it.
_AFTER = {
    "added": _("{title} comes after {now} instead, as {why} is not added."),
    "removed": _("{title} comes after {now} instead, as {why} is not removed."),
    "moved": _("{title} comes after {now} instead, as {why} is not moved."),
    "": _("{title} comes after {now} instead."),
}
_FIRST = {
    "added": _("{title} comes first instead, as {why} is not added."),
    "removed": _("{title} comes first instead, as {why} is not removed."),
    "moved": _("{title} comes first instead, as {why} is not moved."),
    "": _("{title} comes first instead."),
}


def _where(changes: ChangeSet, displaced: Displaced, reasons: dict[UUID, str]) -> Sentence:
    def title(key: UUID | None) -> str:
        line = key and (changes.after.get(key) or changes.before.get(key))
        return line.title if line else ""

    near = (key for key in (displaced.asked_after, displaced.now_after) if reasons.get(key, "") in {*_AFTER} - {""})
    why = next(near, None)
    words = _AFTER if displaced.now_after else _FIRST
    values = {"title": title(displaced.key), "now": title(displaced.now_after), "why": title(why)}
    return Sentence(words[reasons[why] if why else ""], values)


def _budget(contract: Contract, changes: ChangeSet) -> Budget:
    """With one query: the states of the milestones as they are."""
    states = dict(contract.milestones.values_list("pk", "status"))

    def standing(plan: Plan) -> Standing:
        tallies = (Tally(states.get(line.key, MilestoneStatus.FUTURE), 1, line.amount) for line in plan)
        return Standing.of(contract, tallies)

    return Budget(standing(changes.before), standing(changes.after), role_of(contract).is_client_side)


@dataclass(frozen=True)
class SeenRequest:
    """The page of a change request: what the viewer may do with it, or what became of it."""

    asked: Asked
    ticks: AbstractSet[UUID]

    @property
    def request(self) -> ChangeRequest:
        return self.asked.request

    @property
    def may_answer(self) -> bool:
        return self.request.is_pending and may(self.asked.contract, Action.ANSWER_REQUEST)

    @property
    def may_withdraw(self) -> bool:
        return self.request.is_pending and may(self.asked.contract, Action.WITHDRAW_REQUEST)

    @property
    def may_replace(self) -> bool:
        return self.request.is_pending and may(self.asked.contract, Action.REPLACE_REQUEST)

    @cached_property
    def outcome(self) -> Outcome:
        return Outcome(self.asked, self.ticks)

    @cached_property
    def was_applied(self) -> ChangeSet | None:
        """What the answer made of the plan, where it accepted anything."""
        answer = self.request.events.exclude(revision=None).select_related("revision").first()
        return ChangeSet(self.asked.changes.before, answer.revision.plan) if answer else None

    @cached_property
    def was_left_out(self) -> ChangeSet | None:
        """What was asked for beyond that."""
        return ChangeSet(self.was_applied.after, self.asked.changes.after) if self.was_applied else None

    @cached_property
    def since_before(self) -> ChangeSet | None:
        """What this version changes in the one that it replaces."""
        before = self.request.replaces
        return ChangeSet(before.plan, self.request.plan) if before else None

    @cached_property
    def versions(self) -> list[ChangeRequest]:
        """All of them, the first one first; none where there is but one. One query."""
        known = self.asked.contract.change_requests.select_related("by").defer("lines")
        found = {each.pk: each for each in known.filter(base=self.request.base_id)}
        later = {each.replaces_id: each for each in found.values() if each.replaces_id}
        chain = [*reversed(list(_before(found, self.request.pk))), *_after(later, self.request.pk)]
        return chain if len(chain) > 1 else []

    @property
    def latest(self) -> ChangeRequest | None:
        """The version that took this one's place, the newest of them."""
        last = self.versions[-1] if self.versions else None
        return last if last and last.pk != self.request.pk else None


def _before(found: dict[UUID, ChangeRequest], key: UUID | None) -> Iterator[ChangeRequest]:
    """This version, and those that it goes back to."""
    while key and (version := found.get(key)):
        yield version
        key = version.replaces_id


def _after(later: dict[UUID, ChangeRequest], key: UUID) -> Iterator[ChangeRequest]:
    while version := later.get(key):
        yield version
        key = version.pk


# What became of a request, and by whom.
ENDED = {
    RequestStatus.ACCEPTED: _("{by} accepted it."),
    RequestStatus.PARTLY: _("{by} accepted a part of it."),
    RequestStatus.DECLINED: _("{by} declined it. The plan stays as it was."),
    RequestStatus.COUNTERED: _("{by} sent it back with other changes."),
    RequestStatus.WITHDRAWN: _("{by} withdrew it. The plan stays as it was."),
    RequestStatus.SUPERSEDED: _("{by} revised it."),
}
CONTRACT_ENDED = _("The contract ended before it was answered.")


def what_became(request: ChangeRequest, versions: list[ChangeRequest]) -> Sentence | None:
    """How the request ended; None while it waits."""
    if request.is_pending:
        return None
    is_replaced = any(each.replaces_id == request.pk for each in versions)
    if request.status == RequestStatus.SUPERSEDED and not is_replaced:
        return Sentence(CONTRACT_ENDED, {"by": ""})
    return Sentence(ENDED[RequestStatus(request.status)], {"by": request.closed_by.name if request.closed_by else ""})
