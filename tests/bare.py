"""A table laid bare: nothing is left of it but the guards that are attacked. In the owner's transaction, undone after.

What counts by itself and what is unique stays. Knows no model.
"""

from collections.abc import Mapping

from django.db import IntegrityError, connections, transaction
from psycopg import sql

type Row = Mapping[str, object]

# A key that leads elsewhere goes as well: it would be the first to refuse a row that has nothing else.
IN_THE_WAY = r"""
WITH own AS (
    SELECT c.*, contype = 'p' AND EXISTS (
        SELECT FROM pg_constraint f WHERE f.conrelid = c.conrelid AND f.contype = 'f' AND f.conkey = c.conkey
    ) AS leads FROM pg_constraint c WHERE conrelid = %(table)s::regclass
)
SELECT format('ALTER TABLE %%I DROP CONSTRAINT %%I CASCADE', %(table)s, conname) FROM own AS c
WHERE CASE contype
    WHEN 'c' THEN conname !~ ('^' || %(table)s || '_\w+_check$') AND conname <> %(but)s
    WHEN 'p' THEN leads
    WHEN 'n' THEN NOT EXISTS (SELECT FROM own WHERE contype = 'p' AND NOT leads AND own.conkey = c.conkey)
    ELSE false END
ORDER BY contype = 'p' DESC
"""
KEYS = """
SELECT attname FROM pg_constraint p JOIN pg_attribute a ON attrelid = conrelid AND attnum = conkey[1]
WHERE contype = 'p' AND conrelid = %s::regclass AND atttypid = 'uuid'::regtype
"""


def lay_bare(table: str, but: str = "") -> None:
    """Take away what stands in the way of a row with next to nothing in it; the check `but` stays."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(IN_THE_WAY, {"table": table, "but": but})
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)
        cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(table)))


def refusal(table: str, row: Row, times: int = 1) -> tuple[str, str]:
    """How the database refuses the row, so many times over, and the guard that does; nothing, when it does not."""
    try:
        with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
            cursor.execute(KEYS, [table])
            keys = [name for (name,) in cursor.fetchall()]
            for _each in range(times):
                insert(cursor, table, dict.fromkeys(keys, sql.SQL("gen_random_uuid()")) | dict(row))
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True, "owner")
    except IntegrityError as refused:
        return type(refused.__cause__).__name__, refused.__cause__.diag.constraint_name
    return "nothing", ""


def insert(cursor: object, table: str, row: Row) -> None:
    values = [each if isinstance(each, sql.Composable) else sql.Literal(each) for each in row.values()]
    statement = "INSERT INTO {} ({}) VALUES ({})"
    columns = sql.SQL(", ").join(map(sql.Identifier, row))
    cursor.execute(sql.SQL(statement).format(sql.Identifier(table), columns, sql.SQL(", ").join(values)))
