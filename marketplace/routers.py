"""Which of the database aliases may do what. Knows no models."""

from django.db.models import Model

from marketplace import standby


class OwnerMigrates:
    """Structure is the owner's alone; rows are read and written as the application's role."""

    def allow_migrate(self, db: str, app_label: str, **hints) -> bool:
        return db == "owner"


class ReadsStandby:
    """While a page is read from a standby, its rows come from there; whatever is written goes where it always does."""

    def db_for_read(self, model: type[Model], **hints) -> str | None:
        return standby.ALIAS if standby.is_read() else None

    def db_for_write(self, model: type[Model], instance: Model | None = None, **hints) -> str | None:
        return "default" if instance is not None and instance._state.db == standby.ALIAS else None

    def allow_relation(self, one: Model, other: Model, **hints) -> bool | None:
        """The user is known before the page is; they are the same rows."""
        return True if standby.ALIAS in (one._state.db, other._state.db) else None
