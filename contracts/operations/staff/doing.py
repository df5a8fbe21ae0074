"""Which operation does each kind of act. Knows neither who may nor who agreed."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import cast

from django.db import transaction

from contracts.models import ActKind, Contract, Dispute, StaffAct
from contracts.operations.disputes import decide_dispute
from contracts.operations.staff.freezing import freeze_contract, unfreeze_contract
from contracts.operations.staff.reversal import reverse_release
from contracts.refusals import WrongState
from escrow.models import Journal, Payment
from escrow.operations import payments
from escrow.operations.refusals import PaymentError
from escrow.operations.returning import refund_again
from marketplace.models import User
from marketplace.suspension import reinstate, suspend


def _decide(act: StaffAct) -> None:
    assert act.to_talent is not None  # noqa: S101, a CHECK says so
    decide_dispute(dispute=cast(Dispute, act.dispute), to_talent=act.to_talent, by=act.requested_by, reason=act.reason)


def _refund(act: StaffAct) -> None:
    """The gateway is asked after the commit, as for every payment."""
    try:
        refund = refund_again(cast(Payment, act.payment).pk)
    except PaymentError as refusal:
        raise WrongState(str(refusal)) from refusal
    transaction.on_commit(partial(payments.ask, refund.pk), robust=True)


DOES: Mapping[str, Callable[[StaffAct], object]] = {
    ActKind.DECIDE: _decide,
    ActKind.REVERSE: lambda act: reverse_release(journal=cast(Journal, act.journal), reason=act.reason),
    ActKind.REFUND: _refund,
    ActKind.FREEZE: lambda act: freeze_contract(contract=cast(Contract, act.contract), reason=act.reason),
    ActKind.UNFREEZE: lambda act: unfreeze_contract(contract=cast(Contract, act.contract), reason=act.reason),
    ActKind.SUSPEND: lambda act: suspend(cast(User, act.user)),
    ActKind.REINSTATE: lambda act: reinstate(cast(User, act.user)),
}


def carry_out(act: StaffAct) -> None:
    """Do what the act says, in the caller's transaction; WrongState where its world is not what it was."""
    DOES[act.kind](act)
