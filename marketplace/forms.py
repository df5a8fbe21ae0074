"""The forms of people: sign-up and the other doors, settings, a new party. Knows no page and writes nothing itself."""

from allauth.account import forms as doors
from allauth.core import context
from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from marketplace import operations, sessions
from marketplace.fields import PlainTextField
from marketplace.models import ADDRESS_LENGTH, Invitation, PartyKind, User
from marketplace.teams.ahead import invitation_ahead
from marketplace.time_zones import UTC, is_zone, zone_choices

KINDS = [
    (PartyKind.CLIENT, _("As a client")),
    (PartyKind.FREELANCER, _("As a freelancer")),
    (PartyKind.AGENCY, _("As an agency")),
]
PASSWORD_HELP = _("At least 8 characters. Not a common password, nor one like your name or email.")


def kind_field(label: str) -> forms.ChoiceField:
    widget = forms.RadioSelect(attrs={"class": "form-check-input"})
    missing = {"required": _("Choose one of the three.")}
    return forms.ChoiceField(label=label, choices=KINDS, widget=widget, error_messages=missing)


class LabelsOnly:
    """A form of allauth's without placeholders (a label says it once, and stays) and with our own line on passwords."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        if "password1" in self.fields:
            self.fields["password1"].help_text = PASSWORD_HELP


class SignInForm(LabelsOnly, doors.LoginForm):
    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """The library gives the session two weeks more with each change; the end that it was given stays."""
        answer = super().login(request, redirect_url)
        if request.user.is_authenticated:
            sessions.begin(request)
        return answer


class ResetPasswordForm(LabelsOnly, doors.ResetPasswordForm):
    def clean_email(self) -> str:
        """An email that somebody only wants to change to opens nothing yet, least of all their account."""
        email = super().clean_email()
        self.users = [user for user in self.users if user.email == email.lower()]
        return email


class NewPasswordForm(LabelsOnly, doors.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(LabelsOnly, doors.ChangePasswordForm):
    pass


class ChangeEmailForm(LabelsOnly, doors.ChangeEmailForm):
    pass


class AnotherEmailForm(LabelsOnly, doors.AddEmailForm):
    pass


class ConfirmPasswordForm(LabelsOnly, doors.ReauthenticateForm):
    pass


class SignUpForm(LabelsOnly, doors.SignupForm):
    """Who the person is, and the party that they found by signing up unless they are invited to one."""

    kind = kind_field(_("How will you use Cairn?"))
    name = PlainTextField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    party_name = PlainTextField(
        label=_("Company or agency name"), max_length=120, required=False,
        help_text=_("Shown on contracts. A client may leave it empty: then your own name is shown."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )  # fmt: skip
    time_zone = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput(attrs={"data-time-zone": ""}))
    field_order = ["kind", "name", "party_name", "email", "password1", "time_zone"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation_ahead(context.request)
        if self.invitation:
            self._join(self.invitation)

    def _join(self, invitation: Invitation) -> None:
        """Who comes with an invitation founds nothing, and its link came to the address: that is confirmed."""
        for field in ("kind", "party_name"):
            del self.fields[field]
        self.fields["email"].disabled, self.initial["email"] = True, invitation.email
        self.fields["email"].help_text = _("The address that you were invited at.")

    def clean_time_zone(self) -> str:
        """The browser's own guess; the person can change it in the settings."""
        zone = self.cleaned_data["time_zone"]
        return zone if is_zone(zone) else UTC

    def clean(self) -> dict:
        super().clean()
        if self.cleaned_data.get("kind") == PartyKind.AGENCY and not self.cleaned_data.get("party_name"):
            self.add_error("party_name", _("An agency needs a name that clients will know it by."))
        return self.cleaned_data

    def try_save(self, request: HttpRequest):
        """An email that was taken a moment ago is answered like one that always was: nobody learns which."""
        try:
            return super().try_save(request)
        except operations.EmailTaken:
            self.account_already_exists = True
            return super().try_save(request)

    def save(self, request: HttpRequest) -> User:
        data = self.cleaned_data
        if self.invitation:
            return operations.join(
                email=data["email"], password=data["password1"], name=data["name"], time_zone=data["time_zone"],
                email_verified=True,
            )  # fmt: skip
        named = data["kind"] != PartyKind.FREELANCER
        return operations.sign_up(
            email=data["email"], password=data["password1"], name=data["name"], kind=data["kind"],
            party_name=data["party_name"] if named else "", time_zone=data["time_zone"],
        )  # fmt: skip


class SettingsForm(forms.Form):
    name = PlainTextField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=zone_choices, help_text=_("Dates and times are shown to you in it."),
        error_messages={"invalid_choice": operations.UnknownTimeZone.message},
    )  # fmt: skip


class NewPartyForm(forms.Form):
    kind = kind_field(_("How will it use Cairn?"))
    name = PlainTextField(
        label=_("Name"), max_length=120, help_text=_("Shown on contracts."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )  # fmt: skip


class TaxDetailsForm(forms.Form):
    """What a party's invoices say of it besides its name."""

    legal_name = PlainTextField(
        label=_("Legal name"), max_length=120, required=False,
        help_text=_("If it differs from the name on contracts."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )  # fmt: skip
    address = PlainTextField(
        label=_("Address"), max_length=ADDRESS_LENGTH, required=False, lines=True,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"}),
    )  # fmt: skip
    country = PlainTextField(
        label=_("Country"), max_length=60, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "country-name"}),
    )  # fmt: skip
    tax_number = PlainTextField(
        label=_("Tax number"), max_length=60, required=False, help_text=_("With its prefix, as it is registered."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
