"""Money operations of the staff, on their own pages: decided disputes, reversed releases, refunds that were stuck.

Somebody else of finance does each, with a code typed a moment ago.
"""

from functools import partial

from contracts.models import ActKind, StaffAct
from contracts.operations import disputes
from contracts.operations.staff import acts, reversal
from contracts.reading.staff_acts import new_path
from contracts.tests import dealing
from contracts.tests.dealing import Deal
from contracts.tests.staffing import ask, finance, journal_of
from escrow.models import Payment
from proof.act import Act, posts
from proof.begun import came_back, submitted
from proof.earning import without_hold


def in_dispute(amount: str = "100.00") -> Deal:
    """The client disputes work that was submitted."""
    deal = dealing.agreed(amount, "50.00")
    deal.submit(1)
    deal.dispute(deal.payer)
    return deal


def waits_for_two() -> Deal:
    """Above the limit: somebody of finance asked for a decision."""
    deal = in_dispute("1500.00")
    ask(ActKind.DECIDE, deal.disputed, finance(), to_talent="900.00")
    return deal


def released() -> Deal:
    deal = submitted()
    deal.release(1, "100.00")
    return deal


def over() -> Deal:
    """What was released was withdrawn in part, and the contract is closed."""
    deal = without_hold("100.00")
    deal.end("0.00")
    return deal


def decision(deal: Deal) -> str:
    return f"{new_path(ActKind.DECIDE, deal.disputed)}?to_talent=60.00"


def approval(deal: Deal) -> str:
    act = StaffAct.objects.get(dispute__contract=deal.key)
    return f"/admin/contracts/staffact/{act.pk}/approve/"


def of_release(deal: Deal) -> str:
    return new_path(ActKind.REVERSE, journal_of(deal))


def of_refund(deal: Deal) -> str:
    return new_path(ActKind.REFUND, Payment.objects.get(party=deal.client, direction="refund"))


with_reason = posts("shown", reason="Half of it was done.")
by_staff = partial(Act, side="staff")
ACTS_OF_STAFF = (
    by_staff("staff decide a dispute", disputes.decide_dispute, in_dispute, page=decision, fill=with_reason),
    by_staff("a second person approves a decision", acts.approve_act, waits_for_two, page=approval,
             fill=posts("csrfmiddlewaretoken")),
    by_staff("staff reverse a release", reversal.reverse_release, released, page=of_release, fill=with_reason),
    by_staff("staff reverse a release of a closed contract", reversal.reverse_release, over, page=of_release,
             fill=with_reason),
    by_staff("staff send a refund again", acts.request_act, came_back, page=of_refund, fill=with_reason),
)  # fmt: skip
