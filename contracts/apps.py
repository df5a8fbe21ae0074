"""What was agreed and how it changes."""

from django.apps import AppConfig


class ContractsConfig(AppConfig):
    name = "contracts"

    def ready(self) -> None:
        from contracts import invariants  # noqa: F401
        from contracts.models import SubmissionFile
        from contracts.operations import _charges  # noqa: F401
        from contracts.operations.strays import own_files

        own_files(SubmissionFile)
