"""Writing rows straight into their table, for what each payment writes. Knows no table, and no parents or signals.

As Django's `save` and `bulk_create` do it, values, defaults and all, at a tenth of their time: the statement is put
together once for each set of columns. Every constraint, trigger and right stands in the database, and holds as ever.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import DatabaseError, connections, router
from django.db.models import Field, Model
from django.db.models.expressions import DatabaseDefault

from marketplace.clock import Now

type Column = tuple[str, str]  # its name, and what stands for its value
GIVEN, DEFAULT = "%s", "DEFAULT"


def insert(*rows: Model) -> None:
    """Add these rows of one model in one statement, with what the database makes of them; IntegrityError as ever."""
    if rows:
        _insert(rows, "")


def insert_if_free(*rows: Model) -> bool:
    """The same, but for rows that a unique constraint does not allow: whether all of them were added."""
    return _insert(rows, " ON CONFLICT DO NOTHING") == len(rows)


def update(row: Model, *names: str) -> None:
    """Write these fields of a row that is there, and read back what the database says in their place (`Now()`)."""
    model, made = type(row), connections[router.db_for_write(type(row), instance=row)]
    fields = [model._meta.get_field(name) for name in names]
    columns, values = _columns(row, fields, made)
    with made.cursor() as cursor:
        cursor.execute(_update(model, columns), [*values, row.pk])
        if cursor.rowcount != 1:
            raise DatabaseError(f"{model.__name__} {row.pk} is not there to be changed.")
        _read_back(model, columns, [row], cursor)


def _insert(rows: Sequence[Model], otherwise: str) -> int:
    model, made = type(rows[0]), connections[router.db_for_write(type(rows[0]))]
    fields = [each for each in model._meta.concrete_fields if not each.generated]
    shaped = [_columns(row, fields, made) for row in rows]
    columns = shaped[0][0]
    if any(others != columns for others, _values in shaped):
        raise ValueError("Rows that are written together leave the same columns to the database.")
    with made.cursor() as cursor:
        cursor.execute(_into(model, columns, len(rows)) + otherwise + _returning(model, columns), _flat(shaped))
        added = cursor.rowcount
        if added == len(rows):
            _read_back(model, columns, rows, cursor)
            for row in rows:
                row._state.adding, row._state.db = False, made.alias
    return added


def _columns(row: Model, fields: Sequence[Field], made: Any) -> tuple[tuple[Column, ...], list]:
    """What stands for each field in the statement, and the values of those that are given."""
    columns, values = [], []
    for field in fields:
        value = getattr(row, field.attname)
        if isinstance(value, DatabaseDefault) or (value is None and field.db_returning):
            columns.append((field.column, DEFAULT))
        elif isinstance(value, Now):
            columns.append((field.column, f"{Now.function}()"))
        else:
            columns.append((field.column, GIVEN))
            values.append(field.get_db_prep_save(value, made))
    return tuple(columns), values


def _flat(shaped: Sequence[tuple[tuple[Column, ...], list]]) -> list:
    return [value for _columns, values in shaped for value in values]


@lru_cache
def _into(model: type[Model], columns: tuple[Column, ...], rows: int) -> str:
    names = ", ".join(f'"{name}"' for name, _what in columns)
    one = f"({', '.join(what for _name, what in columns)})"
    return f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES {", ".join([one] * rows)}'  # noqa: S608


@lru_cache
def _update(model: type[Model], columns: tuple[Column, ...]) -> str:
    changes = ", ".join(f'"{name}" = {what}' for name, what in columns)
    where = f'"{model._meta.pk.column}" = %s'
    return f'UPDATE "{model._meta.db_table}" SET {changes} WHERE {where}{_returning(model, columns)}'  # noqa: S608


@lru_cache
def _returning(model: type[Model], columns: tuple[Column, ...]) -> str:
    made = [f'"{name}"' for name, what in columns if what != GIVEN]
    return f" RETURNING {', '.join(made)}" if made else ""


def _read_back(model: type[Model], columns: tuple[Column, ...], rows: Sequence[Model], cursor: Any) -> None:
    names = [name for name, what in columns if what != GIVEN]
    if not names:
        return
    fields = {each.column: each.attname for each in model._meta.concrete_fields}
    for row, found in zip(rows, cursor.fetchall(), strict=True):
        for name, value in zip(names, found, strict=True):
            setattr(row, fields[name], value)
