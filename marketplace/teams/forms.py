"""The forms of a team: an invitation, another role. Knows no page and writes nothing."""

import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from marketplace.fields import UNSEEN
from marketplace.models import ROLES_OF_KIND, MemberRole, Party, PartyKind

# What a role may do, said by the role and the kind of its party (domain.md, roles).
WHAT_IT_MAY = {
    (PartyKind.CLIENT, MemberRole.OWNER): _("Decides about everything, the team included."),
    (PartyKind.CLIENT, MemberRole.MANAGER): _("Makes contracts, pays and answers. Does not change the team."),
    (PartyKind.CLIENT, MemberRole.VIEWER): _("Reads every contract and changes nothing."),
    (PartyKind.AGENCY, MemberRole.MANAGER): _("Decides about everything, the team and the earnings included."),
    (PartyKind.AGENCY, MemberRole.MEMBER): _("Works and writes on the contracts that they are assigned to."),
}


class EmailField(forms.EmailField):
    """An address in lower case. One with anything in it that cannot be seen is refused: it is not what was read."""

    def to_python(self, value: object) -> str:
        text = str(value or "").strip().lower()
        if any(unicodedata.category(letter) in UNSEEN for letter in text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return text


def role_field(party: Party) -> forms.ChoiceField:
    kind = PartyKind(party.kind)
    choices = [(role, role.label.capitalize()) for role in ROLES_OF_KIND[kind]]
    return forms.ChoiceField(
        label=_("Role"), choices=choices, widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages={"required": _("Choose a role."), "invalid_choice": _("Choose a role from the list.")},
    )  # fmt: skip


class InvitationForm(forms.Form):
    """Whom to invite to the team of `party`, and as what; the least is chosen at first."""

    email = EmailField(
        label=_("Email"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Type the address of whom you invite."),
            "invalid": _("That is no email address. Check it, then try again."),
        },
    )  # fmt: skip

    def __init__(self, *args, party: Party, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = role_field(party)
        self.fields["role"].initial = ROLES_OF_KIND[PartyKind(party.kind)][-1]


class RoleForm(forms.Form):
    """Another role for somebody of the team of `party`; `was` is the one that the page showed."""

    was = forms.ChoiceField(choices=MemberRole, widget=forms.HiddenInput)

    def __init__(self, *args, party: Party, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = role_field(party)
