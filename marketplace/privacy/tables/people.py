"""What is kept of people themselves: how they sign in, what they are called, for whom they act. Data only."""

from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat

from marketplace.models import NOWHERE
from marketplace.privacy.kept import Fate, Person, Table, Why, alone, by, of_money, of_team

OWNER, OWNER_AND_STAFF, NOBODY = "its owner", "its owner, staff", "nobody"
DEALT_WITH = "their team, the other sides of their contracts, staff"
SENT_TO_NOBODY = Concat(Cast("pk", CharField()), Value(NOWHERE))


def themselves(person: Person) -> Q:
    return Q(pk=person.user.pk)


def invited(person: Person) -> Q:
    """At an address of theirs."""
    return Q(email__in=person.addresses)


def invited_or_inviting(person: Person) -> Q:
    return Q(email__in=person.addresses) | Q(by=person.user)


PEOPLE = (
    Table(
        "marketplace.User", Why.ACCOUNT, DEALT_WITH,
        {
            "email": "what they sign in with and are written to at; shown to nobody but their team and staff",
            "name": "what others read wherever they did something",
            "password": "its hash (Argon2id)",
            "time_zone": "on whose clock they read",
        },
        whose=themselves, facts="date_joined last_login", kept_back="password", fate=Fate.BY_HAND,
        because="the name becomes “Former member” and four characters of chance, the email one that leads nowhere, the "
        "rest empty; the row itself stays, for what they did to lead to",
    ),
    Table(
        "marketplace.User_groups", Why.ANSWERABLE, "staff", {}, fate=Fate.BY_HAND,
        because="staff leave their groups before they can close an account",
    ),
    Table(
        "account.EmailAddress", Why.ACCOUNT, OWNER_AND_STAFF,
        {"email": "an address of theirs, confirmed or about to be"},
        whose=by("user"), facts="verified primary", fate=Fate.DELETED,
    ),
    Table(
        "account.EmailConfirmation", Why.ACCOUNT, NOBODY, {"key": "what a link in a mail carried"},
        erased=by("email_address__user"), fate=Fate.DELETED,
        because="not used: links carry a signature, and no row is written",
    ),
    Table(
        "mfa.Authenticator", Why.ACCOUNT, "its owner; staff see that there is one",
        {"data": "secret of an app, seed of recovery codes, encrypted"},
        whose=by("user"), facts="type created_at last_used_at", kept_back="data", fate=Fate.DELETED,
    ),
    Table(
        "usersessions.UserSession", Why.SAFETY, OWNER_AND_STAFF,
        {
            "ip": "from where they signed in", "user_agent": "with which browser", "session_key": "which session",
            "data": "nothing as yet",
        },
        whose=by("user"), facts="created_at last_seen_at", kept_back="session_key data", fate=Fate.DELETED,
    ),
    Table(
        "sessions.Session", Why.SAFETY, NOBODY,
        {
            "session_key": "what the cookie says",
            "session_data": "who is signed in and since when; what they typed before they were asked for a password",
        },
        fate=Fate.BY_HAND, because="deleted with the session that it is",
    ),
    Table(
        "marketplace.Party", Why.AGREED, DEALT_WITH, {"name": "what a side of a contract is called; often a person's"},
        whose=by("memberships__user"), facts="kind created_at", fate=Fate.BY_HAND,
        because="renamed like the person where nobody else acts for it; another's stays as it is",
    ),
    Table(
        "marketplace.TaxDetails", Why.MONEY, "the party, both sides on an invoice, staff",
        {
            "legal_name": "for invoices", "address": "for invoices", "country": "for invoices",
            "tax_number": "for invoices",
        },
        whose=of_money("party"), facts="party__name", erased=alone("party"), fate=Fate.DELETED,
        because="an invoice keeps what it said on its day",
    ),
    Table(
        "marketplace.Membership", Why.TEAM, DEALT_WITH, {},
        whose=by("user"), facts="party__name role created_at", fate=Fate.DELETED,
    ),
    Table(
        "marketplace.Invitation", Why.INVITED, "who leads the team, who was invited, staff",
        {"email": "where it went"},
        whose=invited, facts="party__name role status created_at expires_at", erased=invited_or_inviting,
        becomes={"email": SENT_TO_NOBODY},
        because="also of those that they sent: such an address is somebody else's",
    ),
    Table(
        "marketplace.TeamEvent", Why.TEAM, "the team, staff", {},
        whose=lambda person: Q(by=person.user) | Q(person=person.user), facts="party__name kind role role_before at",
    ),
    Table(
        "marketplace.Job", Why.AGREED, "the client's team, talents whom it was offered to, staff",
        {"title": "what is to be done", "description": "the same at length"},
        whose=of_team("client"), facts="created_at",
    ),
    Table(
        "marketplace.Erasure", Why.ANSWERABLE, "staff", {},
        because="that, when, and on whose wish; by it an erasing is done again after an older copy was restored",
    ),
)  # fmt: skip
