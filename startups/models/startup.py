"""Startups, what they need, and the solutions they offer."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.models import Orderable
from wagtail.search import index

from core import dates
from core.languages import Pair
from startups.enums import (
    FundingStage,
    NeedKind,
    SiteMounting,
    SiteNetwork,
    SitePower,
    SizeBand,
    Stage,
)
from startups.models.listing import Listing, OrganisationProfile, PublicPerson
from startups.querysets import ListingQuerySet, NeedQuerySet, SolutionQuerySet

if TYPE_CHECKING:
    from datetime import datetime


class Startup(OrganisationProfile):
    """Public profile of a startup organisation."""

    PREVIEW_TEMPLATE = "startups/startup_detail.html"

    tagline_fr = models.CharField(_("in one sentence (French)"), max_length=255)
    tagline_en = models.CharField(_("in one sentence (English)"), max_length=255, blank=True)
    about_fr = models.TextField(_("about (French)"))
    about_en = models.TextField(_("about (English)"), blank=True)
    size_band = models.CharField(_("size"), max_length=8, choices=SizeBand, blank=True)
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, default=Stage.PROTOTYPE)
    funding_stage = models.CharField(_("funding"), max_length=14, choices=FundingStage, blank=True)

    tagline = Pair("tagline")
    about = Pair("about")

    objects = ListingQuerySet.as_manager()

    search_fields: ClassVar = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.SearchField("tagline_fr"),
        index.FilterField("live"),
        index.FilterField("state"),
    ]

    class Meta(OrganisationProfile.Meta):
        verbose_name = _("startup")
        verbose_name_plural = _("startups")
        ordering = ["name", "pk"]

    def get_absolute_url(self) -> str:
        """The public page, in the active language."""
        return reverse("startup_detail", args=[self.slug])

    def preview_context(self, now: datetime) -> dict[str, Any]:
        """What the public page shows."""
        # The view imports the models.
        from startups.views.public import startup_context

        return startup_context(self)


class StartupPerson(PublicPerson):
    """Somebody of a startup, by role."""

    startup = ParentalKey(Startup, on_delete=models.CASCADE, related_name="people")

    class Meta(PublicPerson.Meta):
        verbose_name = _("person")
        verbose_name_plural = _("people")


class Need(models.Model):
    """Something a startup looks for, with words and an expiry.

    Written by verbs, not by the startup's revisions: answers lean on the row.
    """

    startup = models.ForeignKey(
        Startup, verbose_name=_("startup"), on_delete=models.CASCADE, related_name="needs"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=NeedKind)
    text_fr = models.CharField(_("in words (French)"), max_length=300)
    text_en = models.CharField(_("in words (English)"), max_length=300, blank=True)
    expires_on = models.DateField(_("until"), null=True, blank=True)
    met_at = models.DateTimeField(_("taken down"), null=True, blank=True)
    closed_reason = models.CharField(_("why a moderator closed it"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    text = Pair("text")

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        ordering = ["-created_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=NeedKind.values), name="need_kind_known")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.text}"


class Solution(Listing):
    """What a startup offers; a challenge is matched with solutions."""

    PREVIEW_TEMPLATE = "startups/solution_detail.html"

    startup = models.ForeignKey(
        Startup, verbose_name=_("startup"), on_delete=models.PROTECT, related_name="solutions"
    )
    name_fr = models.CharField(_("name (French)"), max_length=160)
    name_en = models.CharField(_("name (English)"), max_length=160, blank=True)
    problem_fr = models.TextField(_("problem solved (French)"))
    problem_en = models.TextField(_("problem solved (English)"), blank=True)
    how_fr = models.TextField(_("how it works (French)"))
    how_en = models.TextField(_("how it works (English)"), blank=True)
    trl = models.PositiveSmallIntegerField(
        _("maturity (TRL)"),
        validators=[MinValueValidator(1), MaxValueValidator(9)],
        help_text=_("Technology readiness level, 1 to 9."),
    )
    trl_evidence_fr = models.TextField(_("evidence of maturity (French)"), blank=True)
    trl_evidence_en = models.TextField(_("evidence of maturity (English)"), blank=True)
    ip_fr = models.CharField(_("intellectual property (French)"), max_length=255, blank=True)
    ip_en = models.CharField(_("intellectual property (English)"), max_length=255, blank=True)
    sees_people = models.BooleanField(_("sees people"), default=False)
    privacy_fr = models.TextField(_("privacy (French)"), blank=True)
    privacy_en = models.TextField(_("privacy (English)"), blank=True)
    site_needs_fr = models.TextField(_("needs on site (French)"), blank=True)
    site_needs_en = models.TextField(_("needs on site (English)"), blank=True)
    site_power = models.CharField(_("power"), max_length=8, choices=SitePower, blank=True)
    site_network = models.CharField(_("network"), max_length=8, choices=SiteNetwork, blank=True)
    site_mounting = models.CharField(_("mounting"), max_length=8, choices=SiteMounting, blank=True)
    site_area = models.DecimalField(
        _("area (m²)"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    price_fr = models.CharField(_("price range (French)"), max_length=160, blank=True)
    price_en = models.CharField(_("price range (English)"), max_length=160, blank=True)
    certifications = models.CharField(_("certifications"), max_length=255, blank=True)
    themes = ParentalManyToManyField("taxonomy.Theme", verbose_name=_("themes"), blank=True)

    name = Pair("name")
    problem = Pair("problem")
    how = Pair("how")
    trl_evidence = Pair("trl_evidence")
    ip = Pair("ip")
    privacy = Pair("privacy")
    site_needs = Pair("site_needs")
    price = Pair("price")

    objects = SolutionQuerySet.as_manager()

    search_fields: ClassVar = [
        index.SearchField("name_fr"),
        index.SearchField("name_en"),
        index.AutocompleteField("name_fr"),
        index.AutocompleteField("name_en"),
        index.FilterField("live"),
    ]

    class Meta(Listing.Meta):
        verbose_name = _("solution")
        verbose_name_plural = _("solutions")
        ordering = ["name_fr", "pk"]
        constraints = [
            *Listing.Meta.constraints,
            models.CheckConstraint(condition=Q(trl__range=(1, 9)), name="solution_trl_in_scale"),
            models.CheckConstraint(
                condition=Q(site_area__isnull=True) | Q(site_area__gte=0),
                name="solution_area_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The public page, in the active language."""
        return reverse("solution_detail", args=[self.slug])

    def preview_context(self, now: datetime) -> dict[str, Any]:
        """What the public page shows."""
        # The view imports the models.
        from startups.views.public import solution_context

        return solution_context(self)


