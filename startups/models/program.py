"""Support organisations, their programs, and each dated opening."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.search import index

from core.deadlines import NO_GRACE, window_status
from core.languages import Pair
from startups.enums import (
    GONE,
    ApplyBy,
    Currency,
    IncubatorKind,
    IntakeStatus,
    LegalForm,
    ProgramFormat,
)
from startups.models.listing import Listing, OrganisationProfile, PublicPerson
from startups.querysets import IncubatorQuerySet, IntakeQuerySet, ProgramQuerySet

CLOSING_SOON = timedelta(days=7)


class Incubator(OrganisationProfile):
    """Public profile of a support organisation."""

    PREVIEW_TEMPLATE = "startups/incubator_detail.html"

    kind = models.CharField(_("kind"), max_length=12, choices=IncubatorKind)
    legal_form = models.CharField(_("legal form"), max_length=12, choices=LegalForm, blank=True)
    summary_fr = models.CharField(_("in one sentence (French)"), max_length=300)
    summary_en = models.CharField(_("in one sentence (English)"), max_length=300, blank=True)
    about_fr = models.TextField(_("about (French)"))
    about_en = models.TextField(_("about (English)"), blank=True)
    address = models.CharField(_("address"), max_length=255, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    offers = models.JSONField(_("offers"), default=list, blank=True)
    sources = models.JSONField(_("sources"), default=list, blank=True)

    summary = Pair("summary")
    about = Pair("about")

    objects = IncubatorQuerySet.as_manager()

    search_fields: ClassVar = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.FilterField("live"),
    ]

    class Meta(OrganisationProfile.Meta):
        verbose_name = _("support organisation")
        verbose_name_plural = _("support organisations")
        ordering = ["name", "pk"]
        constraints = [
            *OrganisationProfile.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind__in=IncubatorKind.values), name="incubator_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True)
                | Q(lat__range=(-90, 90), lon__range=(-180, 180)),
                name="incubator_place_whole",
            ),
        ]

    def get_absolute_url(self) -> str:
        """The public page, in the active language."""
        return reverse("incubator_detail", args=[self.slug])

    def preview_context(self, now: datetime) -> dict[str, Any]:
        """What the public page shows."""
        # The view imports the models.
        from startups.views.public import incubator_context

        return incubator_context(self, now)


class IncubatorPerson(PublicPerson):
    """Somebody of a support organisation, by role."""

    incubator = ParentalKey(Incubator, on_delete=models.CASCADE, related_name="people")

    class Meta(PublicPerson.Meta):
        verbose_name = _("person")
        verbose_name_plural = _("people")


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
        _("format"), max_length=10, choices=ProgramFormat, blank=True, default=""
    )
    equity_percent = models.DecimalField(
        _("equity taken (%)"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[
            MinValueValidator(0, _("A program cannot take less than nothing.")),
            MaxValueValidator(100, _("Nobody can take more than the whole of a company.")),
        ],
    )
    place = models.CharField(_("place"), max_length=160, blank=True)
    currency = models.CharField(_("currency"), max_length=3, choices=Currency, default=Currency.CAD)
    fee = models.DecimalField(_("fee"), max_digits=10, decimal_places=2, null=True, blank=True)
    stipend = models.DecimalField(
        _("stipend"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    investment = models.DecimalField(
        _("investment"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    applicants = models.JSONField(_("open to"), default=list, blank=True)
    stages = models.JSONField(_("stages wanted"), default=list, blank=True)
    trl_min = models.PositiveSmallIntegerField(_("TRL from"), null=True, blank=True)
    trl_max = models.PositiveSmallIntegerField(_("TRL to"), null=True, blank=True)
    sectors = models.JSONField(_("sectors"), default=list, blank=True)
    any_sector = models.BooleanField(_("all sectors"), default=False)
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
        index.AutocompleteField("name_fr"),
        index.AutocompleteField("name_en"),
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
            models.CheckConstraint(
                condition=(Q(fee__isnull=True) | Q(fee__gte=0))
                & (Q(stipend__isnull=True) | Q(stipend__gte=0))
                & (Q(investment__isnull=True) | Q(investment__gte=0)),
                name="program_sums_not_negative",
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

    def clean(self) -> None:
        """Refuse what the database would, and what a closed organisation begins."""
        super().clean()
        if self.trl_min and self.trl_max and self.trl_min > self.trl_max:
            raise ValidationError(
                {"trl_max": _("The highest maturity wanted is below the lowest one.")}
            )
        if self.incubator_id and self.incubator.state in GONE and self._changes_hands():
            raise ValidationError(
                {"incubator": _("This organisation is closed: it runs no new program.")}
            )

    def _changes_hands(self) -> bool:
        kept = Program.objects.filter(pk=self.pk, incubator_id=self.incubator_id)
        return self.pk is None or not kept.exists()


class Intake(models.Model):
    """One dated opening of a program; its cohort follows.

    Written by verbs, not by the program's revisions: interests and calendars lean on the row.
    """

    program = models.ForeignKey(
        Program, verbose_name=_("program"), on_delete=models.CASCADE, related_name="intakes"
    )
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    is_rolling = models.BooleanField(_("rolling"), default=False)
    repeats = models.BooleanField(
        _("every year"), default=False, help_text=_("The next one is proposed, never announced.")
    )
    cohort_starts_on = models.DateField(_("cohort starts"), null=True, blank=True)
    cohort_ends_on = models.DateField(_("cohort ends"), null=True, blank=True)
    places = models.PositiveSmallIntegerField(_("places"), null=True, blank=True)
    apply_by = models.CharField(
        _("applications come"), max_length=5, choices=ApplyBy, default=ApplyBy.HERE
    )
    apply_url = models.URLField(_("address of the form"), blank=True)
    apply_email = models.EmailField(_("address for applications"), blank=True)
    how_fr = models.CharField(_("how to apply (French)"), max_length=300, blank=True)
    how_en = models.CharField(_("how to apply (English)"), max_length=300, blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    fee = models.DecimalField(
        _("fee to apply"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    contact = models.CharField(_("contact"), max_length=160, blank=True)
    is_example = models.BooleanField(_("example"), default=False)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    cancelled_reason_fr = models.CharField(_("why (French)"), max_length=300, blank=True)
    cancelled_reason_en = models.CharField(_("why (English)"), max_length=300, blank=True)
    # The year before's: each is followed once, whoever confirms at the same moment.
    previous = models.OneToOneField(
        "self",
        verbose_name=_("follows"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="next_one",
    )
    # Of RFC 5545: how often what a calendar has noted changed since.
    sequence = models.PositiveIntegerField(_("changes"), default=0)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    how = Pair("how")
    cancelled_reason = Pair("cancelled_reason")

    objects = IntakeQuerySet.as_manager()

    class Meta:
        verbose_name = _("intake")
        verbose_name_plural = _("intakes")
        ordering = ["opens_at", "pk"]
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
            models.CheckConstraint(
                condition=Q(fee__isnull=True) | Q(fee__gte=0), name="intake_fee_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(apply_by=ApplyBy.HERE)
                | (Q(apply_by=ApplyBy.WEB) & ~Q(apply_url=""))
                | (Q(apply_by=ApplyBy.EMAIL) & ~Q(apply_email="")),
                name="intake_says_where",
            ),
        ]
        indexes = [models.Index(fields=["closes_at"], name="intake_closes")]

    def __str__(self) -> str:
        return f"{self.program} · {self.opens_at:%Y-%m-%d}" if self.opens_at else str(self.program)

    def status(self, now: datetime) -> IntakeStatus:
        """What the intake is at ``now``; closing soon within seven days of the close."""
        if self.cancelled_at is not None:
            return IntakeStatus.CANCELLED
        if self.is_rolling or self.opens_at is None or self.closes_at is None:
            return IntakeStatus.ROLLING
        match window_status(self.opens_at, self.closes_at, NO_GRACE, now):
            case "upcoming":
                return IntakeStatus.UPCOMING
            case "closed":
                return IntakeStatus.CLOSED
        return IntakeStatus.CLOSING if self.closes_at - now <= CLOSING_SOON else IntakeStatus.OPEN
