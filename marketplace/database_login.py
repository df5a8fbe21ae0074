"""What the login of the web and the worker could do in the database besides serving. In production: nothing.

A connection serves as the application's role, but `RESET ROLE` is one statement: what counts is the role that logs in.
"""

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, OperationalError, connection
from psycopg import sql

LOGIN = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {literal}) THEN CREATE ROLE {login} LOGIN; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
GRANT {role} TO {login};
"""
MORE = """
SELECT 'it is a superuser' FROM pg_roles WHERE rolname = session_user AND rolsuper
UNION ALL SELECT 'it makes roles' FROM pg_roles WHERE rolname = session_user AND rolcreaterole
UNION ALL SELECT 'it makes databases' FROM pg_roles WHERE rolname = session_user AND rolcreatedb
UNION ALL SELECT 'it replicates' FROM pg_roles WHERE rolname = session_user AND rolreplication
UNION ALL SELECT 'it passes by row security' FROM pg_roles WHERE rolname = session_user AND rolbypassrls
UNION ALL SELECT 'it can become ' || rolname FROM pg_roles
    WHERE pg_has_role(session_user, oid, 'MEMBER') AND rolname NOT IN (session_user, %(role)s)
UNION ALL SELECT 'it owns the database' FROM pg_database
    WHERE datname = current_database() AND pg_has_role(session_user, datdba, 'MEMBER')
UNION ALL SELECT 'it owns ' || relname FROM pg_class
    WHERE relkind IN ('r', 'p', 'v', 'm', 'S') AND pg_has_role(session_user, relowner, 'MEMBER')
UNION ALL SELECT 'it owns ' || proname FROM pg_proc WHERE pg_has_role(session_user, proowner, 'MEMBER')
UNION ALL SELECT 'it makes tables' WHERE has_schema_privilege(session_user, 'public', 'CREATE')
UNION ALL SELECT 'it makes schemas' WHERE has_database_privilege(session_user, current_database(), 'CREATE')
LIMIT 5
"""


def prepare_login(name: str, role: str) -> sql.Composed:
    """What the owner says so that the role `name` logs in and serves as the application's `role`. Sets no password."""
    return sql.SQL(LOGIN).format(login=sql.Identifier(name), literal=sql.Literal(name), role=sql.Identifier(role))


def more_than_serving() -> list[str]:
    """What the login could do that the application must not, in words."""
    with connection.cursor() as cursor:
        cursor.execute(MORE, {"role": settings.APPLICATION_ROLE})
        return [row[0] for row in cursor.fetchall()]


def refuse_powerful_login() -> None:
    """Before the site is served. A database that is away cannot be asked: the site waits for it as ever."""
    try:
        more = more_than_serving()
    except OperationalError:
        return
    finally:
        connection.close()
    if more:
        raise ImproperlyConfigured(f"The login in DATABASE_URL could do more than serve: {'; '.join(more)}. {ADVICE}")


ADVICE = (
    "Name a role of its own there, a member of the application's role and of nothing else, and give migrations "
    "theirs in OWNER_DATABASE_URL: see docs/decisions/0013-sessions-and-limits.md."
)


@checks.register(checks.Tags.security, deploy=True)
def login_only_serves(app_configs, **kwargs) -> list[checks.CheckMessage]:
    """`check --deploy`: an error for each thing that the login could do besides serving."""
    try:
        more = more_than_serving()
    except DatabaseError as error:
        return [checks.Warning(f"The database cannot be asked what its login may do ({error}).", id="marketplace.W001")]
    return [checks.Error(f"DATABASE_URL: {each}.", hint=ADVICE, id="marketplace.E001") for each in more]
