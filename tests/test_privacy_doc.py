"""docs/privacy.md is what the code does, and no column of a person is in neither of its lists (ASVS 14.1.2)."""

from collections import Counter

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from marketplace.models import User
from marketplace.privacy.kept import Fate
from marketplace.privacy.tables import NOT_PERSONAL, TABLES
from tests.privacy_document import DOC, text
from tests.test_security_doc import PLACE, ROOT

HOLDS = (
    models.CharField, models.TextField, models.JSONField, models.GenericIPAddressField, models.FileField,
    models.BinaryField, ArrayField,
)  # fmt: skip
MODELS = {model._meta.label: model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy}
KNOWN = {table.model: table for table in TABLES}


def may_hold(model: type[models.Model]) -> set[str]:
    """The columns in which something of a person may stand; one of our own words, of a choice, says nothing of them."""
    return {each.name for each in model._meta.concrete_fields if isinstance(each, HOLDS) and not each.choices}


def leads_to_a_person(model: type[models.Model]) -> bool:
    return any(each.related_model is User for each in model._meta.concrete_fields if each.is_relation)


def test_it_is_written_from_the_tables():
    assert DOC.read_text() == text(), "Write it anew: python -m tests.privacy_document"


def test_the_files_that_it_names_are_there():
    places = [path for path, _test in PLACE.findall(DOC.read_text()) if "/" in path]  # the others are in the ZIP
    assert len(places) > 5
    assert [path for path in places if not (ROOT / path).is_file()] == []


def test_a_table_is_in_one_list_only():
    assert set(Counter([*(table.model for table in TABLES), *NOT_PERSONAL]).values()) == {1}


@pytest.mark.parametrize("label", sorted(MODELS))
def test_every_column_that_may_hold_something_of_a_person_has_a_row(label):
    model = MODELS[label]
    if label in NOT_PERSONAL:
        return
    assert label in KNOWN or not (may_hold(model) or leads_to_a_person(model)), (
        f"Say in marketplace/privacy/tables what {label} holds of people, or that it holds nothing."
    )
    assert may_hold(model) == (set(KNOWN[label].columns) if label in KNOWN else set())


def test_what_it_says_of_a_table_can_be_done():
    assert [name for name in [*KNOWN, *NOT_PERSONAL] if name not in MODELS] == []
    for table in TABLES:
        assert set(table.kept_back.split()) <= set(table.columns), table.model
        assert table.fate is not Fate.DELETED or table.whose or table.erased, table.model
        assert table.columns or table.facts or table.because, table.model


def test_files_of_an_export_have_names_of_their_own():
    names = [table.name for table in TABLES if table.exported]
    assert len(set(names)) == len(names)
