"""Paying a bonus: on top of what was agreed, charged by itself (B22). Asks the gateway after the commit."""

from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from contracts.models import Bonus, Contract
from contracts.operations._charges import BONUS
from contracts.operations._contract import is_due, lock, require_role, require_state
from contracts.operations._party import lock_paid
from contracts.operations._paying import begin_charge
from contracts.policy import Action
from contracts.refusals import ContractError, KeyReused, WrongState
from escrow.models import SMALLEST, Payment, PaymentMethod
from escrow.operations import payments
from marketplace import clock
from marketplace.models import User


class BonusTooLate(WrongState):
    """B24: a bonus stays possible for 30 days after the end."""

    text = _("The time in which a bonus could be paid for this contract is over.")


class BonusOfNothing(ContractError):
    """A bonus pays something."""

    text = _("A bonus is at least $0.01.")


def pay_bonus(
    *, contract: Contract, by: User, key: UUID, amount: Decimal, method: PaymentMethod | None, note: str = ""
) -> Payment:
    """The client pays the talent a bonus, up to so many days after the end; the usual service fee is taken.

    `key` becomes the payment's id: the same form twice pays once.
    """
    with transaction.atomic():
        contract = lock(contract.pk, by)
        require_role(contract, Action.BONUS)
        order = Bonus.objects.filter(pk=key).first()
        if order and (order.contract_id, order.amount, order.note, order.by_id) != (contract.pk, amount, note, by.pk):
            raise KeyReused
        payment = Payment.objects.get(pk=key) if order else None
        if payment is None:
            require_state(contract, Action.BONUS)
            if is_due(contract.bonus_until, clock.now()):
                raise BonusTooLate
            if amount < SMALLEST:
                raise BonusOfNothing
            lock_paid(contract.talent_id)
            order = Bonus(contract=contract, amount=amount, note=note, by=by)
            payment = begin_charge(contract, BONUS, order, key=key, amount=amount, method=method, has_scope=False)
    return payments.ask(payment.pk)
