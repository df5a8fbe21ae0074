"""Each money operation as somebody posts it on a page: where it begins, whose page it is, what is filled in.

Contracts come to where an act begins by operations alone, as in the tests.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from contracts.operations.splits import offer_split
from contracts.reading.review import OTHER
from contracts.tests import dealing, proposing
from contracts.tests.dealing import Deal
from escrow.tests import paying
from marketplace import clock
from proof.browser import Fields, typed, with_field
from tests.factories import bank

type Fill = Callable[[list[Fields], Deal], Fields]


@dataclass(frozen=True)
class Act:
    """`page` is where its form stands, after the contract's own address unless it begins with a slash."""

    name: str
    begin: Callable[[], Deal]
    side: str
    page: Callable[[Deal], str]
    fill: Fill

    def path(self, deal: Deal) -> str:
        page = self.page(deal)
        return page if page.startswith("/") else f"/contracts/{deal.key}/{page}"


def posts(name: str, value: str | None = None, /, **texts: str) -> Fill:
    """The form that has the field `name`, with these texts typed into it."""
    return lambda forms, deal: typed(with_field(forms, name, value), **texts)


def at(page: str) -> Callable[[Deal], str]:
    return lambda deal: page


def of_step(place: int, page: str) -> Callable[[Deal], str]:
    return lambda deal: f"milestones/{deal.milestone(place).pk}/{page}"


def new_offer(forms: list[Fields], deal: Deal) -> Fields:
    form = with_field(forms, "offer_key")
    key = dict(form)["key"]
    return typed(form, title="A bridge", **{f"title-{key}": "Piers", f"amount-{key}": "120.00"})


def first_for(amount: str) -> Fill:
    """The offer with its first milestone at another amount."""

    def fill(forms: list[Fields], deal: Deal) -> Fields:
        return typed(with_field(forms, "offer_key"), **{f"amount-{deal.milestone(1).pk}": amount})

    return fill


# Where an act begins


def submitted() -> Deal:
    deal = dealing.agreed("100.00", "50.00")
    deal.submit(1)
    return deal


def left_over(amount: str, *plan: str) -> Deal:
    """All but so much of the first milestone was released; the second is next."""
    deal = dealing.agreed(*plan)
    deal.release(1, amount)
    return deal


def asked(pay: str = "20.00") -> Deal:
    """The client ended it, paid so much and asked for the rest."""
    deal = dealing.agreed("100.00", "50.00")
    deal.end(pay)
    return deal


def countered() -> Deal:
    deal = asked()
    deal.counter("30.00")
    return deal


def asked_back() -> Deal:
    deal = left_over("60.00", "100.00", "150.00")
    deal.ask_back("40.00")
    return deal


def disputed() -> Deal:
    """The client disputes work that was submitted, and the talent offers a split."""
    deal = submitted()
    dispute = deal.dispute(deal.payer)
    offer_split(
        contract=deal.contract, by=deal.earner, key=uuid4(), dispute=dispute, to_talent=Decimal("60.00"),
        at_stake=Decimal("100.00"),
    )  # fmt: skip
    return deal


def earned() -> Deal:
    deal = dealing.agreed("100.00")
    paying.earned(paying.HUNDRED, deal.talent)
    bank(deal.talent)
    return deal


def worked_together() -> Deal:
    """The talent of a contract can make the client of it a proposal."""
    return proposing.proposed("80.00", "40.00")


