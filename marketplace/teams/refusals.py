"""Why something cannot be done to a team. Each says so to the user."""

from django.utils.translation import gettext_lazy as _

from marketplace.operations import PeopleError


class NotALead(PeopleError):
    """The role does not allow it (domain.md, roles)."""

    message = _("Who is on this team is decided by the owners of a client and the managers of an agency.")


class Changed(PeopleError):
    """What the page showed does not hold any more."""

    message = _("This changed while you were looking at it. Nothing was done: look again, then decide.")


class LastLead(Changed):
    """Somebody always decides."""

    message = _("Nobody else could decide about this team then. Give somebody else that role first.")


class InvitationOver(Changed):
    """An invitation is answered once, and in time."""

    message = _("This invitation is not open any more. Ask for a new one.")


class NotForYou(PeopleError):
    """An invitation is answered by whoever confirmed the address that it went to."""

    message = _("This invitation went to another address. Sign in with that one to answer it.")


class UnknownRole(PeopleError):
    message = _("There is no such role on this team. Choose one from the list.")


class OnTheTeam(PeopleError):
    message = _("Somebody with this address is on the team already.")


class InvitedOtherwise(PeopleError):
    message = _("This address is invited with another role. Withdraw that invitation first.")


class TeamFull(PeopleError):
    message = _("A team has at most 100 people, those who are invited included. Remove somebody first.")


class OtherSide(PeopleError):
    """S12: nobody is on both sides of a contract."""

    message = _(
        "Whoever has this address acts for the other side of one of your contracts, so they cannot join this team. "
        "Nobody is on both sides of a contract."
    )


class OnBothSides(OtherSide):
    """The same, said to whom it is about."""

    message = _(
        "You act for the other side of one of this party's contracts, so you cannot join it. "
        "Nobody is on both sides of a contract."
    )
