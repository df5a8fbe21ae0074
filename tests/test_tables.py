"""What every column of ours holds by itself, in plain SQL: each reference leads somewhere, each number counts upwards.

A table is laid bare for it, in a transaction that is undone: nothing is left of it but the guards that are attacked.
What the models say of themselves by name (`Meta.constraints`) is attacked where their rules are tested.
"""

import uuid

import pytest
from django.apps import apps
from django.db import IntegrityError, connections, models, transaction
from psycopg import errors

APPS = ("contracts", "escrow", "notifications", "marketplace")
MODELS = [
    model for model in apps.get_models(include_auto_created=True)
    if model._meta.app_label in APPS and model._meta.managed and not model._meta.proxy
]  # fmt: skip
pytestmark = pytest.mark.django_db(databases=["default", "owner"])
SAMPLES = {"uuid": str(uuid.UUID(int=7)), "integer": -7, "bigint": -7, "smallint": -7}

LAID_BARE = """
SELECT format('ALTER TABLE %%I DROP CONSTRAINT %%I', relname, conname)
FROM pg_constraint c JOIN pg_class r ON r.oid = conrelid
WHERE relname = %(table)s AND contype IN ('c', 'n') AND conname !~ ('^' || relname || '_\\w+_check$')
    AND NOT (contype = 'n' AND EXISTS (
        SELECT FROM pg_index WHERE indrelid = r.oid AND indisprimary AND conkey[1] = ANY (indkey)
    ))
UNION ALL SELECT format('ALTER TABLE %%I DISABLE TRIGGER USER', %(table)s)
"""


@pytest.fixture
def bare(model) -> type[models.Model]:
    """The model's table without what would stand in the way; all of that is undone by the test's own end."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(LAID_BARE, {"table": model._meta.db_table})
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)
    return model


def sample(field: models.Field) -> object:
    kind = field.rel_db_type(connections["owner"]).split("(")[0] if field.is_relation else field.db_type(
        connections["owner"]).split("(")[0]  # fmt: skip
    return SAMPLES.get(kind, "Something")


def refused(model: type[models.Model], field: models.Field, value: object, times: int = 1) -> str:
    """How the database refuses rows that have this value alone, and which guard did."""
    row = {field.column: value}
    rows = [row if field.primary_key else keyed(model) | row for _each in range(times)]
    try:
        with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
            for each in rows:
                names, marks = ", ".join(f'"{name}"' for name in each), ", ".join(["%s"] * len(each))
                cursor.execute(
                    f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({marks})", list(each.values())  # noqa: S608
                )  # fmt: skip
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True, "owner")
    except IntegrityError as refusal:
        return type(refusal.__cause__).__name__
    return "nothing"


def keyed(model: type[models.Model]) -> dict[str, object]:
    key = model._meta.pk
    return {} if isinstance(key, models.AutoField) else {key.column: str(uuid.uuid4()) if uuid_like(key) else 1}


def uuid_like(field: models.Field) -> bool:
    return sample(field) == SAMPLES["uuid"]


def fields_of(model: type[models.Model], *kinds: type) -> list[models.Field]:
    return [field for field in model._meta.concrete_fields if isinstance(field, kinds) and not field.generated]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.db_table)
def test_every_reference_leads_to_a_row_that_is_there(bare):
    wrong = {
        field.name: how for field in fields_of(bare, models.ForeignKey) if field.db_constraint
        if (how := refused(bare, field, sample(field))) != errors.ForeignKeyViolation.__name__
    }  # fmt: skip
    assert not wrong


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.db_table)
def test_what_counts_never_goes_below_zero(bare):
    kinds = models.PositiveIntegerField, models.PositiveSmallIntegerField, models.PositiveBigIntegerField
    wrong = {
        field.name: how for field in fields_of(bare, *kinds)
        if (how := refused(bare, field, -1)) != errors.CheckViolation.__name__
    }  # fmt: skip
    assert not wrong


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.db_table)
def test_what_is_one_of_a_kind_is_not_there_twice(bare):
    wrong = {
        field.name: how for field in fields_of(bare, models.Field) if field.unique and not field.primary_key
        if (how := refused(bare, field, sample(field), times=2)) != errors.UniqueViolation.__name__
    }  # fmt: skip
    assert not wrong
