"""Which members of an agency work on a contract. Managers need no choosing: they see all of the agency's contracts."""

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.models import Contract
from marketplace.models import MemberRole, Membership


class MemberField(forms.ModelMultipleChoiceField):
    """Members by their names."""

    def label_from_instance(self, membership: Membership) -> str:
        return membership.user.name


class MembersForm(forms.Form):
    """The agency's members, those who are assigned already chosen at first."""

    members = MemberField(
        Membership.objects.none(),
        label=_("Members who work on it"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        error_messages={"invalid_choice": _("One of these is not a member of your agency any more. Choose again.")},
    )

    def __init__(self, *args, contract: Contract, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"members": list(contract.members.values_list("membership", flat=True))}
        members = contract.talent.memberships.filter(role=MemberRole.MEMBER, user__is_active=True)
        self.choices = members.select_related("user").order_by("user__name", "pk")
        self.fields["members"].queryset = self.choices  # type: ignore[attr-defined]
