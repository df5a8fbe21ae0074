"""Every address has a row. Knows no status."""

from collections.abc import Iterator

from django.contrib import admin
from django.urls import URLResolver, get_resolver

from tests.inputs.addresses import routes
from tests.matrix.row import ROWS
from tests.matrix.table import LISTS

# Without a name: the administration's own, which lead to one with a name, or say that there is none.
UNNAMED = {"catch_all_view", "<lambda>", "view", "RedirectView", "user_change_password"}
# Shadowed by a page of ours at the same address; and passwords, which nobody sets for somebody else.
OTHER = {"usersessions_list", "admin:auth_user_password_change"}


def of_lists() -> set[str]:
    """What the administration has for each of its models."""
    known = (model._meta for model in admin.site._registry)
    return {f"admin:{meta.app_label}_{meta.model_name}_{what}" for meta in known for what in LISTS}


def unnamed(resolver: URLResolver) -> Iterator[str]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from unnamed(each)
        elif not each.name:
            yield f"{each.pattern} {each.callback.__name__}"


def test_every_address_has_a_row():
    missing = routes().keys() - ROWS.keys() - of_lists() - OTHER
    assert not missing, "Give them a row in one of the modules rows_… of tests/matrix."


def test_no_row_is_about_an_address_that_is_gone():
    assert ROWS.keys() <= routes().keys()


def test_nothing_of_ours_is_without_a_name():
    assert {where for where in unnamed(get_resolver()) if where.split()[-1] not in UNNAMED} == set()
