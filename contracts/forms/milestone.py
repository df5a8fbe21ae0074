"""The form behind Add new milestone."""

import uuid
from datetime import date
from typing import Self

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.forms.fields import amount_field, description_field, due_date_field, due_date_problem, title_field
from contracts.plan import Line


class MilestoneForm(forms.Form):
    """One new milestone. Its key is in the form, so that the same post twice adds it once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    title = title_field()
    description = description_field()
    amount = amount_field()
    due_date = due_date_field()

    def __init__(self, *args, today: date, **kwargs) -> None:
        self.today = today
        kwargs.setdefault("initial", {"key": uuid.uuid4()})
        super().__init__(*args, **kwargs)
        self.fields["amount"].help_text = _("In US dollars, at least $5.00.")
        if not self.is_bound:
            self.fields["title"].widget.attrs["autofocus"] = True
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout("key", "title", "description", Div("amount", "due_date", css_class="field-grid"))

    def clean_due_date(self) -> date | None:
        due_date = self.cleaned_data["due_date"]
        if problem := due_date_problem(due_date, None, self.today):
            raise forms.ValidationError(problem)
        return due_date

    def clean(self) -> dict:
        if "key" in self.errors:
            raise forms.ValidationError(_("Part of this form did not arrive as it was sent. Open it again."))
        return super().clean()

    def with_new_key(self) -> Self:
        """The same words once more, for another milestone than the one that was added with this form."""
        return type(self)({**self.data.dict(), "key": uuid.uuid4()}, today=self.today)

    @property
    def line(self) -> Line:
        """The milestone as a line of the plan, once the form is valid."""
        return Line(**self.cleaned_data)
