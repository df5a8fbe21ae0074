"""A contract that its talent proposes, for tests: each step of it by an operation. Knows no page.

The two have worked together before: money that lies with the talent is from then, as `dealing` says it.
"""

import uuid
from dataclasses import replace

from contracts.models import Contract
from contracts.operations import offers, proposals
from contracts.plan import Plan
from contracts.tests.dealing import NEW, Deal, agreed, fresh, plan_of
from escrow.models import Payment, PaymentMethod
from marketplace import clock
from tests.factories import card

TITLE = "Small works, continued"


def acquainted() -> Deal:
    """Two parties with an active contract between them, and the key of another one that is not proposed yet."""
    return replace(agreed("50.00"), key=uuid.uuid4())


def proposed(*amounts: str) -> Deal:
    """A contract of these milestones, proposed to a client that the talent works for."""
    deal = acquainted()
    propose(deal, plan_of(*amounts))
    return deal


def propose(deal: Deal, plan: Plan, **other) -> Contract:
    wish = {"by": deal.earner, "title": TITLE, "today": clock.now().date(), **other}
    return proposals.propose_contract(
        **{"key": deal.key, "client": deal.client, "talent": deal.talent, "plan": plan, **wish}
    )


def accept(deal: Deal, method: PaymentMethod | str | None = "", key: uuid.UUID = NEW, **other) -> Payment:
    """With the client's card, unless `method` is another one, or the number of a new one, or None."""
    if isinstance(method, str):
        method = card(deal.client, method) if method else deal.card
    return proposals.accept_proposal(
        **{"contract": deal.contract, "by": deal.payer, "key": fresh(key), "method": method, **other}
    )


def make_offer_of_it(deal: Deal, plan: Plan, key: uuid.UUID = NEW, **other) -> Payment | None:
    wish = {"by": deal.payer, "method": deal.card, "title": TITLE, "terms": "", "base": 1, **other}
    return proposals.turn_into_offer(
        contract=deal.contract, key=fresh(key), plan=plan, today=clock.now().date(), **wish
    )


def decline(deal: Deal, reason: str = "") -> Contract:
    return proposals.decline_proposal(contract=deal.contract, by=deal.payer, reason=reason)


def withdraw(deal: Deal) -> Contract:
    return proposals.withdraw_proposal(contract=deal.contract, by=deal.earner)


def decline_the_offer(deal: Deal) -> Contract:
    return offers.decline_offer(contract=deal.contract, by=deal.earner)


def charged(deal: Deal) -> list[Payment]:
    """The charges for this contract alone."""
    return [charge for charge in deal.charges if charge.subject == deal.key]
