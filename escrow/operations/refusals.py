"""What operations on payments refuse. The text is for the user: what happened and what to do."""

from django.utils.translation import gettext_lazy as _


class PaymentError(Exception):
    """An operation on a payment or payment method was refused and nothing happened."""

    text = _("This payment could not be made.")

    def __init__(self, text: str = "") -> None:
        super().__init__(text or self.text)

    def __str__(self) -> str:
        return str(self.args[0])


class AlreadyOpen(PaymentError):
    """One payment for a subject at a time."""

    text = _("A payment for this is already under way. Wait until it is settled.")


class PaymentKeyReused(PaymentError):
    """The same key never stands for two payments."""

    text = _("This form was already used for another payment. Open the page again.")


class MethodNotUsable(PaymentError):
    """The payment method was removed, belongs to somebody else, or cannot do this."""

    text = _("This payment method cannot be used here. Choose another one.")


class MethodInUse(PaymentError):
    """A payment method is kept while a payment with it is open."""

    text = _("A payment with this payment method is under way. Remove it once the payment is settled.")


class OtherKind(PaymentError):
    """Clients pay with cards, talent is paid out to bank accounts."""

    text = _("This is another kind of payment method than can be used here: cards pay, bank accounts are paid.")


class MoreThanCharged(PaymentError):
    """A charge is given back at most once."""

    text = _("That is more than is left of this charge.")


class NotEnough(PaymentError):
    """No account of a party goes below zero (B26)."""

    text = _("There is not that much available. Enter a smaller amount.")


class NothingToRefund(PaymentError):
    """A refund is begun again while its money lies in credit, and a charge is there to take it."""

    text = _("There is nothing to send again: it is on its way or has arrived, or no charge is left to take it.")


class ProviderSilent(PaymentError):
    """The gateway does not answer."""

    text = _("The payment provider does not answer. Nothing was changed; try again in a few minutes.")


class ProviderGone(PaymentError):
    """The gateway at which it began is not in use any more."""

    text = _("This began at a payment provider that Cairn does not use any more. Nothing was changed; write to us.")
