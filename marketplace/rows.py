"""Writing rows straight into their table, for what each payment writes. Knows no table, and no parents or signals.

As Django's `save` and `bulk_create` do it, values, defaults and all, at a tenth of their time: the statement is put
together once for each set of columns. Every constraint, trigger and right stands in the database, and holds as ever.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model
from django.db.models.expressions import DatabaseDefault

from marketplace.clock import Now

type Column = tuple[str, str]  # its name, and what stands for its value
GIVEN, DEFAULT = "%s", "DEFAULT"


def _nothing(cursor: Any) -> None:
    """Of what it answers nothing is read."""


class Statement(NamedTuple):
    """One statement with its values, and what is done with the cursor that has its result."""

    text: str
    values: Sequence[Any]
    read: Callable[[Any], object] = _nothing


def send(*statements: Statement) -> None:
    """Do these in their order and in one round trip, in the transaction of now; the first that fails ends it."""
    made = connections[DEFAULT_DB_ALIAS]
    with made.cursor() as cursor:
        cursor.execute(";\n".join(each.text for each in statements), [v for each in statements for v in each.values])
        for number, each in enumerate(statements):
            if number:
                cursor.nextset()
            each.read(cursor)


def insert(*rows: Model) -> None:
    """Add these rows of one model in one statement, with what the database makes of them; IntegrityError as ever."""
    if rows:
        send(inserting(*rows))


def insert_if_free(row: Model) -> bool:
    """The same, unless a unique constraint does not allow the row: whether it was added."""
    send(inserting(row, otherwise=" ON CONFLICT DO NOTHING"))
    return not row._state.adding


def update(row: Model, *names: str) -> None:
    """Write these fields, and read back what the database says in their place (`Now()`); NotUpdated without the row."""
    send(updating(row, *names))


def inserting(*rows: Model, otherwise: str = "") -> Statement:
    """The statement that adds them; those of one model leave the same columns to the database."""
    model = type(rows[0])
    fields = [each for each in model._meta.concrete_fields if not each.generated]
    shaped = [_columns(row, fields) for row in rows]
    columns = shaped[0][0]
    if any(others != columns for others, _values in shaped):
        raise ValueError("Rows that are written together leave the same columns to the database.")
    text = _into(model, columns, len(rows)) + otherwise + _returning(model, columns)
    return Statement(text, [v for _columns, values in shaped for v in values], partial(_added, rows, columns))


def updating(row: Model, *names: str) -> Statement:
    """The statement that changes these fields."""
    model = type(row)
    columns, values = _columns(row, [_field(model, name) for name in names])
    return Statement(_update(model, columns), [*values, row.pk], partial(_changed, row, columns))


def _field(model: type[Model], name: str) -> Any:
    return model._meta.get_field(name)


def _added(rows: Sequence[Model], columns: tuple[Column, ...], cursor: Any) -> None:
    if cursor.rowcount == len(rows):
        _read_back(rows, columns, cursor)
        for row in rows:
            row._state.adding, row._state.db = False, cursor.db.alias


def _changed(row: Model, columns: tuple[Column, ...], cursor: Any) -> None:
    if cursor.rowcount != 1:
        model: Any = type(row)
        raise model.NotUpdated(f"{model.__name__} {row.pk} is not there to be changed.")
    _read_back([row], columns, cursor)


def _columns(row: Model, fields: Sequence[Any]) -> tuple[tuple[Column, ...], list]:
    """What stands for each field in the statement, and the values of those that are given."""
    columns, values, made = [], [], connections[DEFAULT_DB_ALIAS]
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


def _read_back(rows: Sequence[Model], columns: tuple[Column, ...], cursor: Any) -> None:
    names = [name for name, what in columns if what != GIVEN]
    if not names:
        return
    fields = {each.column: each.attname for each in rows[0]._meta.concrete_fields}
    for row, found in zip(rows, cursor.fetchall(), strict=True):
        for name, value in zip(names, found, strict=True):
            setattr(row, fields[name], value)
