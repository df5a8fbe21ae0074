"""A ledger as one would write it in an afternoon with Django's ORM: only to compare with. Tables of its own."""

import random
from decimal import Decimal

from django.db import connections, models, transaction
from django.db.models import F

from benchmarks.workers import Work

CENT = Decimal("0.01")
PLENTY = 1_000_000


class Account(models.Model):
    balance = models.DecimalField(max_digits=14, decimal_places=2, default=0)

    class Meta:
        app_label = "benchmarks"
        constraints = [models.CheckConstraint(condition=models.Q(balance__gte=0), name="orm_account_not_below_zero")]


class Transfer(models.Model):
    debit = models.ForeignKey(Account, models.PROTECT, related_name="+")
    credit = models.ForeignKey(Account, models.PROTECT, related_name="+")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "benchmarks"


class Entry(models.Model):
    account = models.ForeignKey(Account, models.PROTECT)
    transfer = models.ForeignKey(Transfer, models.CASCADE)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    balance_after = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        app_label = "benchmarks"


@transaction.atomic
def post(debit: int, credit: int, amount: Decimal) -> Transfer:
    """Move the amount, with a row lock on both accounts."""
    list(Account.objects.select_for_update().filter(pk__in=(debit, credit)).order_by("pk"))
    Account.objects.filter(pk=debit).update(balance=F("balance") - amount)
    Account.objects.filter(pk=credit).update(balance=F("balance") + amount)
    after = Account.objects.in_bulk((debit, credit))
    transfer = Transfer.objects.create(debit_id=debit, credit_id=credit, amount=amount)
    Entry.objects.bulk_create(
        [
            Entry(account_id=debit, transfer=transfer, amount=-amount, balance_after=after[debit].balance),
            Entry(account_id=credit, transfer=transfer, amount=amount, balance_after=after[credit].balance),
        ]
    )
    return transfer


def make(accounts: int) -> None:
    """The tables, so many accounts, and the right to write."""
    create(Account, Transfer, Entry)
    Account.objects.using("owner").bulk_create([Account(balance=PLENTY) for _each in range(accounts)])


def create(*tables: type[models.Model]) -> None:
    """Make tables that belong to no app, for the application's role to write."""
    with connections["owner"].schema_editor() as editor:
        for table in tables:
            editor.create_model(table)
    with connections["owner"].cursor() as cursor:
        for table in tables:
            cursor.execute(f"GRANT ALL ON {table._meta.db_table} TO cairn_app")


def posting(accounts: int):
    """Prepares a worker that moves a cent between two accounts of chance."""

    def prepare(number: int) -> Work:
        random.seed()
        return lambda: post(*random.sample(range(1, accounts + 1), 2), CENT)

    return prepare
