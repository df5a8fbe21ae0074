"""That somebody's personal data was erased: whose row it was, on whose wish, and when. Does not know who that was."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.clock import Now

NOWHERE = "@erased.invalid"  # a top-level domain that is promised to lead nowhere (RFC 2606)


class Erasure(models.Model):
    """Written once, with the erasing itself. `by` is null where who has the server did it, for somebody who wrote."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, primary_key=True, related_name="erasure", verbose_name=_("person")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        indexes = [models.Index(fields=["at"], name="erasure_latest")]

    def __str__(self) -> str:
        return str(self.person)
