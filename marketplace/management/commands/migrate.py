"""`manage.py migrate`, run as the database's owner and preparing the application's role first.

The application serves as a role that owns nothing: it gets rows of the tables that migrations make, and no more. The
groups of staff are made here as well, as permissions of new models exist only after their migration.
"""

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.management.commands.migrate import Command as Migrate
from django.db import connections
from psycopg import sql

from marketplace.database_login import prepare_login
from marketplace.permissions import GROUPS

ROLE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {literal}) THEN CREATE ROLE {role} NOLOGIN; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
GRANT {role} TO CURRENT_USER;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO {role};
"""

# The demo and tests may put the clock forward; a database that becomes a production one may not (marketplace/clock.py).
CLOCK = """
DO $$ BEGIN
    IF to_regprocedure('cairn_advance(interval)') IS NOT NULL THEN
        {statement} EXECUTE ON FUNCTION cairn_advance(interval) {to} {role};
    END IF;
END $$;
"""


class Command(Migrate):
    """Django's migrate, on the `owner` alias unless another is named."""

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args, **options) -> None:
        if options["database"] == "owner":
            prepare_role(settings.APPLICATION_ROLE)
            if settings.WEB_LOGIN:
                _as_owner(prepare_login(settings.WEB_LOGIN, settings.APPLICATION_ROLE))
        super().handle(*args, **options)
        if options["database"] == "owner":
            prepare_clock(settings.APPLICATION_ROLE, may_advance=settings.MODE in {"demo", "test"})
            prepare_groups()


def prepare_role(name: str) -> None:
    """Make the application's role if it is missing and give it rows, not structure, of every later table."""
    statement = sql.SQL(ROLE).format(role=sql.Identifier(name), literal=sql.Literal(name))
    _as_owner(statement)


def prepare_clock(name: str, *, may_advance: bool) -> None:
    """Let the application's role put the clock forward, or see to it that it cannot."""
    statement, to = ("GRANT", "TO") if may_advance else ("REVOKE", "FROM")
    _as_owner(sql.SQL(CLOCK).format(statement=sql.SQL(statement), to=sql.SQL(to), role=sql.Identifier(name)))


def prepare_groups() -> None:
    """Let the groups of staff look at all there is by now. What finance decides beyond that, the policy says."""
    if Group._meta.db_table not in connections["owner"].introspection.table_names():
        return
    looks = Permission.objects.using("owner").filter(codename__startswith="view_")
    for name in GROUPS:
        Group.objects.using("owner").get_or_create(name=name)[0].permissions.add(*looks)


def _as_owner(statement: sql.Composed) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)
