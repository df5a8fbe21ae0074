"""What a payment is called where its party reads of it: what it was for, and how it stands. Knows no markup."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.models import Funding
from contracts.reading.sentences import Sentence
from contracts.reading.words import money
from escrow.models import Direction, Payment, PaymentStatus

_S = PaymentStatus
STANDING = {
    Direction.CHARGE: {
        _S.CREATED: gettext_lazy("Under way"),
        _S.ASKED: gettext_lazy("Under way"),
        _S.CONFIRMED: gettext_lazy("Charged"),
        _S.FAILED: gettext_lazy("Not charged"),
        _S.REFUNDED: gettext_lazy("Given back"),
    },
    Direction.REFUND: {
        _S.CREATED: gettext_lazy("On its way"),
        _S.ASKED: gettext_lazy("On its way"),
        _S.CONFIRMED: gettext_lazy("Refunded"),
        _S.FAILED: gettext_lazy("Not refunded"),
        _S.REFUNDED: gettext_lazy("Came back"),
    },
    Direction.PAYOUT: {
        _S.CREATED: gettext_lazy("On its way"),
        _S.ASKED: gettext_lazy("On its way"),
        _S.CONFIRMED: gettext_lazy("Sent"),
        _S.FAILED: gettext_lazy("Not sent"),
        _S.REFUNDED: gettext_lazy("Came back"),
    },
}
AWAITS_PAYER = gettext_lazy("To be confirmed")


def standing_of(payment: Payment) -> str:
    """How a payment stands, in a word or two."""
    return str(AWAITS_PAYER if payment.awaits_payer else STANDING[Direction(payment.direction)][_S(payment.status)])


def way_back(payment: Payment) -> str:
    """What became of a charge that pays for nothing: a sentence."""
    if payment.was_taken_back:
        return payment.failure
    if payment.status == _S.REFUNDED:
        text = _("%(amount)s went back to %(method)s: the contract changed meanwhile.")
    else:
        text = _("%(amount)s goes back to %(method)s: the contract changed meanwhile.")
    return text % {"amount": money(payment.amount), "method": payment.method}


def what_for(payment: Payment, funding: Funding | None) -> Sentence:
    """What was charged or given back; `funding` is what the charge funded, None when that was a bonus."""
    is_refund, milestone = payment.direction == Direction.REFUND, funding and funding.milestone
    if milestone:
        text = _("Refund of a charge for {milestone}") if is_refund else "{milestone}"
    elif funding:
        text = _("Refund of a deposit") if is_refund else _("Deposit of an offer")
    else:
        text = _("Refund of a bonus") if is_refund else _("Bonus")
    return Sentence(text, {"milestone": milestone.title if milestone else ""})
