"""People and the parties they act for. Knows no contract and no money."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from marketplace.clock import Now

ADDRESS_LENGTH = 500


class UserManager(BaseUserManager["User"]):
    """Makes users; an email is kept in lower case, so that it is one whatever way it is typed."""

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        user = self.model(email=email.lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email=(email or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in."""

    email = models.EmailField(_("email"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    is_staff = models.BooleanField(_("staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), db_default=Now(), editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        indexes = [
            GinIndex(SearchVector("name", config="simple"), name="user_words"),
            models.Index(fields=["-id"], condition=models.Q(is_staff=True), name="user_staff"),
            models.Index(fields=["-id"], condition=models.Q(is_active=False), name="user_suspended"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_lower_case"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class PartyKind(models.TextChoices):
    CLIENT = "client", _("client")
    FREELANCER = "freelancer", _("freelancer")
    AGENCY = "agency", _("agency")


class Party(models.Model):
    """A side that can be bound by a contract: a client, a freelancer or an agency."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=PartyKind)
    name = models.CharField(_("name"), max_length=120)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        indexes = [
            GinIndex(SearchVector("name", config="simple"), name="party_words"),
            models.Index(fields=["-created_at", "-id"], name="party_latest"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=PartyKind.values), name="party_kind_valid"),
            models.CheckConstraint(condition=~models.Q(name=""), name="party_name_given"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_client(self) -> bool:
        return self.kind == PartyKind.CLIENT

    @property
    def has_team(self) -> bool:
        """Whether others can act for it as well: a freelancer is alone."""
        return self.kind != PartyKind.FREELANCER


class TaxDetails(models.Model):
    """What a party's invoices say of it besides its name. All of it is optional, and an invoice keeps what it said."""

    party = models.OneToOneField(
        Party, models.CASCADE, primary_key=True, related_name="tax_details", verbose_name=_("party")
    )
    legal_name = models.CharField(_("legal name"), max_length=120, blank=True)
    address = models.TextField(_("address"), max_length=ADDRESS_LENGTH, blank=True)
    country = models.CharField(_("country"), max_length=60, blank=True)
    tax_number = models.CharField(_("tax number"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("tax details")
        verbose_name_plural = _("tax details")

    def __str__(self) -> str:
        return self.legal_name or str(self.party)


class MemberRole(models.TextChoices):
    OWNER = "owner", _("owner")
    MANAGER = "manager", _("manager")
    MEMBER = "member", _("member")
    VIEWER = "viewer", _("viewer")


# Which roles a party of each kind gives (domain.md, roles).
ROLES_OF_KIND: dict[str, tuple[MemberRole, ...]] = {
    PartyKind.CLIENT: (MemberRole.OWNER, MemberRole.MANAGER, MemberRole.VIEWER),
    PartyKind.FREELANCER: (MemberRole.OWNER,),
    PartyKind.AGENCY: (MemberRole.MANAGER, MemberRole.MEMBER),
}
# Those who decide about their party's money: what to pay with, what to withdraw, what its invoices say.
MANAGES_MONEY = frozenset({MemberRole.OWNER, MemberRole.MANAGER})


class Membership(models.Model):
    """A user acts for a party in a role."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("user"))
    party = models.ForeignKey(Party, models.CASCADE, related_name="memberships", verbose_name=_("party"))
    role = models.CharField(_("role"), max_length=8, choices=MemberRole)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["user", "party"], name="membership_unique"),
            models.CheckConstraint(condition=models.Q(role__in=MemberRole.values), name="membership_role_valid"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.party} ({self.get_role_display()})"

    @property
    def manages_money(self) -> bool:
        return self.role in MANAGES_MONEY


class Job(models.Model):
    """What a client wants done; contracts are made under it."""

    client = models.ForeignKey(Party, models.PROTECT, related_name="jobs", verbose_name=_("client"))
    title = models.CharField(_("title"), max_length=120)
    description = models.TextField(_("description"), blank=True, max_length=5000)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [GinIndex(SearchVector("title", config="simple"), name="job_words")]
        constraints = [models.CheckConstraint(condition=~models.Q(title=""), name="job_title_given")]

    def __str__(self) -> str:
        return self.title
