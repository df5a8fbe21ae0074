"""Which of the two database aliases may do what. Knows no models."""


class OwnerMigrates:
    """Structure is the owner's alone; rows are read and written as the application's role."""

    def allow_migrate(self, db: str, app_label: str, **hints) -> bool:
        return db == "owner"
