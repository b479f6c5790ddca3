"""What every public profile of the directory shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.models import Orderable

from core.languages import LANGUAGES, Pair
from core.records import EditorialRecord
from startups.enums import ListingState
from startups.validators import validate_links, validate_public_address

if TYPE_CHECKING:
    from wagtail.models import Revision


def default_languages() -> list[str]:
    """French, until someone says more."""
    return ["fr"]


class Listing(EditorialRecord):
    """A public profile: its address, who speaks for it, and when it was last confirmed."""

    KEPT_FIELDS: ClassVar[tuple[str, ...]] = (
        *("state", "verified_on", "organisation"),
        *("closed_on", "merged_into", "status_note_fr", "status_note_en"),
    )

    slug = models.SlugField(_("address"), max_length=120, unique=True)
    state = models.CharField(
        _("listing"), max_length=12, choices=ListingState, default=ListingState.UNCLAIMED
    )
    organisation = models.ForeignKey(
        "accounts.Organisation",
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="%(class)ss",
    )
    verified_on = models.DateField(_("last confirmed on"), null=True, blank=True)
    is_example = models.BooleanField(
        _("example"), default=False, help_text=_("Invented for the demonstration; marked as such.")
    )
    languages = models.JSONField(_("languages"), default=default_languages, blank=True)
    closed_on = models.DateField(_("closed or merged on"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged_from",
    )
    status_note_fr = models.CharField(_("closing or merger (French)"), max_length=300, blank=True)
    status_note_en = models.CharField(_("closing or merger (English)"), max_length=300, blank=True)

    status_note = Pair("status_note")

    class Meta(EditorialRecord.Meta):
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ListingState.values), name="%(class)s_state_known"
            ),
            models.CheckConstraint(condition=~Q(slug=""), name="%(class)s_has_slug"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("pk")),
                name="%(class)s_not_own_heir",
            ),
        ]

    @property
    def language_codes(self) -> list[str]:
        """Languages spoken, in the site's order."""
        return [code for code in LANGUAGES if code in (self.languages or [])]

    def with_content_json(self, content: dict[str, Any]) -> Self:
        """Its address too is a verb's affair, once it was public."""
        record = super().with_content_json(content)
        if self.first_published_at is not None:
            record.slug = self.slug
        return record

    def publish_by_verb(self, revision: Revision, user: Any, go_live: Any) -> None:
        """Every path publishes through the one verb."""
        # The verb imports the models.
        from startups.domain.publication import publish_listing

        publish_listing(listing=self, revision=revision, actor=user, go_live=go_live)


class OrganisationProfile(Listing):
    """What the profiles of organisations share: who they are and where they are found."""

    name = models.CharField(_("name"), max_length=200)
    neq = models.CharField(
        _("enterprise number (NEQ)"),
        max_length=10,
        blank=True,
        validators=[RegexValidator(r"^\d{10}$", _("An enterprise number has ten digits."))],
    )
    founded_year = models.PositiveSmallIntegerField(_("founded in"), null=True, blank=True)
    borough = models.ForeignKey(
        "taxonomy.Borough",
        verbose_name=_("borough"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="%(class)ss",
    )
    website = models.URLField(_("web site"), blank=True)
    links = models.JSONField(
        _("other links"),
        default=list,
        blank=True,
        validators=[validate_links],
        help_text=_("One address per line."),
    )
    logo = models.ForeignKey(
        "files.StoredFile",
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    logo_alt_fr = models.CharField(_("what the logo shows (French)"), max_length=160, blank=True)
    logo_alt_en = models.CharField(_("what the logo shows (English)"), max_length=160, blank=True)
    sectors = models.JSONField(_("sectors"), default=list, blank=True)
    themes = ParentalManyToManyField("taxonomy.Theme", verbose_name=_("themes"), blank=True)

    logo_alt = Pair("logo_alt")

    class Meta(Listing.Meta):
        abstract = True
        constraints = [
            *Listing.Meta.constraints,
            models.CheckConstraint(
                condition=Q(founded_year__isnull=True) | Q(founded_year__gte=1800),
                name="%(class)s_founded_plausible",
            ),
            models.CheckConstraint(
                condition=Q(logo__isnull=True) | ~Q(logo_alt_fr=""),
                name="%(class)s_logo_is_described",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """A logo is nothing to whoever does not see it, unless it is said in words."""
        super().clean()
        if self.logo_id and not self.logo_alt_fr.strip():
            raise ValidationError(
                {"logo_alt_fr": _("Say in words what the logo shows, for those who do not see it.")}
            )


class PublicPerson(Orderable):
    """Somebody one may turn to, by role; the address is the organisation's, never a private one."""

    name = models.CharField(_("name"), max_length=120, blank=True)
    role_fr = models.CharField(_("role (French)"), max_length=120)
    role_en = models.CharField(_("role (English)"), max_length=120, blank=True)
    email = models.EmailField(
        _("public address"),
        blank=True,
        validators=[validate_public_address],
        help_text=_("An address of the organisation, which anyone may read."),
    )

    role = Pair("role")

    class Meta(Orderable.Meta):
        abstract = True
        constraints = [
            models.CheckConstraint(condition=~Q(role_fr=""), name="%(class)s_has_a_role")
        ]

    def __str__(self) -> str:
        return f"{self.role} · {self.name}" if self.name else str(self.role)
