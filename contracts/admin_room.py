"""A contract as staff see it on one page: its plan, its money, what happened. Bounded: each table leads to the rest.

Knows every row that belongs to a contract, and no user.
"""

from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.formats import localize
from django.utils.timezone import template_localtime
from django.utils.translation import gettext_lazy as _

from contracts.models import Contract, Milestone
from contracts.plan import MAXIMUM_MILESTONES as MOST
from escrow.models import Account, Journal, Payment, Transfer

SHOWN = 20


class Cell(NamedTuple):
    """What a cell says, and where it leads."""

    text: str
    address: str


class Sum(NamedTuple):
    """A cell with an amount of money: which figure it is, and of what (I15)."""

    figure: str
    of: str
    amount: Decimal


class Section(NamedTuple):
    """A table of the page; `more` is the whole list of what it shows, `holds` what lies in the account it is of."""

    name: Any
    heads: list
    rows: list[list]
    more: str
    holds: Sum | None = None


def room(contract: Contract) -> list[Section]:
    """All of it, in the order in which staff ask: what was agreed, what was paid, what happened."""
    of = f"contract={contract.pk}"
    revisions = contract.revisions.order_by("-number").defer("lines")
    requests = contract.change_requests.order_by("-at").defer("lines")
    refunds, disputes = contract.refund_requests.order_by("-at"), contract.disputes.order_by("-at")
    events, shown = contract.events.order_by("-pk"), contract.disclosures.order_by("-pk")
    return [
        table(_("Milestones"), contract.milestones.order_by("position"), "title position amount due_date status", of),
        table(_("Revisions of the plan"), revisions, "number by at", of),
        table(_("Change requests"), requests, "at by status closed_at", of),
        table(_("Submissions"), contract.submissions.order_by("-at"), "at milestone number by returned_at", of),
        *money(contract),
        table(_("Refund requests"), refunds, "at amount counter returned status", of),
        table(_("Disputes"), disputes, "at by status closed_at paid returned", of),
        table(_("What happened"), events, "at kind by milestone charged paid returned", of),
        table(_("What staff read of its messages"), shown, "at to what posts", of),
    ]


def money(contract: Contract) -> list[Section]:
    """Payments, journals, and for each account the transfers with its balance after each."""
    of = f"scope={contract.pk}"
    payments = Payment.objects.filter(scope=contract.pk).order_by("-created_at")
    journals = Journal.objects.filter(scope=contract.pk).order_by("-pk")
    accounts = Account.objects.filter(scope=contract.pk).order_by("kind")
    return [
        table(_("Payments"), payments, "created_at direction amount status party reference", of),
        table(_("Journals"), journals, "key at cause reverses", of),
        *map(transfers, accounts),
    ]


def transfers(account: Account) -> Section:
    """The latest of one account, in and out, each with what the account held after it."""
    moved = Transfer.objects.filter(debit=account) | Transfer.objects.filter(credit=account)
    rows = [side(each, account) for each in moved.select_related("journal").order_by("-pk")[:SHOWN]]
    heads = [_("transfer"), _("at"), _("journal"), _("moved"), _("balance after it")]
    holds = Sum("lies_in", str(account.pk), account.balance)
    return Section(account.get_kind_display().capitalize(), heads, rows, page_of(account), holds)


def side(transfer: Transfer, account: Account) -> list:
    """A transfer as this account saw it."""
    came = transfer.credit_id == account.pk
    moved, after = (transfer.amount, transfer.credit_balance) if came else (-transfer.amount, transfer.debit_balance)
    journal = Cell(transfer.journal.key, page_of(transfer.journal))
    of = f"{transfer.pk}:{account.pk}"
    sums = Sum("moved_in", of, moved), Sum("then_in", of, after)
    return [Cell(str(transfer.pk), page_of(transfer)), said(transfer.journal.at), journal, *sums]


def table(name: Any, rows: QuerySet, columns: str, of: str) -> Section:
    """The first of `rows`; the first column leads to the row, and `of` narrows the list of their kind to these."""
    names, model = columns.split(), rows.model
    fields = [model._meta.get_field(column) for column in names]
    related = [field.name for field in fields if field.is_relation]
    shown = rows.select_related(*related) if related else rows
    cells = [[Cell(value(row, names[0]), page_of(row)), *(value(row, each) for each in names[1:])]
             for row in shown[:MOST if model is Milestone else SHOWN]]  # fmt: skip
    return Section(name, [field.verbose_name for field in fields], cells, f"{reverse(admin_of(model))}?{of}")


def value(row: Model, column: str) -> Any:
    """What a column says, in words where it has them."""
    shown, raw = getattr(row, f"get_{column}_display", None), getattr(row, column)
    if isinstance(raw, Decimal):
        return Sum(f"{row._meta.model_name}_{column}", str(row.pk), raw)
    return shown() if shown else said(raw)


def said(raw: Any) -> str | None:
    """A moment in the reader's time zone; nothing stays nothing."""
    return None if raw is None else str(localize(template_localtime(raw)))


def admin_of(model: type[Model], page: str = "changelist") -> str:
    return f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"


def page_of(row: Model) -> str:
    return reverse(admin_of(type(row), "change"), args=[row.pk])
