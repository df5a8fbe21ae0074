"""People and their parties in the administration. Staff look, mend a name and suspend; they join nobody to a team.

Its sign-in is everybody's own.
"""

from typing import ClassVar

from allauth.account.admin import EmailAddressAdmin
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.admin import AuthenticatorAdmin
from allauth.mfa.models import Authenticator
from allauth.usersessions.admin import UserSessionAdmin
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from marketplace import admin_jobs  # noqa: F401 - it registers the worker's jobs
from marketplace.finding import FEW, id_of, parties, people, with_words
from marketplace.frozen import CappedPaginator, Fast, Finds, Frozen, nobody
from marketplace.models import Erasure, Invitation, Job, Membership, Party, TaxDetails, TeamEvent, User

__all__ = ["CappedPaginator", "nobody"]  # what other apps take from here

admin.site.site_header = admin.site.site_title = _("Cairn administration")
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.unregister([EmailAddress, Authenticator, UserSession, Group])


def titled(typed: str) -> list[int]:
    """Jobs with these words in their title."""
    return list(with_words(Job.objects.all(), "title", typed).values_list("pk", flat=True)[:FEW])


class NewUserForm(AdminUserCreationForm):
    """Somebody new; the email is kept in lower case, as at sign-up."""

    class Meta:
        model = User
        fields = ("email", "name")

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


@admin.register(User)
class PersonAdmin(Fast, UserAdmin):
    """A user is suspended by an act of staff, never deleted. Email and password are for their owner to change."""

    list_display = ("email", "name", "is_active", "is_staff", "date_joined", "last_login")
    list_filter = ("is_active", "is_staff")
    finds: ClassVar[Finds] = {"id": people}
    ordering = ("-pk",)
    filter_horizontal = ()
    add_form = NewUserForm
    add_fieldsets = ((None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),)
    fieldsets = (
        (None, {"fields": ("email", "name", "time_zone")}),
        (_("Permissions"), {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    has_delete_permission = nobody

    def get_readonly_fields(self, request, obj=None) -> tuple[str, ...]:
        return ("email", "is_active", "last_login", "date_joined") if obj else ()

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        """Nobody sets somebody else's password: whoever did could sign in as them. Its owner resets it by email."""
        raise PermissionDenied


@admin.register(Group)
class StaffGroupAdmin(GroupAdmin):
    """What a group of staff may do, in one list: Django's two side by side name themselves to no screen reader."""

    filter_horizontal = ()


@admin.register(Party)
class PartyAdmin(Fast):
    """A party's kind is settled when it is founded: its contracts rest on it."""

    list_display = ("name", "kind", "created_at")
    finds: ClassVar[Finds] = {"id": parties}
    ordering = ("-created_at", "-pk")
    has_delete_permission = nobody

    def get_readonly_fields(self, request, obj=None) -> tuple[str, ...]:
        return ("kind", "created_at") if obj else ()


@admin.register(Membership)
class MembershipAdmin(Frozen):
    """Who acts for whom is for the party itself to say (domain.md, roles): staff only look."""

    list_display = ("user", "party", "role", "created_at")
    list_select_related = ("user", "party")
    finds: ClassVar[Finds] = {"user": people, "party": parties}
    ordering = ("-pk",)


@admin.register(Invitation)
class InvitationAdmin(Frozen):
    list_display = ("email", "party", "role", "by", "status", "created_at", "expires_at")
    list_select_related = ("party", "by")
    finds: ClassVar[Finds] = {"id": id_of, "party": parties, "by": people, "email": lambda typed: [typed.lower()]}
    ordering = ("-created_at", "-pk")


@admin.register(TeamEvent)
class TeamEventAdmin(Frozen):
    list_display = ("at", "party", "kind", "by", "person", "invitation", "role")
    list_select_related = ("party", "by", "person", "invitation__party")
    finds: ClassVar[Finds] = {"party": parties, "by": people, "person": people}
    ordering = ("-pk",)


@admin.register(Erasure)
class ErasureAdmin(Frozen):
    """Who closed their account, by the name that stands for them since; whose it was nobody can look up."""

    list_display = ("at", "person", "by")
    list_select_related = ("person", "by")
    finds: ClassVar[Finds] = {"person": people}
    ordering = ("-at", "-pk")


@admin.register(TaxDetails)
class TaxDetailsAdmin(Frozen):
    """What invoices say of a party is for the party to say."""

    list_display = ("party", "legal_name", "country", "tax_number")
    list_select_related = ("party",)
    finds: ClassVar[Finds] = {"party": parties}
    ordering = ("-pk",)


@admin.register(UserSession)
class FrozenUserSessionAdmin(Frozen, UserSessionAdmin):
    """Where somebody is signed in. Its owner ends it, and a suspension ends all; its key is nobody's to read."""

    list_display = ("user", "created_at", "last_seen_at")
    fields = ("user", "created_at", "last_seen_at", "ip", "user_agent")
    list_select_related = ("user",)
    finds: ClassVar[Finds] = {"user": people}
    ordering = ("-pk",)


@admin.register(LogEntry)
class LogEntryAdmin(Frozen):
    """What staff changed here, and when."""

    list_display = ("action_time", "user", "content_type", "object_repr", "action_flag")
    list_select_related = ("user", "content_type")
    finds: ClassVar[Finds] = {"user": people}
    ordering = ("-pk",)


@admin.register(Job)
class JobAdmin(Fast):
    list_display = ("title", "client", "created_at")
    list_select_related = ("client",)
    finds: ClassVar[Finds] = {"id": titled, "client": parties}
    ordering = ("-pk",)
    raw_id_fields = ("client",)

    def get_readonly_fields(self, request, obj=None) -> tuple[str, ...]:
        return ("client", "created_at") if obj else ()


@admin.register(EmailAddress)
class FrozenEmailAddressAdmin(Frozen, EmailAddressAdmin):
    """Whose address it is decides who gets in: only its owner can add, confirm or change one."""

    actions = ()
    list_filter = ()
    finds: ClassVar[Finds] = {"user": people, "email": lambda typed: [typed.lower()]}
    ordering = ("-pk",)


@admin.register(Authenticator)
class FrozenAuthenticatorAdmin(Frozen, AuthenticatorAdmin):
    """That somebody has a second step, and of which kind; never its secret."""

    fields = ("user", "type", "created_at", "last_used_at")
    list_filter = ()
    finds: ClassVar[Finds] = {"user": people}
    ordering = ("-pk",)
