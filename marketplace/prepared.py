"""Reads of one fixed shape that is built and compiled once, and then asked with other values. Knows no table.

For what every page or payment reads: Django takes longer to build and compile such a query than the database to answer
it. Nothing but the text of the statement is kept; each answer is read anew, and Django makes the rows of it as ever.
"""

from collections.abc import Callable, Iterable
from copy import copy
from types import SimpleNamespace
from typing import Any

from django.db import connections
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError


class Given(Expression):
    """Stands in a prepared queryset for a value that is named when it is asked."""

    def __init__(self, name: str, output_field: Field | None = None) -> None:
        super().__init__(output_field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        """A parameter whose value is this mark itself, until it is exchanged."""
        return "%s", (self,)


class Prepared[Row: Model]:
    """A queryset of a model's rows, or of `values_list`, with a `Given` for each value; `build` makes it once.

    Whoever asks names all of them, as the driver takes them: a UUID, a number, a moment; a row's key and not the row.
    It is asked where its model is read from (routers, standby), compiled for each of those by itself.
    """

    def __init__(self, build: Callable[[], QuerySet[Row]]) -> None:
        self.build = build
        self._compiled: dict[str, tuple[SQLCompiler, str, tuple]] = {}
        self._rows: QuerySet[Row] | None = None
        self._locking: dict[tuple, Prepared[Row]] = {}

    def first(self, **values: object) -> Row | None:
        """The first row, or None. A queryset that may have many should end in [:1]."""
        return next(iter(self.all(**values)), None)

    def get(self, **values: object) -> Row:
        """The first row; DoesNotExist without one."""
        for row in self.all(**values):
            return row
        model: Any = self.rows.model
        raise model.DoesNotExist

    def select_for_update(self, **options: Any) -> "Prepared[Row]":
        """The same, which locks its rows, with the options of a queryset's method of this name."""
        key = tuple(sorted(options.items()))
        if key not in self._locking:
            self._locking[key] = Prepared(lambda: self.build().select_for_update(**options))
        return self._locking[key]

    def all(self, **values: object) -> Iterable[Row]:
        """All of its rows; KeyError for a value that was not named."""
        rows: Any = self.rows
        alias = rows.db
        compiler = self._compiler(alias, values)
        asked = SimpleNamespace(  # what Django's own iterable wants to know of a queryset
            db=alias, query=SimpleNamespace(get_compiler=lambda using: compiler), model=rows.model,
            _fetch_mode=rows._fetch_mode, _known_related_objects={},
        )  # fmt: skip
        return list(rows._iterable_class(asked))

    @property
    def rows(self) -> QuerySet[Row]:
        if self._rows is None:
            self._rows = self.build()
        return self._rows

    def _compiler(self, alias: str, values: dict[str, object]) -> SQLCompiler:
        """As it was when it had compiled the query, but for this thread's connection and with these values."""
        if alias not in self._compiled:
            made: SQLCompiler = self.rows.query.get_compiler(using=alias)
            self._compiled[alias] = (made, *made.as_sql())
        made, sql, params = self._compiled[alias]
        given = tuple(values[each.name] if isinstance(each, Given) else each for each in params)
        compiler: Any = copy(made)
        compiler.connection, compiler.as_sql = connections[alias], lambda: (sql, given)
        if made.query.select_for_update and not compiler.connection.in_atomic_block:  # what Django asks as it compiles
            raise TransactionManagementError("A lock is taken inside atomic().")
        return compiler
