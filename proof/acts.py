"""Each money operation as a client or a talent posts it: which it is, where it begins, on which page, filled in how.

Knows no staff and no gateway's calls.
"""

from contracts.operations import bonus, funding, money_back, offers, proposals, release, settlement, splits, withdrawal
from contracts.reading.review import OTHER
from contracts.tests import dealing
from contracts.tests.dealing import Deal
from escrow.operations import payments
from escrow.tests import paying
from proof.act import Act, Fill, at, of_step, posts
from proof.begun import (
    asked,
    asked_back,
    countered,
    disputed,
    left_over,
    submitted,
    worked_together,
)
from proof.browser import Fields, typed, with_field
from proof.earning import earned

OFFER = "/offers/new/?talent={0.talent.pk}"


def new_offer(forms: list[Fields], deal: Deal) -> Fields:
    form = with_field(forms, "offer_key")
    key = dict(form)["key"]
    return typed(form, title="A bridge", **{f"title-{key}": "Piers", f"amount-{key}": "120.00"})


def first_for(amount: str) -> Fill:
    """The offer with its first milestone at another amount."""

    def fill(forms: list[Fields], deal: Deal) -> Fields:
        return typed(with_field(forms, "offer_key"), **{f"amount-{deal.milestone(1).pk}": amount})

    return fill


def with_another_card(forms: list[Fields], deal: Deal) -> Fields:
    return typed(with_field(forms, "method"), method=str(deal.card.pk))


def typed_amount(amount: str) -> Fill:
    return posts("pick", pick=OTHER, amount=amount)


def two(method: str = "") -> Deal:
    """An offer of two milestones."""
    return dealing.offered("100.00", "50.00", method=method)


def one() -> Deal:
    """An offer of one."""
    return dealing.offered("100.00")


def decided_by_bank() -> Deal:
    """The bank agreed to the deposit, and its call is still on its way."""
    deal = two(paying.LATER)
    dealing.bank().answer(deal.charges[0].reference, agreed=True)
    return deal


def of_payment(deal: Deal) -> str:
    return f"payments/{deal.charges[0].pk}/"


ACTS = (
    Act("offer with its deposit", offers.make_offer, dealing.nobody, "client", OFFER.format, new_offer),
    Act("pay a deposit in another way", offers.pay_deposit, lambda: two(paying.DECLINES), "client", at("deposit/"),
        with_another_card),
    Act("agree to a charge", payments.agree, lambda: two(paying.CONFIRMS), "client", of_payment,
        posts("csrfmiddlewaretoken", answer="confirm")),
    Act("call a charge off", payments.call_off, lambda: two(paying.CONFIRMS), "client", of_payment,
        posts("csrfmiddlewaretoken", answer="cancel")),
    Act("ask after a charge", payments.confirm, decided_by_bank, "client", of_payment,
        posts("csrfmiddlewaretoken", answer="check")),
    Act("change an offer, charging more", offers.change_offer, two, "client", at("offer/?open"), first_for("130.00")),
    Act("change an offer, giving back", offers.change_offer, two, "client", at("offer/?open"), first_for("70.00")),
    Act("accept an offer", offers.accept_offer, two, "talent", at("answer/"), posts("version")),
    Act("decline an offer", offers.decline_offer, one, "talent", at("answer/"),
        posts("reason", decline="1", reason="No time.")),
    Act("withdraw an offer", offers.withdraw_offer, one, "client", at("withdrawal/"), posts("csrfmiddlewaretoken")),
    Act("accept a proposal", proposals.accept_proposal, worked_together, "client", at("proposal/"), posts("key")),
    Act("make an offer of a proposal", proposals.turn_into_offer, worked_together, "client", at("offer/?open"),
        first_for("90.00")),
    Act("fund", funding.fund_milestone, lambda: left_over("100.00", "100.00", "50.00"), "client",
        of_step(2, "funding/"), posts("key")),
    Act("fund from the leftover and a charge", funding.fund_milestone, lambda: left_over("60.00", "100.00", "50.00"),
        "client", of_step(2, "funding/"), posts("key")),
    Act("fund from the leftover alone", funding.fund_milestone, lambda: left_over("40.00", "100.00", "50.00"),
        "client", of_step(2, "funding/"), posts("key")),
    Act("release all", release.release, submitted, "client", of_step(1, "review/"), typed_amount("100.00")),
    Act("release a part", release.release, submitted, "client", of_step(1, "review/"), typed_amount("33.33")),
    Act("release without a submission", release.release, lambda: dealing.agreed("100.00"), "client",
        of_step(1, "review/"), typed_amount("100.00")),
    Act("bonus", bonus.pay_bonus, lambda: dealing.agreed("100.00"), "client", at("bonus/"),
        posts("note", amount="25.00", note="Thanks")),
    Act("end, paying all", settlement.end_as_client, submitted, "client", at("end/"), posts("held", choice="all")),
    Act("end, paying a part", settlement.end_as_client, submitted, "client", at("end/"),
        posts("held", choice="part", amount="20.00", reason="We stop.")),
    Act("end as talent", settlement.end_as_talent, submitted, "talent", at("end/"), posts("held", reason="I stop.")),
    Act("approve a refund", settlement.approve_refund, asked, "talent", at("refund/"), posts("decision", "approve")),
    Act("counter a refund", settlement.counter_refund, asked, "talent", at("refund/"),
        posts("decision", "counter", amount="30.00", answer="Half is done.")),
    Act("accept a counter", settlement.accept_counter, countered, "client", at("refund/"),
        posts("decision", "accept")),
    Act("give money back", money_back.agree_to_money_back, asked_back, "talent", at("money-back/"),
        posts("decision", "agree")),
    Act("accept a split", splits.accept_split, disputed, "client", at("dispute/"), posts("decision", "accept")),
    Act("withdraw earnings", withdrawal.withdraw, lambda: earned("100.00"), "talent", at("/balance/withdrawal/"),
        posts("amount", amount="60.00")),
)  # fmt: skip
