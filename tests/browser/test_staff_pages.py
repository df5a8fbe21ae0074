"""The pages on which staff decide about money, as a browser shows them: readable, quiet, no wider than the window."""

from contracts.models import ActKind, Contract
from contracts.tests.staffing import ask
from escrow.checking import check_books
from escrow.models import Account, Kind
from marketplace.models import User
from tests.browser.test_money_pages import looks
from tests.browser.test_pages import look_through

ACTS = "/admin/contracts/staffact/"


@looks
def test_b44_pages_of_disputes_and_of_acts(sign_in, axe, scheme, size):
    contract = Contract.objects.get(title="Opening film")
    (dispute,), held = contract.disputes.all(), Account.objects.get(kind=Kind.ESCROW, scope=contract.pk)
    check = check_books()
    page = sign_in("finance@cairn.test", color_scheme=scheme, viewport=size)
    look_through(page, [
        f"/staff/disputes/{dispute.pk}/", f"{ACTS}new/decide/{dispute.pk}/?to_talent=1500.00",
        f"{ACTS}new/freeze/{contract.pk}/", f"/admin/contracts/contract/{contract.pk}/change/",
        f"/admin/contracts/dispute/{dispute.pk}/change/", f"/admin/escrow/account/{held.pk}/change/",
        "/admin/escrow/checkrun/", f"/admin/escrow/checkrun/{check.pk}/change/",
    ], axe)  # fmt: skip
    asker = User.objects.get(email="finance2@cairn.test")
    act = ask(ActKind.DECIDE, dispute, asker, to_talent="1500.00", reason="Five sixths are done.")
    look_through(page, [f"{ACTS}{act.pk}/{answer}/" for answer in ("approve", "refuse", "change")], axe)
