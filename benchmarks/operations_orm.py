"""Funding and releasing a milestone as one would write it in an afternoon with Django's ORM: only to compare with."""

from decimal import Decimal

from django.db import models, transaction
from django.db.models import F

from benchmarks import orm_ledger
from benchmarks.orm_ledger import Account
from benchmarks.workers import Done, Work

SHARE = Decimal("0.10")
FEES, OUTSIDE = 1, 2  # accounts; then those of each contract


class Contract(models.Model):
    held = models.ForeignKey(Account, models.PROTECT, related_name="+")
    earned = models.ForeignKey(Account, models.PROTECT, related_name="+")
    paid = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        app_label = "benchmarks"


class Milestone(models.Model):
    contract = models.ForeignKey(Contract, models.CASCADE)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    status = models.CharField(max_length=10, default="future")

    class Meta:
        app_label = "benchmarks"


class Charge(models.Model):
    milestone = models.ForeignKey(Milestone, models.PROTECT)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    status = models.CharField(max_length=10, default="asked")

    class Meta:
        app_label = "benchmarks"


class Earning(models.Model):
    milestone = models.OneToOneField(Milestone, models.PROTECT)
    gross = models.DecimalField(max_digits=14, decimal_places=2)
    fee = models.DecimalField(max_digits=14, decimal_places=2)
    number = models.PositiveIntegerField()

    class Meta:
        app_label = "benchmarks"


class Event(models.Model):
    contract = models.ForeignKey(Contract, models.CASCADE)
    milestone = models.ForeignKey(Milestone, models.CASCADE)
    kind = models.CharField(max_length=20)

    class Meta:
        app_label = "benchmarks"


class Notice(models.Model):
    event = models.ForeignKey(Event, models.CASCADE)
    channel = models.CharField(max_length=5)

    class Meta:
        app_label = "benchmarks"


TABLES = (Account, orm_ledger.Transfer, orm_ledger.Entry, Contract, Milestone, Charge, Earning, Event, Notice)


def fund(key: int) -> None:
    """The charge is committed before a gateway would be asked."""
    with transaction.atomic():
        milestone = Milestone.objects.select_for_update().select_related("contract").get(pk=key)
        milestone.status = "funding"
        milestone.save()
        charge = Charge.objects.create(milestone=milestone, amount=milestone.amount)
    with transaction.atomic():
        contract = Contract.objects.select_for_update().get(pk=milestone.contract_id)
        orm_ledger.post(OUTSIDE, contract.held_id, milestone.amount)
        charge.status = "confirmed"
        charge.save()
        milestone.status = "active"
        milestone.save()
        contract.save()
        tell(contract, milestone, "funded")


@transaction.atomic
def release(key: int) -> None:
    milestone = Milestone.objects.select_for_update().get(pk=key)
    contract = Contract.objects.select_for_update().get(pk=milestone.contract_id)
    fee = (milestone.amount * SHARE).quantize(Decimal("0.01"))
    orm_ledger.post(contract.held_id, contract.earned_id, milestone.amount - fee)
    orm_ledger.post(contract.held_id, FEES, fee)
    number = Earning.objects.filter(milestone__contract=contract).count() + 1
    Earning.objects.create(milestone=milestone, gross=milestone.amount, fee=fee, number=number)
    milestone.status = "paid"
    milestone.save()
    contract.paid = F("paid") + milestone.amount
    contract.save()
    tell(contract, milestone, "released")


def tell(contract: Contract, milestone: Milestone, kind: str) -> None:
    event = Event.objects.create(contract=contract, milestone=milestone, kind=kind)
    Notice.objects.bulk_create([Notice(event=event, channel=each) for each in ("bell", "email")])


def make(contracts: int, milestones: int) -> None:
    """The tables, and so many contracts."""
    orm_ledger.create(*TABLES)
    accounts = [Account(balance=10**9) for _each in range(2 + 2 * contracts)]
    Account.objects.bulk_create(accounts)
    rows = [Contract(held_id=3 + 2 * number, earned_id=4 + 2 * number) for number in range(contracts)]
    Contract.objects.bulk_create(rows)
    Milestone.objects.bulk_create(
        [Milestone(contract=row, amount=100) for row in rows for _each in range(milestones)], batch_size=5_000
    )


def working(number: int, workers: int) -> Work:
    """Funds and releases the worker's own milestones, one after the other."""
    keys = Milestone.objects.filter(status="future").order_by("pk")
    mine = iter([key for key, contract in keys.values_list("pk", "contract") if contract % workers == number])

    def work() -> None:
        key = next(mine, None)
        if key is None:
            raise Done
        fund(key)
        release(key)

    return work
