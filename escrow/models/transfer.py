"""Money that moved from one account to another. One row has both sides, so an unbalanced entry cannot be written."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from escrow.models.account import Account
from escrow.models.journal import Journal

SMALLEST, LARGEST = Decimal("0.01"), Decimal("1000000.00")  # I13


class Transfer(models.Model):
    """`amount` from `debit` to `credit`, with the balances that the two had after it (null for a shared account).

    The two accounts carry no foreign key in the database, as its check would lock the rows of shared accounts. The
    trigger that moves the balances refuses an account that does not exist, and accounts are never deleted.
    """

    journal = models.ForeignKey(Journal, models.PROTECT, related_name="transfers", verbose_name=_("journal"))
    debit = models.ForeignKey(
        Account, models.PROTECT, db_constraint=False, db_index=False, related_name="debits", verbose_name=_("debit")
    )
    credit = models.ForeignKey(
        Account, models.PROTECT, db_constraint=False, db_index=False, related_name="credits", verbose_name=_("credit")
    )
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    debit_balance = models.DecimalField(_("debit's balance"), max_digits=14, decimal_places=2, null=True)
    credit_balance = models.DecimalField(_("credit's balance"), max_digits=14, decimal_places=2, null=True)

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=SMALLEST, amount__lte=LARGEST), name="transfer_amount_in_limits"
            ),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="transfer_two_accounts"),
        ]
        indexes = [
            models.Index(fields=["debit", "id"], name="transfer_of_debit"),
            models.Index(fields=["credit", "id"], name="transfer_of_credit"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} · {self.journal_id}"
