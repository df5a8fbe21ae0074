"""`manage.py migrate`, run as the database's owner and preparing the application's role first.

The application serves as a role that owns nothing: it gets rows of the tables that migrations make, and no more.
"""

from django.conf import settings
from django.core.management.commands.migrate import Command as Migrate
from django.db import connections
from psycopg import sql

ROLE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {literal}) THEN CREATE ROLE {role} NOLOGIN; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
GRANT {role} TO CURRENT_USER;
GRANT USAGE ON SCHEMA public TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO {role};
"""


class Command(Migrate):
    """Django's migrate, on the `owner` alias unless another is named."""

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args, **options) -> None:
        if options["database"] == "owner":
            prepare_role(settings.APPLICATION_ROLE)
        super().handle(*args, **options)


def prepare_role(name: str) -> None:
    """Make the application's role if it is missing and give it rows, not structure, of every later table."""
    statement = sql.SQL(ROLE).format(role=sql.Identifier(name), literal=sql.Literal(name))
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)
