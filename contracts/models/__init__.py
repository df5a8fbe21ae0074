"""The rows behind contracts. They know states and plan values, and no user's permissions."""

from contracts.models.bonus import NOTE_LENGTH, Bonus
from contracts.models.change_request import REQUEST_NOTE_LENGTH, ChangeRequest
from contracts.models.contract import Contract, ContractMember
from contracts.models.disclosure import Disclosure, Shown
from contracts.models.dispute import Dispute, SplitOffer
from contracts.models.earning import Earning, EarningKind
from contracts.models.event import Event, EventKind
from contracts.models.feedback import FEEDBACK_LENGTH, Feedback
from contracts.models.file import FILE_NAME_LENGTH, FILE_SIZE, FILES, FILES_SIZE, SubmissionFile, private
from contracts.models.funding import Funding
from contracts.models.invoice import Invoice, InvoiceSeries, Side
from contracts.models.milestone import Milestone
from contracts.models.revision import PlanRevision
from contracts.models.settlement import REASON_LENGTH, RefundRequest
from contracts.models.staff_act import TARGETS, ActKind, StaffAct, Step
from contracts.models.submission import LINK_LENGTH, LINKS, MESSAGE_LENGTH, Submission

__all__ = [
    "FEEDBACK_LENGTH",
    "FILES",
    "FILES_SIZE",
    "FILE_NAME_LENGTH",
    "FILE_SIZE",
    "LINKS",
    "LINK_LENGTH",
    "MESSAGE_LENGTH",
    "NOTE_LENGTH",
    "REASON_LENGTH",
    "REQUEST_NOTE_LENGTH",
    "TARGETS",
    "ActKind",
    "Bonus",
    "ChangeRequest",
    "Contract",
    "ContractMember",
    "Disclosure",
    "Dispute",
    "Earning",
    "EarningKind",
    "Event",
    "EventKind",
    "Feedback",
    "Funding",
    "Invoice",
    "InvoiceSeries",
    "Milestone",
    "PlanRevision",
    "RefundRequest",
    "Shown",
    "Side",
    "SplitOffer",
    "StaffAct",
    "Step",
    "Submission",
    "SubmissionFile",
    "private",
]
