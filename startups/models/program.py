"""Support organisations, their programs, and each dated opening."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.models import Orderable
from wagtail.search import index

from core.languages import Pair
from startups.enums import IncubatorKind, IntakeStatus, ProgramFormat
from startups.models.listing import Listing
from startups.querysets import IncubatorQuerySet, IntakeQuerySet, ProgramQuerySet

CLOSING_SOON = timedelta(days=7)


class Incubator(Listing):
    """Public profile of a support organisation."""

    PREVIEW_TEMPLATE = "startups/incubator_detail.html"

    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=12, choices=IncubatorKind)
    summary_fr = models.CharField(_("in one sentence (French)"), max_length=300)
    summary_en = models.CharField(_("in one sentence (English)"), max_length=300, blank=True)
    about_fr = models.TextField(_("about (French)"))
    about_en = models.TextField(_("about (English)"), blank=True)
    status_note_fr = models.CharField(_("closing or merger (French)"), max_length=300, blank=True)
    status_note_en = models.CharField(_("closing or merger (English)"), max_length=300, blank=True)
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged_from",
    )
    address = models.CharField(_("address"), max_length=255, blank=True)
    borough = models.ForeignKey(
        "taxonomy.Borough",
        verbose_name=_("borough"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="incubators",
    )
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    founded_year = models.PositiveSmallIntegerField(_("founded in"), null=True, blank=True)
    website = models.URLField(_("web site"), blank=True)
    offers = models.JSONField(_("offers"), default=list, blank=True)
    sectors = models.JSONField(_("sectors"), default=list, blank=True)
    sources = models.JSONField(_("sources"), default=list, blank=True)
    themes = ParentalManyToManyField("taxonomy.Theme", verbose_name=_("themes"), blank=True)

    summary = Pair("summary")
    about = Pair("about")
    status_note = Pair("status_note")

    objects = IncubatorQuerySet.as_manager()

    search_fields: ClassVar = [index.SearchField("name"), index.FilterField("live")]

    class Meta(Listing.Meta):
        verbose_name = _("support organisation")
        verbose_name_plural = _("support organisations")
        ordering = ["name", "pk"]
        constraints = [
            *Listing.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind__in=IncubatorKind.values), name="incubator_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True)
                | Q(lat__range=(-90, 90), lon__range=(-180, 180)),
                name="incubator_place_whole",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("pk")),
                name="incubator_not_own_heir",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The public page, in the active language."""
        return reverse("incubator_detail", args=[self.slug])

    def preview_context(self, now: datetime) -> dict[str, Any]:
        """What the public page shows."""
        # The view imports the models.
        from startups.views.public import incubator_context

        return incubator_context(self)


class Program(Listing):
    """What a support organisation runs."""

    PREVIEW_TEMPLATE = "startups/program_detail.html"

    incubator = models.ForeignKey(
        Incubator, verbose_name=_("run by"), on_delete=models.PROTECT, related_name="programs"
    )
    name_fr = models.CharField(_("name (French)"), max_length=200)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    summary_fr = models.CharField(_("in one sentence (French)"), max_length=300)
    summary_en = models.CharField(_("in one sentence (English)"), max_length=300, blank=True)
    about_fr = models.TextField(_("about (French)"))
    about_en = models.TextField(_("about (English)"), blank=True)
    who_fr = models.TextField(_("who may apply (French)"), blank=True)
    who_en = models.TextField(_("who may apply (English)"), blank=True)
    selection_fr = models.TextField(_("how one is chosen (French)"), blank=True)
    selection_en = models.TextField(_("how one is chosen (English)"), blank=True)
    weeks = models.PositiveSmallIntegerField(_("length in weeks"), null=True, blank=True)
    format = models.CharField(
        _("format"), max_length=10, choices=ProgramFormat, default=ProgramFormat.HYBRID
    )
    equity_percent = models.DecimalField(
        _("equity taken (%)"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    fee = models.DecimalField(
        _("fee (CAD)"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    stipend = models.DecimalField(
        _("stipend or investment (CAD)"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    stages = models.JSONField(_("stages wanted"), default=list, blank=True)
    trl_min = models.PositiveSmallIntegerField(_("TRL from"), null=True, blank=True)
    trl_max = models.PositiveSmallIntegerField(_("TRL to"), null=True, blank=True)
    sectors = models.JSONField(_("sectors"), default=list, blank=True)
    offers = models.JSONField(_("offers"), default=list, blank=True)
    themes = ParentalManyToManyField("taxonomy.Theme", verbose_name=_("themes"), blank=True)

    name = Pair("name")
    summary = Pair("summary")
    about = Pair("about")
    who = Pair("who")
    selection = Pair("selection")

    objects = ProgramQuerySet.as_manager()

    search_fields: ClassVar = [
        index.SearchField("name_fr"),
        index.SearchField("name_en"),
        index.FilterField("live"),
    ]

    class Meta(Listing.Meta):
        verbose_name = _("program")
        verbose_name_plural = _("programs")
        ordering = ["name_fr", "pk"]
        constraints = [
            *Listing.Meta.constraints,
            models.CheckConstraint(
                condition=Q(equity_percent__isnull=True) | Q(equity_percent__range=(0, 100)),
                name="program_equity_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(trl_min__isnull=True)
                | Q(trl_max__isnull=True)
                | Q(trl_min__gte=1, trl_max__lte=9, trl_min__lte=F("trl_max")),
                name="program_trl_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The public page, in the active language."""
        return reverse("program_detail", args=[self.slug])

    def preview_context(self, now: datetime) -> dict[str, Any]:
        """What the public page shows."""
        # The view imports the models.
        from startups.views.public import program_context

        return program_context(self, now)


class Intake(Orderable):
    """One dated opening of a program; its cohort follows."""

    program = ParentalKey(Program, on_delete=models.CASCADE, related_name="intakes")
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    is_rolling = models.BooleanField(_("rolling"), default=False)
    cohort_starts_on = models.DateField(_("cohort starts"), null=True, blank=True)
    cohort_ends_on = models.DateField(_("cohort ends"), null=True, blank=True)
    places = models.PositiveSmallIntegerField(_("places"), null=True, blank=True)
    how_fr = models.CharField(_("how to apply (French)"), max_length=300, blank=True)
    how_en = models.CharField(_("how to apply (English)"), max_length=300, blank=True)
    is_example = models.BooleanField(_("example"), default=False)

    how = Pair("how")

    objects = IntakeQuerySet.as_manager()

    class Meta(Orderable.Meta):
        verbose_name = _("intake")
        verbose_name_plural = _("intakes")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_rolling=True)
                | Q(opens_at__isnull=False, closes_at__gt=F("opens_at")),
                name="intake_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(cohort_starts_on__isnull=True)
                | Q(cohort_ends_on__isnull=True)
                | Q(cohort_ends_on__gt=F("cohort_starts_on")),
                name="intake_cohort_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.program} · {self.opens_at:%Y-%m-%d}" if self.opens_at else str(self.program)

    def status(self, now: datetime) -> IntakeStatus:
        """What the intake is at ``now``; closing soon within seven days of the close."""
        if self.is_rolling or self.opens_at is None or self.closes_at is None:
            return IntakeStatus.ROLLING
        if now < self.opens_at:
            return IntakeStatus.UPCOMING
        if now > self.closes_at:
            return IntakeStatus.CLOSED
        return IntakeStatus.CLOSING if self.closes_at - now <= CLOSING_SOON else IntakeStatus.OPEN
