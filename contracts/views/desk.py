"""Whose plan editor it is and where its button leads: a client's save, a talent's request, a request that is replaced.

Loading a desk is the permission to sit at it: 404 for outsiders, 403 for other roles (B8).
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from contracts.forms.plan import PlanForm
from contracts.forms.requests import NoteForm
from contracts.models import ChangeRequest, Contract
from contracts.operations.plan import merge_with_current, save_plan
from contracts.operations.requests import replace_request, send_request
from contracts.policy import Action, has_role, in_state, role_of
from contracts.reading.sentences import summary
from contracts.views.editor_page import Editor, fresh_editor, merged_editor
from contracts.views.room import visible_contract
from marketplace.models import User


@dataclass(frozen=True)
class Desk:
    """The editor of the plan of `contract` or, to be replaced, of what `asked` proposes, for its viewer.

    A request that is one's own is revised, the other side's is sent back (X4).
    """

    contract: Contract
    asked: ChangeRequest | None = None

    @property
    def action(self) -> Action:
        if self.asked:
            return Action.REPLACE_REQUEST
        return Action.EDIT_PLAN if role_of(self.contract).is_client_side else Action.SEND_REQUEST

    @property
    def sends(self) -> bool:
        """Whether it makes a request, and changes nothing itself."""
        return self.action is not Action.EDIT_PLAN

    @property
    def is_own(self) -> bool:
        return bool(self.asked) and self.asked.from_client == role_of(self.contract).is_client_side

    @property
    def is_open(self) -> bool:
        """Whether there is something to edit: the state allows it, and what it replaces still waits."""
        return in_state(self.contract, self.action) and (self.asked is None or self.asked.is_pending)

    @property
    def title(self) -> str:
        if self.asked is None:
            return _("Manage Milestones")
        return _("Revise the request") if self.is_own else _("Edit and send back")

    @property
    def button(self) -> str:
        if not self.sends:
            return _("Save")
        return _("Send request") if self.asked is None or self.is_own else _("Send back")

    @property
    def address(self) -> str:
        return self._address("milestones")

    @property
    def draft_address(self) -> str:
        return self._address("draft")

    @property
    def back(self) -> str:
        """Where Cancel leads."""
        if self.asked:
            return reverse("contracts:request", args=[self.contract.pk, self.asked.pk])
        return reverse("contracts:room", args=[self.contract.pk])

    @property
    def in_the_way(self) -> str:
        """The address of the request that is to be looked at before this goes on, or nothing."""
        return self.back if self.asked else self.contract.pending.address if self.contract.pending else ""

    @property
    def draft_key(self) -> str:
        """What parts the drafts of one user on one contract from each other (X3)."""
        return f"{self.contract.pk}:{self.asked.pk}" if self.asked else str(self.contract.pk)

    def fresh(self, user: User, **said) -> Editor:
        """The editor as it begins: the plan as it is, or as the request would have it."""
        if self.asked is None:
            return fresh_editor(self.contract, **said)
        merge = merge_with_current(self.contract, base=self.asked.base.number, mine=self.asked.plan)
        return merged_editor(self.contract, merge, user, is_touched=False, **said)

    def blank_note(self) -> NoteForm | None:
        if not self.sends:
            return None
        return NoteForm.blank(self.asked.note if self.is_own else "")

    def save(self, form: PlanForm, note: NoteForm | None, by: User, today: date) -> str:
        """Save or send what was typed; what there is to say of it, nothing when nothing was to be done."""
        if note is None:
            done = save_plan(contract=self.contract, by=by, base=form.revision, mine=form.plan, today=today)
            changes = done or form.changes  # alike, where there are both: what lands is what was seen
            return _("Plan saved: %(changes)s.") % {"changes": summary(changes.counts)} if changes else ""
        self._send(form, key=note.cleaned_data["request_key"], note=note.cleaned_data["note"], by=by, today=today)
        return self.sent

    @property
    def other(self) -> str:
        """The name of the party that reads what is sent."""
        contract = self.contract
        return (contract.talent if role_of(contract).is_client_side else contract.client).name

    @property
    def sent(self) -> str:
        """What is said once the request is on its way."""
        if self.asked and not self.is_own:
            return _("Sent back. The plan stays as it is until %(other)s answers.") % {"other": self.other}
        return _("Request sent. The plan stays as it is until %(other)s answers.") % {"other": self.other}

    def _send(self, form: PlanForm, **wish) -> None:
        if self.asked:
            replace_request(contract=self.contract, request=self.asked, mine=form.plan, **wish)
        else:
            send_request(contract=self.contract, base=form.revision, mine=form.plan, **wish)

    def _address(self, page: str) -> str:
        if self.asked:
            return reverse(f"contracts:request_{page}", args=[self.contract.pk, self.asked.pk])
        return reverse(f"contracts:{page}", args=[self.contract.pk])


def desk_on(request: HttpRequest, contract_id: UUID, request_id: UUID | None = None) -> Desk:
    """The user's desk at this contract's plan, or at one of its requests."""
    contract = visible_contract(request, contract_id)
    asked = request_on(contract, request_id) if request_id else None
    desk = Desk(contract, asked)
    if not has_role(contract, desk.action):
        raise PermissionDenied
    return desk


def request_on(contract: Contract, request_id: UUID) -> ChangeRequest:
    """The change request of this contract with what it was made on and who sent it; 404 where there is none."""
    known = contract.change_requests.select_related("base", "by", "closed_by", "replaces__by", "replaces__base")
    return get_object_or_404(known, pk=request_id)
