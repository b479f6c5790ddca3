"""People, organisations, and who belongs to what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts.enums import InvitationState, JoinRequestState, OwnershipOfferState
from core.accounts.querysets import (
    InvitationQuerySet,
    JoinRequestQuerySet,
    MembershipQuerySet,
    OwnershipOfferQuerySet,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

NEQ_FORM = r"^(11|22|33|88)\d{8}$"


class UserManager(BaseUserManager["User"]):
    """Makes users; an address is kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A user with ``email``; without a password no one can log in by password."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A user who may do everything."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person; the e-mail address is the login."""

    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=[("fr", "Français"), ("en", "English")], default="fr"
    )
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("city staff"), default=False)
    is_demo = models.BooleanField(_("demonstration account"), default=False)
    has_throw_away_address = models.BooleanField(
        _("throw-away address"),
        default=False,
        editable=False,
        help_text=_("Its domain gives addresses for an hour; moderators look at what it posts."),
    )
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
            models.CheckConstraint(condition=Q(language__in=["fr", "en"]), name="user_language"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """The name, or the address when there is none."""
        return self.name or self.email

    def get_short_name(self) -> str:
        """The same: a first name is not asked for."""
        return self.get_full_name()


class OrganisationKind(models.TextChoices):
    """What an organisation is."""

    STARTUP = "startup", _("Startup")
    SUPPORT = "support", _("Support organisation")
    CITY = "city", _("City department")
    PARTNER = "partner", _("Partner")


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Organisations, reached through their members."""

    def of_member(self, user: User | AnonymousUser) -> Self:
        """Those that ``user`` belongs to, by name."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(memberships__user=user).distinct().order_by("name", "pk")

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The account of an organisation is its members' own business."""
        return self.of_member(user)

    def active(self) -> Self:
        """Those that are not closed: one acts in the name of these only."""
        return self.filter(closed_at__isnull=True)

    def without_owner(self) -> Self:
        """Those, not closed, of which no owner can sign in."""
        return self.active().exclude(pk__in=Membership.objects.owners().values("organisation"))


class Organisation(models.Model):
    """Whoever signs: people belong to it by membership."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("address"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=OrganisationKind)
    neq = models.CharField(
        _("Québec enterprise number (NEQ)"),
        max_length=10,
        blank=True,
        help_text=_("Ten digits beginning with 11, 22, 33 or 88."),
    )
    email_domain = models.CharField(_("e-mail domain"), max_length=120, blank=True)
    website = models.URLField(_("web site"), blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=[("fr", "Français"), ("en", "English")], default="fr"
    )
    is_demo = models.BooleanField(_("demonstration"), default=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=OrganisationKind.values), name="organisation_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(neq="") | Q(neq__regex=NEQ_FORM), name="organisation_neq_form"
            ),
            # A closed organisation gives its number back.
            models.UniqueConstraint(
                fields=["neq"],
                condition=~Q(neq="") & Q(closed_at__isnull=True),
                name="organisation_neq_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member may do, see :mod:`core.accounts.rules`."""

    OWNER = "owner", _("Owner")
    EDITOR = "editor", _("Editor")
    FINANCE = "finance", _("Finance")
    VIEWER = "viewer", _("Viewer")


class Membership(models.Model):
    """A person in an organisation."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=8, choices=Role, default=Role.VIEWER)
    since = models.DateTimeField(_("since"), auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation"], name="membership_once"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation} ({self.get_role_display()})"


def settled_has_instant(name: str) -> models.CheckConstraint:
    """Of what is asked and answered once: no instant while it waits, one afterwards."""
    return models.CheckConstraint(
        condition=Q(state="pending", settled_at__isnull=True)
        | ~Q(state="pending") & Q(settled_at__isnull=False),
        name=name,
    )


class JoinRequest(models.Model):
    """Somebody asks to belong to an organisation; one of its owners answers, once."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="join_requests"
    )
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="join_requests")
    message = models.TextField(_("message"), blank=True, max_length=500)
    state = models.CharField(
        _("state"), max_length=9, choices=JoinRequestState, default=JoinRequestState.PENDING
    )
    asked_at = models.DateTimeField(_("asked"))
    answer_by = models.DateTimeField(_("to be answered by"))
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to join")
        verbose_name_plural = _("requests to join")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=JoinRequestState.values), name="join_request_state_known"
            ),
            models.UniqueConstraint(
                fields=["organisation", "person"],
                condition=Q(state=JoinRequestState.PENDING),
                name="join_request_one_pending",
            ),
            settled_has_instant("join_request_settled_has_instant"),
            models.CheckConstraint(
                condition=Q(answer_by__gt=F("asked_at")), name="join_request_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} → {self.organisation}"


class Invitation(models.Model):
    """An address is asked to belong to an organisation; the link serves once, for a while.

    ``mails`` counts how often the link was sent. Its ``email`` is in lower case.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="invitations"
    )
    email = models.EmailField(_("e-mail address"), max_length=254)
    role = models.CharField(_("role"), max_length=8, choices=Role)
    state = models.CharField(
        _("state"), max_length=8, choices=InvitationState, default=InvitationState.PENDING
    )
    invited_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    invited_at = models.DateTimeField(_("invited"))
    answer_by = models.DateTimeField(_("to be answered by"))
    mails = models.PositiveSmallIntegerField(_("mails sent"), default=1)
    last_mail_at = models.DateTimeField(_("last mail"))
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-invited_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=InvitationState.values), name="invitation_state_known"
            ),
            models.CheckConstraint(
                condition=Q(role__in=[Role.EDITOR, Role.FINANCE, Role.VIEWER]),
                name="invitation_role_at_the_door",
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="invitation_email_lower"
            ),
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=Q(state=InvitationState.PENDING),
                name="invitation_one_pending",
            ),
            settled_has_instant("invitation_settled_has_instant"),
            models.CheckConstraint(
                condition=Q(answer_by__gt=F("invited_at")), name="invitation_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} → {self.email}"


class OwnershipOffer(models.Model):
    """An owner asks a member to own the organisation too, or in their place."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="ownership_offers"
    )
    offered_by = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="ownership_offers_made"
    )
    offered_to = models.ForeignKey(User, on_delete=models.CASCADE, related_name="ownership_offers")
    stays_owner = models.BooleanField(_("the one who offers stays an owner"), default=False)
    state = models.CharField(
        _("state"), max_length=9, choices=OwnershipOfferState, default=OwnershipOfferState.PENDING
    )
    offered_at = models.DateTimeField(_("offered"))
    answer_by = models.DateTimeField(_("to be answered by"))
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    objects = OwnershipOfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer of ownership")
        verbose_name_plural = _("offers of ownership")
        ordering = ["-offered_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=OwnershipOfferState.values), name="offer_state_known"
            ),
            models.UniqueConstraint(
                fields=["organisation", "offered_to"],
                condition=Q(state=OwnershipOfferState.PENDING),
                name="offer_one_pending",
            ),
            models.CheckConstraint(
                condition=~Q(offered_by=F("offered_to")), name="offer_to_somebody_else"
            ),
            settled_has_instant("offer_settled_has_instant"),
            models.CheckConstraint(
                condition=Q(answer_by__gt=F("offered_at")), name="offer_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.offered_by} → {self.offered_to}"
