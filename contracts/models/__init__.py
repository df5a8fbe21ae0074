"""The rows behind contracts. They know states and plan values, and no user's permissions."""

from contracts.models.contract import Contract, ContractMember
from contracts.models.event import Event, EventKind
from contracts.models.milestone import Milestone
from contracts.models.revision import PlanRevision

__all__ = ["Contract", "ContractMember", "Event", "EventKind", "Milestone", "PlanRevision"]
