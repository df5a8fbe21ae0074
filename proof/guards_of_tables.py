"""The guards that PostgreSQL itself holds, read from its catalog so that none is forgotten, and how each goes away.

Constraints, unique indexes and triggers of our tables; rights that the application's role does not have; the locks that
functions take and the search path that they pin. Knows no test. A removal is undone by the definition it was read with.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import psycopg
from django.conf import settings
from django.db import connections

OURS = "^(contracts|escrow|notifications|marketplace)_"

CONSTRAINTS = """
SELECT CASE contype WHEN 'c' THEN 'check' WHEN 'u' THEN 'unique' WHEN 'f' THEN 'reference' ELSE 'exclusion' END,
    relname || '.' || conname,
    format('ALTER TABLE %I DROP CONSTRAINT %I', relname, conname),
    format('ALTER TABLE %I ADD CONSTRAINT %I %s', relname, conname, pg_get_constraintdef(c.oid))
FROM pg_constraint c JOIN pg_class r ON r.oid = conrelid
WHERE relname ~ '{ours}' AND contype IN ('c', 'u', 'x', 'f') AND relkind = 'r'
"""
INDEXES = """
SELECT 'unique', r.relname || '.' || i.relname, format('DROP INDEX %I', i.relname), pg_get_indexdef(i.oid)
FROM pg_index x JOIN pg_class r ON r.oid = indrelid JOIN pg_class i ON i.oid = indexrelid
WHERE indisunique AND r.relname ~ '{ours}' AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.oid)
"""
TRIGGERS = """
SELECT 'trigger', relname || '.' || tgname, format('ALTER TABLE %I DISABLE TRIGGER %I', relname, tgname),
    format('ALTER TABLE %I ENABLE TRIGGER %I', relname, tgname), tgfoid::regproc::text
FROM pg_trigger t JOIN pg_class r ON r.oid = tgrelid WHERE NOT tgisinternal AND relname ~ '{ours}'
"""
RIGHTS = """
SELECT 'right', relname || ' ' || lower(p), format('GRANT %s ON %I TO %I', p, relname, '{role}'),
    format('REVOKE %s ON %I FROM %I', p, relname, '{role}') || coalesce((
        SELECT format('; GRANT %s (%s) ON %I TO %I', p, string_agg(quote_ident(attname), ', '), relname, '{role}')
        FROM pg_attribute, aclexplode(attacl) AS acl
        WHERE attrelid = r.oid AND attnum > 0 AND privilege_type = p HAVING count(*) > 0
    ), '')
FROM pg_class r, unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS p
WHERE relkind = 'r' AND (relname ~ '{ours}' OR relname = 'django_admin_log')
    AND NOT has_table_privilege('{role}', r.oid, p)
UNION ALL
SELECT 'right', relname || ' usage', format('GRANT USAGE ON SEQUENCE %I TO %I', relname, '{role}'),
    format('REVOKE USAGE ON SEQUENCE %I FROM %I', relname, '{role}')
FROM pg_class r
WHERE relname ~ '{ours}' AND CASE relkind WHEN 'S' THEN NOT has_sequence_privilege('{role}', r.oid, 'USAGE') END
UNION ALL
SELECT 'right', proname || ' execute', format('GRANT EXECUTE ON FUNCTION %s TO %I', f.oid::regprocedure, '{role}'),
    format('REVOKE EXECUTE ON FUNCTION %s FROM %I', f.oid::regprocedure, '{role}')
FROM pg_proc f WHERE pronamespace = 'public'::regnamespace AND NOT has_function_privilege('{role}', f.oid, 'EXECUTE')
UNION ALL
SELECT 'right', 'public create', format('GRANT CREATE ON SCHEMA public TO %I', '{role}'),
    format('REVOKE CREATE ON SCHEMA public FROM %I', '{role}')
"""
PATHS = """
SELECT 'search path', proname, format('ALTER FUNCTION %s RESET search_path', f.oid::regprocedure),
    format('ALTER FUNCTION %s SET %s', f.oid::regprocedure, regexp_replace(setting, '=', ' = '))
FROM pg_proc f, unnest(proconfig) AS setting
WHERE pronamespace = 'public'::regnamespace AND setting LIKE 'search_path=%' AND prosecdef
"""
FUNCTIONS = """
SELECT proname, pg_get_functiondef(f.oid) FROM pg_proc f
WHERE pronamespace = 'public'::regnamespace AND proname ~ '{ours}'
"""
A_LOCK = re.compile(
    r"^\s*LOCK TABLE [^;]*;|\s+FOR (?:NO KEY )?(?:UPDATE|SHARE)\b|^\s*PERFORM pg_advisory_xact_lock\([^;]*;", re.M
)


class InTables(NamedTuple):
    """`without` takes it away, `again` gives it back; both are SQL for the owner of the tables."""

    kind: str
    name: str
    without: str
    again: str
    told: str = ""  # what a refusal of it names, where that is not its own name

    @contextmanager
    def removed(self, databases: list[str]) -> Iterator[None]:
        """Within it the guard is gone, from each of these databases."""
        each_runs(databases, self.without)
        try:
            yield
        finally:
            each_runs(databases, self.again)


@contextmanager
def owner(database: str) -> Iterator[psycopg.Connection]:
    """A connection to this database as the owner of its tables."""
    config = connections["owner"].get_connection_params()
    wanted = {name: config.get(name) for name in ("host", "port", "user", "password")}
    with psycopg.connect(**wanted, dbname=database) as connection:
        yield connection


def each_runs(databases: list[str], statements: str) -> None:
    for database in databases:
        with owner(database) as connection:
            connection.execute(statements)


def all_in(database: str) -> list[InTables]:
    """Every one of them, as this database has it."""
    words = {"ours": OURS, "role": settings.APPLICATION_ROLE}
    with owner(database) as connection:
        rows = [
            row
            for query in (CONSTRAINTS, INDEXES, TRIGGERS, RIGHTS, PATHS)
            for row in connection.execute(query.format(**words))
        ]
        functions = connection.execute(FUNCTIONS.format(**words)).fetchall()
    return sorted([InTables(*row) for row in rows] + [lock for row in functions for lock in locks_of(*row)])


def locks_of(name: str, text: str) -> list[InTables]:
    """What this function locks, each as a guard of its own: without it the function is the same but for that."""
    found = A_LOCK.finditer(text)
    return [
        InTables("lock of a function", f"{name} {number}", text[: at.start()] + text[at.end() :], text)
        for number, at in enumerate(found, 1)
    ]
