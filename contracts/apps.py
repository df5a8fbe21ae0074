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
        from marketplace.sides import tell_sides_by

        own_files(SubmissionFile)
        tell_sides_by(acts_for_the_other_side)
