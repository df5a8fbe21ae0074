"""Every status of a contract and of a milestone, and every move that is allowed. Knows no rows."""

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


_M, _C = MilestoneStatus, ContractStatus
_SETTLED = frozenset({_M.PAID, _M.REFUNDED, _M.CANCELLED})

CURRENT = frozenset({_M.FUNDING, _M.ACTIVE, _M.SUBMITTED, _M.CHANGES_REQUESTED})
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
