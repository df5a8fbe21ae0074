"""What people do about themselves: join, found a party, change their settings. Knows no contract and no request."""

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.models import MANAGES_MONEY, ROLES_OF_KIND, Membership, Party, PartyKind, TaxDetails, User
from marketplace.time_zones import UTC, is_zone


class PeopleError(Exception):
    """Something that a person cannot do; `message` says why and what to do, in the user's language."""

    message = _("That cannot be done.")

    def __str__(self) -> str:
        return str(self.message)


class EmailTaken(PeopleError):
    message = _("Somebody already signs in with this email.")


class UnknownTimeZone(PeopleError):
    message = _("That is not a time zone Cairn knows. Choose one from the list.")


class NotTheirs(PeopleError):
    message = _("You do not decide about this party's money. Ask somebody of it who does.")


class UnknownKind(PeopleError):
    message = _("A party is a client, a freelancer or an agency. Choose one of them.")


@transaction.atomic
def sign_up(
    *, email: str, password: str, name: str, kind: str, party_name: str = "", time_zone: str = UTC,
    email_verified: bool = False,
) -> User:  # fmt: skip
    """A person joins Cairn and founds the party that they will act for.

    Without `party_name` the party bears the person's own name. Raises EmailTaken, UnknownKind and UnknownTimeZone.
    """
    user = join(email=email, password=password, name=name, time_zone=time_zone, email_verified=email_verified)
    found_party(by=user, kind=kind, name=party_name or name)
    return user


@transaction.atomic
def join(*, email: str, password: str, name: str, time_zone: str = UTC, email_verified: bool = False) -> User:
    """A person joins Cairn and founds nothing: they are about to join somebody's team.

    Raises EmailTaken and UnknownTimeZone.
    """
    user = _new_user(email=email.lower(), password=password, name=name, time_zone=_known(time_zone))
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=email_verified)
    return user


@transaction.atomic
def found_party(*, by: User, kind: str, name: str) -> Party:
    """A person founds a party and becomes the one who decides for it. Raises UnknownKind."""
    if kind not in PartyKind.values:
        raise UnknownKind
    party = Party.objects.create(kind=kind, name=name)
    Membership.objects.create(user=by, party=party, role=ROLES_OF_KIND[PartyKind(kind)][0])
    return party


def change_settings(*, by: User, name: str, time_zone: str) -> None:
    """A person changes their name and the time zone in which they read dates. Raises UnknownTimeZone."""
    by.name, by.time_zone = name, _known(time_zone)
    by.save(update_fields=["name", "time_zone"])


@transaction.atomic
def change_tax_details(
    *, by: User, party: Party, legal_name: str, address: str, country: str, tax_number: str
) -> TaxDetails:
    """Somebody who decides about a party's money says what its invoices name from now on. Raises NotTheirs.

    Invoices that were issued keep what they said.
    """
    Party.objects.select_for_update(no_key=True).only("pk").get(pk=party.pk)
    if not party.memberships.filter(user=by, user__is_active=True, role__in=MANAGES_MONEY).exists():
        raise NotTheirs
    said = {"legal_name": legal_name, "address": address, "country": country, "tax_number": tax_number}
    return TaxDetails.objects.update_or_create(party=party, defaults=said)[0]


def _new_user(*, email: str, password: str, **fields: str) -> User:
    """The database decides whether the email is free: two people may sign up with it at once."""
    try:
        with transaction.atomic():
            return User.objects.create_user(email, password, **fields)
    except IntegrityError as error:
        raise EmailTaken from error


def _known(time_zone: str) -> str:
    if not is_zone(time_zone):
        raise UnknownTimeZone
    return time_zone
