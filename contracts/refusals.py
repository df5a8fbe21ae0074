"""What every refusal has in common. A refusal is a rule that says no; its text is for the user."""

from django.utils.translation import gettext_lazy as _


class ContractError(Exception):
    """An operation was refused and nothing happened. `text` says what happened and what to do."""

    text = _("This could not be done.")

    def __init__(self, text: str = "") -> None:
        super().__init__(text or self.text)

    def __str__(self) -> str:
        return str(self.args[0])


class NotAllowed(ContractError):
    """The role does not allow it (domain.md, roles)."""

    text = _("You cannot do this on this contract. Ask somebody of your team who manages it.")


class WrongState(ContractError):
    """The contract's state does not allow it."""

    text = _("The contract is not active, so its plan can no longer be changed.")


class Disputed(WrongState):
    """An open dispute freezes the money (B44)."""

    text = _("A dispute is open, so the money is frozen until it is decided.")


class Frozen(WrongState):
    """Staff have stopped the contract."""

    text = _("Cairn has frozen this contract. Until it goes on this cannot be done, and every deadline stands still.")


class Stale(WrongState):
    """What the page showed does not hold any more; the page is to be shown anew."""

    text = _("This changed while you were looking at it. Nothing was done: look again, then decide.")


class KeyReused(Stale):
    """The key of a form never stands for two wishes (I17)."""

    text = _("This form was already used for something else, so nothing was done now. Open the page again.")


class ReasonMissing(ContractError):
    """Who asks for changes, wants money back or disputes says why."""

    text = _("Say why: the other side reads it.")


class NoMethod(ContractError):
    """There is something to charge, and nothing to charge it to."""

    text = _("Choose what to pay with. You can add a card under Payment methods.")
