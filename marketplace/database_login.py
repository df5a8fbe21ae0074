"""What the login of the web and the worker could do in the database besides serving. In production: nothing.

A connection serves as the application's role, but `RESET ROLE` is one statement: what counts is the role that logs in.
Behind a pooler it is also the login that brings along what a direct connection says: the role, and the timeouts.
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
# What a direct connection says for itself, for one through a pooler. Who may not say it for this login has no pooler.
BRINGS = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_db_role_setting WHERE setrole = {literal}::regrole AND {said} = ANY (setconfig)) THEN
        ALTER ROLE {login} SET {name} = {value};
    END IF;
EXCEPTION WHEN insufficient_privilege THEN NULL;
END $$;
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
LESS = """
SELECT 'it serves as ' || current_user || ', not as ' || %(role)s WHERE current_user <> %(role)s
UNION ALL SELECT 'it has no ' || name FROM pg_settings WHERE name = ANY (%(timeouts)s) AND setting = '0'
"""


def prepare_login(name: str, role: str) -> sql.Composed:
    """What the owner says so that the role `name` logs in and serves as the application's `role`. Sets no password."""
    made = sql.SQL(LOGIN).format(login=sql.Identifier(name), literal=sql.Literal(name), role=sql.Identifier(role))
    brings = {**settings.TIMEOUTS, "role": role}
    return sql.Composed([made, *(_brings(name, *each) for each in brings.items())])


def _brings(login: str, name: str, value: str) -> sql.Composed:
    literal, said = sql.Literal(sql.Identifier(login).as_string(None)), sql.Literal(f"{name}={value}")
    names = {"login": sql.Identifier(login), "name": sql.Identifier(name), "value": sql.Literal(value)}
    return sql.SQL(BRINGS).format(**names, literal=literal, said=said)


def more_than_serving() -> list[str]:
    """What the login could do that the application must not, in words."""
    return _asked(MORE)


def less_than_serving() -> list[str]:
    """What a connection lacks that serves us, in words: a pooler may have swallowed it."""
    return _asked(LESS)


def _asked(question: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(question, {"role": settings.APPLICATION_ROLE, "timeouts": list(settings.TIMEOUTS)})
        return [row[0] for row in cursor.fetchall()]


def refuse_powerful_login() -> None:
    """Before the site is served; also one that lacks what serving needs.

    A database that is away cannot be asked: the site waits for it as ever.
    """
    try:
        more, less = more_than_serving(), less_than_serving()
    except OperationalError:
        return
    finally:
        connection.close()
    if more:
        raise ImproperlyConfigured(f"The login in DATABASE_URL could do more than serve: {'; '.join(more)}. {ADVICE}")
    if less:
        raise ImproperlyConfigured(f"The login in DATABASE_URL is not ready to serve: {'; '.join(less)}. {POOLER}")


ADVICE = (
    "Name a role of its own there, a member of the application's role and of nothing else, and give migrations "
    "theirs in OWNER_DATABASE_URL: see docs/decisions/0013-sessions-and-limits.md."
)
POOLER = (
    "Behind a pooler the login itself says these: run migrate with OWNER_DATABASE_URL, as an owner who may ALTER it, "
    "or do it by hand: see docs/decisions/0016-deployment.md."
)


@checks.register(checks.Tags.security, deploy=True)
def login_only_serves(app_configs, **kwargs) -> list[checks.CheckMessage]:
    """`check --deploy`: an error for each thing that the login could do besides serving."""
    try:
        more = more_than_serving() + less_than_serving()
    except DatabaseError as error:
        return [checks.Warning(f"The database cannot be asked what its login may do ({error}).", id="marketplace.W001")]
    return [checks.Error(f"DATABASE_URL: {each}.", hint=ADVICE, id="marketplace.E001") for each in more]
