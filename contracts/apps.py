"""What was agreed and how it changes."""

from django.apps import AppConfig


class ContractsConfig(AppConfig):
    name = "contracts"

    def ready(self) -> None:
        from contracts import event_invariants, invariants, journal_invariants, timers  # noqa: F401
        from contracts.models import SubmissionFile
        from contracts.operations import _charges  # noqa: F401
        from contracts.operations.sides import acts_for_the_other_side
        from contracts.operations.strays import own_files
        from contracts.papers.own_statement import statements
        from contracts.reading.leaving import obstacles_of
        from marketplace.privacy.export import export_also
        from marketplace.privacy.obstacles import close_only_without
        from marketplace.sides import tell_sides_by

        close_only_without(obstacles_of)
        export_also(statements)
        own_files(SubmissionFile)
        tell_sides_by(acts_for_the_other_side)