class Deployment(Orderable):
    """A place where a solution has already run."""

    solution = ParentalKey(Solution, on_delete=models.CASCADE, related_name="deployments")
    place = models.CharField(_("place"), max_length=160)
    year = models.PositiveSmallIntegerField(_("year"))
    month = models.PositiveSmallIntegerField(
        _("month"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    has_contact = models.BooleanField(
        _("contact on request"),
        default=False,
        help_text=_("Whoever asks is put in touch by you: no name is published."),
    )
    result_fr = models.CharField(_("result (French)"), max_length=300, blank=True)
    result_en = models.CharField(_("result (English)"), max_length=300, blank=True)

    result = Pair("result")

    class Meta(Orderable.Meta):
        verbose_name = _("deployment")
        verbose_name_plural = _("deployments")
        constraints = [
            models.CheckConstraint(condition=Q(year__gte=1950), name="deployment_year_plausible"),
            models.CheckConstraint(
                condition=Q(month__isnull=True) | Q(month__range=(1, 12)),
                name="deployment_month_of_year",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} ({self.year})"

    @property
    def when(self) -> str:
        """Its month when it is known, else its year."""
        return dates.month_of(date(self.year, self.month, 1)) if self.month else str(self.year)


class SolutionFile(Orderable):
    """A picture or a PDF that shows a solution."""

    solution = ParentalKey(Solution, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey(
        "files.StoredFile", verbose_name=_("file"), on_delete=models.PROTECT, related_name="+"
    )
    caption_fr = models.CharField(_("what it shows (French)"), max_length=200)
    caption_en = models.CharField(_("what it shows (English)"), max_length=200, blank=True)

    caption = Pair("caption")

    class Meta(Orderable.Meta):
        verbose_name = _("picture or document")
        verbose_name_plural = _("pictures and documents")
        constraints = [
            models.CheckConstraint(condition=~Q(caption_fr=""), name="solution_file_is_described")
        ]

    def __str__(self) -> str:
        return str(self.caption)
