"""What came of each check of the books. The latest one says whether money may move; the database's door obeys it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.clock import Now


class CheckRun(models.Model):
    """One check of all invariants, or an owner's word that money may move all the same, with the `reason` for it.

    `broken` lists what does not hold: its name, what it says, whether it stops money, the first rows that break it
    under their columns, and why it could not be asked, if it could not.
    """

    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)
    asked = models.PositiveIntegerField(_("invariants asked"))
    seconds = models.DecimalField(_("seconds"), max_digits=8, decimal_places=2)
    broken = models.JSONField(_("broken"))
    stops = models.BooleanField(_("stops money"))
    reason = models.TextField(_("why the stop was lifted"), blank=True)

    class Meta:
        verbose_name = _("check of the books")
        verbose_name_plural = _("checks of the books")
        constraints = [
            models.CheckConstraint(condition=Q(stops=False) | Q(reason=""), name="checkrun_lifted_moves"),
        ]

    def __str__(self) -> str:
        return ", ".join(self.names) or str(_("all hold"))

    @property
    def names(self) -> list[str]:
        """The invariants that did not hold or could not be asked."""
        return [each["name"] for each in self.broken]
