"""What is written to make an offer, or to change one: words, milestones, what to pay with. Knows no operation.

The milestones are rows of the plan editor and are read by its form; an offer that is new has an empty plan before it.
"""

from datetime import date
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from contracts.forms.acting import PartyField, for_its_party
from contracts.forms.paying import DAMAGED, MethodField, has_damage, key_field
from contracts.forms.plan import PlanForm
from contracts.models import Contract
from contracts.plan import TITLE_LENGTH, Plan
from contracts.reading.proposals import jobs_of
from marketplace.fields import PlainTextField
from marketplace.models import Job, Party

TERMS_LENGTH = Contract._meta.get_field("terms").max_length
TOO_LONG = _("It can have %(limit_value)d characters at most (this has %(show_value)d).")


def untouched(plan: Plan, *, today: date, revision: int = 0) -> PlanForm:
    """The milestones of a form that nobody posted yet."""
    return PlanForm(QueryDict(), base=plan, revision=revision, today=today)


def job_field(**kwargs) -> forms.ModelChoiceField:
    """One of some jobs, or a new one."""
    return forms.ModelChoiceField(
        Job.objects.none(), label=_("Job"), required=False, empty_label=_("A new job"),
        error_messages={"invalid_choice": _("This job cannot be chosen here. Choose another one, or make a new one.")},
        **kwargs,
    )  # fmt: skip


def job_title_field() -> PlainTextField:
    return PlainTextField(
        label=_("Name of the new job"),
        required=False,
        max_length=TITLE_LENGTH,
        help_text=_("Left empty, it is called like the contract."),
        error_messages={"max_length": TOO_LONG},
    )


class DraftForm(forms.Form):
    """What a contract says before anybody agreed to it; `plan` are its milestones. Its key is not that of a row."""

    offer_key = key_field()
    title = PlainTextField(
        label=_("Title of the contract"),
        max_length=TITLE_LENGTH,
        error_messages={"required": _("Give the contract a title."), "max_length": TOO_LONG},
    )
    terms = PlainTextField(
        label=_("Terms"),
        lines=True,
        required=False,
        max_length=TERMS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What counts as done, who owns the result, how you work together."),
        error_messages={"max_length": TOO_LONG},
    )

    def __init__(self, *args, plan: PlanForm, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan

    def is_valid(self) -> bool:
        return super().is_valid() and self.plan.is_valid()

    def clean(self) -> dict:
        if has_damage(self):
            raise forms.ValidationError(DAMAGED)
        return super().clean() or self.cleaned_data

    def renew_key(self) -> None:
        """Let it stand for another wish than the one that was made with this form before."""
        self.data = {name: self.data.get(name) for name in self.fields} | {"offer_key": str(uuid4())}


class OfferForm(DraftForm):
    """An offer of `client`.

    A client without any payment method can still change an offer as long as nothing has to be charged for it.
    """

    method = MethodField(required=False)

    def __init__(self, *args, client: Party, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        method = self.fields["method"]
        method.offer(client)  # type: ignore[attr-defined]
        method.required = bool(method.queryset)  # type: ignore[attr-defined]


class NewOfferForm(OfferForm):
    """An offer that is not made yet, with the job that it belongs to. Says for which party."""

    party = PartyField()
    job = job_field()
    job_title = job_title_field()

    def __init__(self, *args, client: Party, acting: Party | None = None, **kwargs) -> None:
        super().__init__(*args, client=client, **kwargs)
        self.fields["party"].open_for(client, acting)  # type: ignore[attr-defined]
        self.fields["job"].queryset = jobs_of(client)  # type: ignore[attr-defined]

    def clean(self) -> dict:
        super().clean()
        return for_its_party(self)


class DepositForm(forms.Form):
    """What to pay the deposit of an offer with. Without any method the operation says what is missing, if it is."""

    key = key_field()
    method = MethodField(required=False)

    def __init__(self, *args, client: Party, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        method = self.fields["method"]
        method.offer(client)  # type: ignore[attr-defined]
        method.required = bool(method.queryset)  # type: ignore[attr-defined]

    def clean(self) -> dict:
        if has_damage(self):
            raise forms.ValidationError(DAMAGED)
        return super().clean() or self.cleaned_data
