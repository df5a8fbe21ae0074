"""Posts with django-hordak, in a process that has its settings: python -m benchmarks.hordak_post <what> [...]."""

import random
import sys
from decimal import Decimal
from functools import partial

import django

django.setup()

from django.core.management import call_command
from django.db import transaction
from hordak.models import Account, AccountType
from moneyed import Money

from benchmarks.workers import Work, rate

ACCOUNTS = 1_000
CENT = Money(Decimal("0.01"), "USD")


def make() -> None:
    """Its tables and accounts, each with money."""
    call_command("migrate", verbosity=0)
    root = Account.objects.create(name="outside", code="0", type=AccountType.liability, currencies=["USD"])
    for number in range(1, ACCOUNTS + 1):
        account = Account.objects.create(
            name=f"account {number}", code=str(number), type=AccountType.liability, currencies=["USD"]
        )
        account.transfer_to(root, Money(Decimal(1_000_000), "USD"))


def prepare(number: int, *, check: bool) -> Work:
    random.seed()
    keys = list(Account.objects.exclude(name="outside").values_list("pk", flat=True))
    return partial(transfer, keys, check=check)


def transfer(keys: list[int], *, check: bool) -> None:
    """A cent between two accounts; checked: both are locked, and the debited one has it."""
    pair = random.sample(keys, 2)
    with transaction.atomic():
        query = Account.objects.filter(pk__in=pair).order_by("pk")
        both = {each.pk: each for each in (query.select_for_update() if check else query)}
        debit, credit = (both[key] for key in pair)
        if check and debit.get_balance()["USD"] < CENT:
            raise ValueError("There is not enough in the account.")
        credit.transfer_to(debit, CENT)  # its word for the one that is credited


if __name__ == "__main__":
    what, *sizes = sys.argv[1:]
    if what == "make":
        make()
    else:
        print(rate(partial(prepare, check=what == "checked"), int(sizes[0]), float(sizes[1])))
