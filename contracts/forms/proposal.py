"""What a talent writes to propose a contract: the words and milestones of an offer, without a payment; and its no."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from contracts.forms.acting import PartyField, for_its_party
from contracts.forms.answer import DeclineForm
from contracts.forms.offer import DraftForm, job_field, job_title_field
from marketplace.models import Job, Party


class ProposalForm(DraftForm):
    """A contract that is not proposed yet, under one of `jobs` or a new one. Says for which party."""

    party = PartyField()
    job = job_field()
    job_title = job_title_field()

    def __init__(self, *args, jobs: QuerySet[Job], talent: Party, acting: Party | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"].open_for(talent, acting)  # type: ignore[attr-defined]
        self.fields["job"].queryset = jobs  # type: ignore[attr-defined]

    def clean(self) -> dict:
        super().clean()
        return for_its_party(self)


class DeclineProposalForm(DeclineForm):
    """Why the client does not want it, if there is something to say."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("The other side reads it. A word on price, time or scope helps next time.")
