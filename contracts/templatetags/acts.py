"""The buttons of staff's acts on the administration's pages. Knows no rule: which there are is read elsewhere."""

from django import template
from django.db import models
from django.template import Context

from contracts.reading.staff_acts import Button, buttons

register = template.Library()


@register.simple_tag(takes_context=True)
def acts_on(context: Context, row: object) -> list[Button]:
    """What the one who looks can begin on the page of this row."""
    return buttons(context["request"].user, row) if row else []


@register.filter
def verbose(row: models.Model) -> str:
    """What a row is called."""
    return str(row._meta.verbose_name)