OFFER = "/offers/new/?talent={0.talent.pk}"
ACTS = (
    Act("offer with its deposit", dealing.nobody, "client", OFFER.format, new_offer),
    Act("change an offer, charging more", lambda: dealing.offered("100.00", "50.00"), "client", at("offer/?open"),
        first_for("130.00")),
    Act("change an offer, giving back", lambda: dealing.offered("100.00", "50.00"), "client", at("offer/?open"),
        first_for("70.00")),
    Act("accept an offer", lambda: dealing.offered("100.00", "50.00"), "talent", at("answer/"), posts("version")),
    Act("decline an offer", lambda: dealing.offered("100.00"), "talent", at("answer/"),
        posts("reason", decline="1", reason="No time.")),
    Act("withdraw an offer", lambda: dealing.offered("100.00"), "client", at("withdrawal/"),
        posts("csrfmiddlewaretoken")),
    Act("accept a proposal", worked_together, "client", at("proposal/"), posts("key")),
    Act("make an offer of a proposal", worked_together, "client", at("offer/?open"), first_for("90.00")),
    Act("fund", lambda: left_over("100.00", "100.00", "50.00"), "client", of_step(2, "funding/"), posts("key")),
    Act("fund from the leftover and a charge", lambda: left_over("60.00", "100.00", "50.00"), "client",
        of_step(2, "funding/"), posts("key")),
    Act("fund from the leftover alone", lambda: left_over("40.00", "100.00", "50.00"), "client",
        of_step(2, "funding/"), posts("key")),
    Act("release all", submitted, "client", of_step(1, "review/"), posts("pick", pick=OTHER, amount="100.00")),
    Act("release a part", submitted, "client", of_step(1, "review/"), posts("pick", pick=OTHER, amount="33.33")),
    Act("release without a submission", lambda: dealing.agreed("100.00"), "client", of_step(1, "review/"),
        posts("pick", pick=OTHER, amount="100.00")),
    Act("bonus", lambda: dealing.agreed("100.00"), "client", at("bonus/"),
        posts("note", amount="25.00", note="Thanks")),
    Act("end, paying all", submitted, "client", at("end/"), posts("held", choice="all")),
    Act("end, paying a part", submitted, "client", at("end/"),
        posts("held", choice="part", amount="20.00", reason="We stop.")),
    Act("end as talent", submitted, "talent", at("end/"), posts("held", reason="I stop.")),
    Act("approve a refund", asked, "talent", at("refund/"), posts("decision", "approve")),
    Act("counter a refund", asked, "talent", at("refund/"),
        posts("decision", "counter", amount="30.00", answer="Half is done.")),
    Act("accept a counter", countered, "client", at("refund/"), posts("decision", "accept")),
    Act("give money back", asked_back, "talent", at("money-back/"), posts("decision", "agree")),
    Act("accept a split", disputed, "client", at("dispute/"), posts("decision", "accept")),
    Act("withdraw earnings", earned, "talent", lambda deal: "/balance/withdrawal/", posts("amount", amount="60.00")),
)  # fmt: skip


@dataclass(frozen=True)
class Due:
    """What the worker does by itself once so many days have passed."""

    name: str
    begin: Callable[[], Deal]
    days: float


def paid() -> Deal:
    return left_over("100.00", "100.00", "50.00")


def lost_answer() -> Deal:
    """The gateway charged the deposit, and nobody heard of it."""
    return dealing.offered("100.00", "50.00", method=paying.TIMES_OUT)


def came_too_late() -> Deal:
    """The deposit was charged after the offer had been withdrawn, and nobody heard of it."""
    deal = dealing.offered("100.00", method=paying.LATER)
    dealing.offers.withdraw_offer(contract=deal.contract, by=deal.payer)
    dealing.bank().answer(deal.charges[0].reference, agreed=True)
    return deal


A_MINUTE = 2 / 24 / 60
DUES = (
    Due("an offer expires", lambda: dealing.offered("100.00"), 7),
    Due("a release without a review", submitted, 14),
    Due("a refund request lapses", asked, 7),
    Due("a counter lapses", countered, 7),
    Due("earnings mature", paid, 5),
    Due("a lost payment is settled", lost_answer, A_MINUTE),
    Due("a payment without a purpose is refunded", came_too_late, A_MINUTE),
)


def pass_days(days: float) -> None:
    clock.advance(timedelta(days=days))
