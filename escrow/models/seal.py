"""What the ledger was at some time, so that a later look can tell whether its past was changed (I16)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.clock import Now


class Seal(models.Model):
    """The transfers up to the id `upto`: how many came since the seal before, and a digest over all of them.

    A digest includes the one before it. Kept somewhere else as well, the latest vouches for the whole ledger.
    """

    upto = models.BigIntegerField(_("up to transfer"), unique=True)
    transfers = models.BigIntegerField(_("transfers since the one before"))
    digest = models.CharField(_("digest"), max_length=64)
    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")

    def __str__(self) -> str:
        return f"{self.upto} · {self.digest[:12]}"
