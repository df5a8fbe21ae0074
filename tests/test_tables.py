"""What every column of ours holds by itself, in plain SQL: each reference leads somewhere, each number counts upwards.

What the models say of themselves by name (`Meta.constraints`) is attacked in test_named.py and where its rules are.
"""

import uuid

import pytest
from django.apps import apps
from django.db import connections, models

from tests.bare import lay_bare, refusal

APPS = ("contracts", "escrow", "notifications", "marketplace")
MODELS = [
    model for model in apps.get_models(include_auto_created=True)
    if model._meta.app_label in APPS and model._meta.managed and not model._meta.proxy
]  # fmt: skip
COUNTS = models.PositiveIntegerField, models.PositiveSmallIntegerField, models.PositiveBigIntegerField
SAMPLES = {"uuid": str(uuid.UUID(int=7)), "integer": -7, "bigint": -7, "smallint": -7}
pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.fixture(params=MODELS, ids=lambda model: model._meta.db_table)
def bare(request) -> models.base.Options:
    lay_bare(request.param._meta.db_table)
    return request.param._meta


def fields_of(bare: models.base.Options, *kinds: type) -> list[models.Field]:
    return [field for field in bare.concrete_fields if isinstance(field, kinds) and not field.generated]


def sample(field: models.Field) -> object:
    kind = field.rel_db_type if field.is_relation else field.db_type
    return SAMPLES.get(kind(connections["owner"]).split("(")[0], "Something")


def test_every_reference_leads_to_a_row_that_is_there(bare):
    references = [field for field in fields_of(bare, models.ForeignKey) if field.db_constraint]
    said = {field.name: refusal(bare.db_table, {field.column: sample(field)})[0] for field in references}
    assert said == dict.fromkeys(said, "ForeignKeyViolation")


def test_what_counts_never_goes_below_zero(bare):
    said = {field.name: refusal(bare.db_table, {field.column: -1})[0] for field in fields_of(bare, *COUNTS)}
    assert said == dict.fromkeys(said, "CheckViolation")


def test_what_is_one_of_a_kind_is_not_there_twice(bare):
    single = [field for field in fields_of(bare, models.Field) if field.unique and not field.primary_key]
    said = {field.name: refusal(bare.db_table, {field.column: sample(field)}, times=2)[0] for field in single}
    assert said == dict.fromkeys(said, "UniqueViolation")
