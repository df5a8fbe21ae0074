"""People and their parties in the administration. Staff look, mend a name and suspend; they join nobody to a team.

Its sign-in is everybody's own. Also here: what all of the administration's lists and frozen rows have in common.
"""

from allauth.account.admin import EmailAddressAdmin
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.admin import AuthenticatorAdmin
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.core.paginator import Paginator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from marketplace.models import Job, Membership, Party, TaxDetails, User

admin.site.site_header = admin.site.site_title = _("Cairn administration")
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.unregister([EmailAddress, Authenticator])


class CappedPaginator(Paginator):
    """Counts no further than a person pages: whoever is not among the first thousand is found by searching."""

    most = 1000

    @cached_property
    def count(self) -> int:
        return self.object_list.order_by()[: self.most].count()  # type: ignore[attr-defined]


def nobody(*args, **kwargs) -> bool:
    """As a permission: not even a superuser."""
    return False


class NewUserForm(AdminUserCreationForm):
    """Somebody new; the email is kept in lower case, as at sign-up."""

    class Meta:
        model = User
        fields = ("email", "name")

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


@admin.register(User)
class PersonAdmin(UserAdmin):
    """A user is suspended (made inactive), never deleted. The email is changed by its owner, who can confirm it."""

    list_display = ("email", "name", "is_active", "is_staff", "date_joined", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "name")
    ordering = ("-pk",)
    filter_horizontal = ()
    show_full_result_count = False
    paginator = CappedPaginator
    add_form = NewUserForm
    add_fieldsets = ((None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),)
    fieldsets = (
        (None, {"fields": ("email", "name", "password", "time_zone")}),
        (_("Permissions"), {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    has_delete_permission = nobody

    def get_readonly_fields(self, request, obj=None) -> tuple[str, ...]:
        return ("email", "last_login", "date_joined") if obj else ()


@admin.register(Party)
class PartyAdmin(admin.ModelAdmin):
    """A party's kind is settled when it is founded: its contracts rest on it."""

    list_display = ("name", "kind", "created_at")
    list_filter = ("kind",)
    search_fields = ("name", "memberships__user__email")
    ordering = ("pk",)
    show_full_result_count = False
    paginator = CappedPaginator
    has_delete_permission = nobody

    def get_readonly_fields(self, request, obj=None) -> tuple[str, ...]:
        return ("kind", "created_at") if obj else ()


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    """Who acts for whom is for the party itself to say (domain.md, roles): staff only look."""

    list_display = ("user", "party", "role", "created_at")
    list_filter = ("role",)
    list_select_related = ("user", "party")
    search_fields = ("user__email", "user__name", "party__name")
    ordering = ("-pk",)
    show_full_result_count = False
    paginator = CappedPaginator
    has_add_permission = has_change_permission = has_delete_permission = nobody


@admin.register(TaxDetails)
class TaxDetailsAdmin(admin.ModelAdmin):
    """What invoices say of a party is for the party to say."""

    list_display = ("party", "legal_name", "country", "tax_number")
    list_select_related = ("party",)
    search_fields = ("party__name", "legal_name", "=tax_number")
    ordering = ("-pk",)
    show_full_result_count = False
    paginator = CappedPaginator
    has_add_permission = has_change_permission = has_delete_permission = nobody


@admin.register(Job)
class JobAdmin(admin.ModelAdmin):
    list_display = ("title", "client", "created_at")
    list_select_related = ("client",)
    search_fields = ("title", "client__name")
    ordering = ("-pk",)
    show_full_result_count = False
    paginator = CappedPaginator
    raw_id_fields = ("client",)

    def get_readonly_fields(self, request, obj=None) -> tuple[str, ...]:
        return ("client", "created_at") if obj else ()


@admin.register(EmailAddress)
class FrozenEmailAddressAdmin(EmailAddressAdmin):
    """Whose address it is decides who gets in: only its owner can add, confirm or change one."""

    actions = ()
    show_full_result_count = False
    paginator = CappedPaginator
    has_add_permission = has_change_permission = has_delete_permission = nobody


@admin.register(Authenticator)
class FrozenAuthenticatorAdmin(AuthenticatorAdmin):
    """That somebody has a second step, and of which kind; never its secret."""

    fields = ("user", "type", "created_at", "last_used_at")
    show_full_result_count = False
    paginator = CappedPaginator
    has_add_permission = has_change_permission = has_delete_permission = nobody
