"""The cache in the database: what counts attempts at sign-in, in every process alike."""

from django.db import connection


def delete_expired() -> None:
    """Django deletes what has expired only once the table is full."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM marketplace_cache WHERE expires < clock_timestamp()")
