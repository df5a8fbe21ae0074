"""What the administration's lists have in common: rows that nobody writes there, pages that stay fast at a million.

Knows no model. A list counts no further than a person pages, and is searched through indexes alone.
"""

from collections.abc import Callable
from typing import ClassVar

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.paginator import Paginator
from django.db import DataError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from marketplace.finding import leads_to

Finds = dict[str, Callable[[str], list]]


class CappedPaginator(Paginator):
    """Counts no further than a person pages: whoever is not among the first thousand is found by searching.

    What an address asks for that no row can be (a NUL, a status that there is not) leads to the list without it.
    """

    most = 1000

    @cached_property
    def count(self) -> int:
        try:
            return self.object_list.order_by()[: self.most].count()  # type: ignore[attr-defined]
        except DataError as error:
            raise IncorrectLookupParameters from error


def nobody(*args, **kwargs) -> bool:
    """As a permission: not even a superuser."""
    return False


class Fast(admin.ModelAdmin):
    """A list that is fast however long it is. `finds` says which of its columns what is typed can lead to."""

    finds: ClassVar[Finds] = {}
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = CappedPaginator
    search_help_text = _("Whole words or their beginnings, an email, or an id.")

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        return tuple(self.finds)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, typed: str) -> tuple[QuerySet, bool]:
        return found(queryset, typed.strip(), self.finds), False


class Frozen(Fast):
    """Rows that not even a superuser adds, changes or deletes here."""

    has_add_permission = has_change_permission = has_delete_permission = nobody


def found(rows: QuerySet, typed: str, finds: Finds) -> QuerySet:
    """Those of `rows` that what was typed leads to; all of them if nothing was."""
    if not typed:
        return rows
    condition = leads_to({column: find(typed) for column, find in finds.items()})
    return rows.none() if condition is None else rows.filter(condition)
