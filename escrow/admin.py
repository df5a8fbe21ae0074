"""The ledger and payments in the administration: to look at, nothing more. Not even a superuser writes them here."""

from decimal import Decimal
from typing import ClassVar

from django.contrib import admin, messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from escrow import ledger
from escrow.admin_finding import accounts, journals, of_journals, payments
from escrow.checking import check_books
from escrow.invariants import registered
from escrow.models import Account, CheckRun, Journal, Payment, PaymentMethod, Seal, Transfer
from marketplace.finding import id_of, number_of, parties
from marketplace.frozen import Finds, Frozen
from marketplace.models import User
from marketplace.permissions import StaffAction, staff_may

SHOWN = 100


@admin.register(Account)
class AccountAdmin(Frozen):
    """Opened, an account shows its latest transfers with the balance after each of them."""

    list_display = ("kind", "party", "scope", "balance")
    list_display_links = ("kind",)
    list_filter = ("kind",)
    list_select_related = ("party",)
    finds: ClassVar[Finds] = {"party": parties, "scope": id_of, "id": number_of}
    ordering = ("-pk",)
    fields = ("id", "kind", "party", "scope", "held", "transfers")
    readonly_fields = ("held", "transfers")

    @admin.display(description=_("balance"))
    def held(self, account: Account) -> Decimal:
        return ledger.balance(account.kind, account.party_id, account.scope)

    @admin.display(description=_("latest transfers"))
    def transfers(self, account: Account) -> str:
        return _table(_latest(Transfer.objects.filter(debit=account) | Transfer.objects.filter(credit=account)))


@admin.register(Journal)
class JournalAdmin(Frozen):
    list_display = ("at", "cause", "key", "scope", "reverses")
    list_display_links = ("key",)
    list_filter = ("cause",)
    list_select_related = ("reverses",)
    finds: ClassVar[Finds] = {"id": journals, "scope": id_of}
    ordering = ("-pk",)
    fields = ("id", "key", "cause", "scope", "at", "reverses", "transfers")
    readonly_fields = ("transfers",)

    @admin.display(description=_("transfers"))
    def transfers(self, journal: Journal) -> str:
        return _table(_latest(journal.transfers.all()))


@admin.register(Transfer)
class TransferAdmin(Frozen):
    list_display = ("id", "journal", "debit", "credit", "amount", "debit_balance", "credit_balance")
    list_select_related = ("journal", "debit__party", "credit__party")
    finds: ClassVar[Finds] = {"id": number_of, "journal": of_journals, "debit": accounts, "credit": accounts}
    ordering = ("-pk",)


@admin.register(Seal)
class SealAdmin(Frozen):
    list_display = ("at", "upto", "transfers", "digest")
    finds: ClassVar[Finds] = {"digest": lambda typed: [typed], "upto": number_of}
    ordering = ("-pk",)


def may_check(user: User | AnonymousUser) -> bool:
    """Whether they can have the books checked now."""
    return staff_may(user, StaffAction.CHECK_BOOKS)


@admin.register(CheckRun)
class CheckRunAdmin(Frozen):
    """What came of each check of the books. Only a check that passes lets money move again."""

    list_display = ("at", "__str__", "money", "asked", "seconds")
    list_filter = ("stops",)
    ordering = ("-pk",)
    fields = ("at", "money", "asked", "seconds", "reason", "found")
    readonly_fields = ("money", "found")

    def get_urls(self) -> list[URLPattern]:
        return [path("now/", self.admin_site.admin_view(self.now), name="escrow_checkrun_now"), *super().get_urls()]

    def now(self, request: HttpRequest) -> HttpResponse:
        """Check the books at once, as each hour: finance and superusers can, as it can stop money."""
        if not may_check(request.user):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        run = check_books()
        said = _("All %(count)d invariants hold.") % {"count": run.asked} if not run.broken else _("Broken: %s.") % run
        self.message_user(request, said, messages.ERROR if run.broken else messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:escrow_checkrun_change", args=[run.pk]))

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        may = {"may_check": may_check(request.user)}
        return super().changelist_view(request, (extra_context or {}) | may)

    @admin.display(description=_("money"))
    def money(self, run: CheckRun) -> str:
        return str(_("stops") if run.stops else _("moves"))

    @admin.display(description=_("invariants"))
    def found(self, run: CheckRun) -> str:
        """Those that were broken then, with what breaks them; then those of today that were not."""
        broken = {each["name"]: each for each in run.broken}
        says = {each["name"]: each["says"] for each in run.broken} | {each.name: each.says for each in registered()}
        rows = [(name, says[name], broken.get(name)) for name in dict.fromkeys([*broken, *says])]
        return render_to_string("admin/invariants.html", {"rows": rows})


@admin.register(Payment)
class PaymentAdmin(Frozen):
    list_display = ("created_at", "direction", "purpose", "party", "amount", "status", "gateway", "reference")
    list_filter = ("status", "direction")
    list_select_related = ("party",)
    finds: ClassVar[Finds] = {"id": payments, "scope": id_of, "party": parties}
    ordering = ("-created_at", "-pk")


@admin.register(PaymentMethod)
class PaymentMethodAdmin(Frozen):
    """What the gateway calls a method is for us to use and for nobody to read."""

    list_display = ("party", "kind", "brand", "last4", "gateway", "is_default", "added_at", "removed_at")
    list_filter = ("kind",)
    list_select_related = ("party",)
    finds: ClassVar[Finds] = {"party": parties}
    ordering = ("-pk",)
    exclude = ("token",)


def _latest(transfers: QuerySet[Transfer]) -> QuerySet[Transfer]:
    return transfers.select_related("journal", "debit__party", "credit__party").order_by("-pk")[:SHOWN]


def _table(transfers: QuerySet[Transfer]) -> str:
    return render_to_string("escrow/_transfers.html", {"transfers": transfers})
