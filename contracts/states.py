"""Every status of a contract, a milestone, a request, a dispute and an offer of a split, and every allowed move.

Knows no rows.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MilestoneStatus(TextChoices):
    FUTURE = "future", _("future")
    FUNDING = "funding", _("being funded")
    ACTIVE = "active", _("active")
    SUBMITTED = "submitted", _("submitted")
    CHANGES_REQUESTED = "changes_requested", _("changes requested")
    PAID = "paid", _("paid")
    REFUNDED = "refunded", _("refunded")
    CANCELLED = "cancelled", _("cancelled")


class ContractStatus(TextChoices):
    OFFERED = "offered", _("offered")
    PROPOSED = "proposed", _("proposed")
    ACTIVE = "active", _("active")
    SETTLING = "settling", _("settling")
    ENDED = "ended", _("ended")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXPIRED = "expired", _("expired")


class RequestStatus(TextChoices):
    PENDING = "pending", _("pending")
    ACCEPTED = "accepted", _("accepted")
    PARTLY = "partly", _("partly accepted")
    DECLINED = "declined", _("declined")
    COUNTERED = "countered", _("countered")
    WITHDRAWN = "withdrawn", _("withdrawn")
    SUPERSEDED = "superseded", _("superseded")


class RefundStatus(TextChoices):
    PENDING = "pending", _("pending")
    COUNTERED = "countered", _("countered")
    DISPUTED = "disputed", _("disputed")
    APPROVED = "approved", _("approved")
    LAPSED = "lapsed", _("refunded without an answer")
    DECIDED = "decided", _("decided")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")
    SUPERSEDED = "superseded", _("superseded")


class DisputeStatus(TextChoices):
    OPEN = "open", _("open")
    SETTLED = "settled", _("settled by both sides")
    WITHDRAWN = "withdrawn", _("withdrawn")
    DECIDED = "decided", _("decided by staff")


class SplitStatus(TextChoices):
    OPEN = "open", _("open")
    ACCEPTED = "accepted", _("accepted")
    REPLACED = "replaced", _("replaced by a newer one")
    WITHDRAWN = "withdrawn", _("withdrawn")
    OVER = "over", _("over with the dispute")


_M, _C, _R = MilestoneStatus, ContractStatus, RefundStatus
_SETTLED = frozenset({_M.PAID, _M.REFUNDED, _M.CANCELLED})

CURRENT = frozenset({_M.FUNDING, _M.ACTIVE, _M.SUBMITTED, _M.CHANGES_REQUESTED})
FUNDED = CURRENT - {_M.FUNDING}
REFUND_OPEN = frozenset({_R.PENDING, _R.COUNTERED, _R.DISPUTED})
REFUND_LIVE_ONLY = frozenset({_R.DECLINED, _R.WITHDRAWN, _R.SUPERSEDED})  # ends of one that does not end the contract
CLOSED = frozenset({_C.ENDED, _C.DECLINED, _C.WITHDRAWN, _C.EXPIRED})

NEXT_MILESTONE: dict[MilestoneStatus, frozenset[MilestoneStatus]] = {
    _M.FUTURE: frozenset({_M.FUNDING, _M.CANCELLED}),
    _M.FUNDING: frozenset({_M.ACTIVE, _M.FUTURE}),
    _M.ACTIVE: frozenset({_M.SUBMITTED}) | _SETTLED,
    _M.SUBMITTED: frozenset({_M.CHANGES_REQUESTED}) | _SETTLED,
    _M.CHANGES_REQUESTED: frozenset({_M.SUBMITTED}) | _SETTLED,
    _M.PAID: frozenset(),
    _M.REFUNDED: frozenset(),
    _M.CANCELLED: frozenset(),
}

NEXT_CONTRACT: dict[ContractStatus, frozenset[ContractStatus]] = {
    _C.OFFERED: frozenset({_C.ACTIVE, _C.DECLINED, _C.WITHDRAWN, _C.EXPIRED}),
    _C.PROPOSED: frozenset({_C.ACTIVE, _C.OFFERED, _C.DECLINED, _C.WITHDRAWN, _C.EXPIRED}),
    _C.ACTIVE: frozenset({_C.SETTLING, _C.ENDED}),
    _C.SETTLING: frozenset({_C.ENDED}),
    **{status: frozenset() for status in CLOSED},
}

NEXT_REQUEST: dict[RequestStatus, frozenset[RequestStatus]] = {
    status: frozenset(RequestStatus) - {status} if status == RequestStatus.PENDING else frozenset()
    for status in RequestStatus
}

NEXT_REFUND: dict[RefundStatus, frozenset[RefundStatus]] = {
    _R.PENDING: frozenset({_R.APPROVED, _R.COUNTERED, _R.DISPUTED, _R.LAPSED}) | REFUND_LIVE_ONLY,
    _R.COUNTERED: frozenset({_R.APPROVED, _R.DISPUTED, _R.LAPSED}),
    _R.DISPUTED: frozenset({_R.PENDING, _R.COUNTERED, _R.APPROVED, _R.DECIDED}),
    _R.APPROVED: frozenset(),
    _R.LAPSED: frozenset(),
    _R.DECIDED: frozenset(),
    **{status: frozenset() for status in REFUND_LIVE_ONLY},
}

NEXT_DISPUTE: dict[DisputeStatus, frozenset[DisputeStatus]] = {
    status: frozenset(DisputeStatus) - {status} if status == DisputeStatus.OPEN else frozenset()
    for status in DisputeStatus
}
