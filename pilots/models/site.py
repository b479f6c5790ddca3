"""Pieces of the public domain, who has booked them, and what a borough demands."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.languages import Pair
from pilots.enums import PermitState, SiteKind
from pilots.querysets import (
    PermitQuerySet,
    PermitRuleQuerySet,
    SiteBookingQuerySet,
    SiteQuerySet,
)


class Site(models.Model):
    """A piece of the public domain where one may test."""

    slug = models.SlugField(_("address"), max_length=120, unique=True)
    name_fr = models.CharField(_("name (French)"), max_length=160)
    name_en = models.CharField(_("name (English)"), max_length=160, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=SiteKind)
    borough = models.ForeignKey(
        "taxonomy.Borough",
        verbose_name=_("borough"),
        on_delete=models.PROTECT,
        related_name="sites",
    )
    geometry = models.JSONField(
        _("geometry"), help_text=_("GeoJSON (RFC 7946): point, line or polygon, lon then lat.")
    )
    lat = models.FloatField(_("latitude"))
    lon = models.FloatField(_("longitude"))
    description_fr = models.TextField(_("description (French)"), blank=True)
    description_en = models.TextField(_("description (English)"), blank=True)
    equipment_fr = models.CharField(_("equipment (French)"), max_length=300, blank=True)
    equipment_en = models.CharField(_("equipment (English)"), max_length=300, blank=True)
    limits_fr = models.CharField(_("limits (French)"), max_length=300, blank=True)
    limits_en = models.CharField(_("limits (English)"), max_length=300, blank=True)
    has_power = models.BooleanField(_("power"), default=False)
    has_network = models.BooleanField(_("network"), default=False)
    is_shared = models.BooleanField(
        _("may be shared"), default=False, help_text=_("Several trials at once are allowed.")
    )
    is_public = models.BooleanField(_("shown to the public"), default=True)
    is_example = models.BooleanField(_("example"), default=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    name = Pair("name")
    description = Pair("description")
    equipment = Pair("equipment")
    limits = Pair("limits")

    objects = SiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("test site")
        verbose_name_plural = _("test sites")
        ordering = ["name_fr", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=SiteKind.values), name="site_kind_known"),
            models.CheckConstraint(
                condition=Q(lat__range=(-90, 90), lon__range=(-180, 180)), name="site_on_earth"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The public page, in the active language."""
        return reverse("site_detail", args=[self.slug])


class SiteBooking(models.Model):
    """A pilot's hold on a site, both days included.

    Two holds on a site that may not be shared never overlap: an exclusion constraint on
    PostgreSQL, a check under the write lock on SQLite.
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="bookings")
    pilot = models.ForeignKey("pilots.Pilot", on_delete=models.CASCADE, related_name="bookings")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    is_exclusive = models.BooleanField(_("alone on the site"), default=True)

    objects = SiteBookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="booking_dates_in_order"
            ),
            models.UniqueConstraint(fields=["site", "pilot"], name="booking_once"),
        ]

    def __str__(self) -> str:
        return f"{self.site} · {self.starts_on} → {self.ends_on}"


class PermitRule(models.Model):
    """What a borough demands of a trial on a kind of site, from a date to another.

    Rules change by law or borough: they are dated rows that staff edit, never constants.
    """

    borough = models.ForeignKey(
        "taxonomy.Borough",
        verbose_name=_("borough"),
        on_delete=models.PROTECT,
        related_name="permit_rules",
    )
    site_kind = models.CharField(
        _("kind of site"), max_length=10, choices=SiteKind, blank=True, help_text=_("Empty: all.")
    )
    label_fr = models.CharField(_("permit (French)"), max_length=160)
    label_en = models.CharField(_("permit (English)"), max_length=160, blank=True)
    delay_days = models.PositiveSmallIntegerField(_("usual delay in days"), default=20)
    fee = models.DecimalField(_("fee (CAD)"), max_digits=9, decimal_places=2, default=0)
    source = models.CharField(_("source"), max_length=300, blank=True)
    is_example = models.BooleanField(_("example"), default=False)
    valid_from = models.DateField(_("in force from"))
    valid_to = models.DateField(_("in force to"), null=True, blank=True)

    label = Pair("label")

    objects = PermitRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("permit rule")
        verbose_name_plural = _("permit rules")
        ordering = ["borough__name", "label_fr"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="permit_rule_dates_in_order",
            ),
            models.CheckConstraint(condition=Q(fee__gte=0), name="permit_rule_fee_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.borough} · {self.label}"


class Permit(models.Model):
    """What a site's borough demands before a trial can start, with expiry."""

    pilot = models.ForeignKey("pilots.Pilot", on_delete=models.CASCADE, related_name="permits")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="permits")
    rule = models.ForeignKey(
        PermitRule, null=True, blank=True, on_delete=models.PROTECT, related_name="permits"
    )
    label_fr = models.CharField(_("permit (French)"), max_length=160)
    label_en = models.CharField(_("permit (English)"), max_length=160, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=PermitState, default=PermitState.REQUIRED
    )
    reference = models.CharField(_("permit number"), max_length=80, blank=True)
    requested_on = models.DateField(_("requested"), null=True, blank=True)
    granted_on = models.DateField(_("granted"), null=True, blank=True)
    expires_on = models.DateField(_("expires"), null=True, blank=True)
    document = models.ForeignKey(
        "files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note_fr = models.CharField(_("note (French)"), max_length=300, blank=True)
    note_en = models.CharField(_("note (English)"), max_length=300, blank=True)

    label = Pair("label")
    note = Pair("note")

    objects = PermitQuerySet.as_manager()

    class Meta:
        verbose_name = _("permit")
        verbose_name_plural = _("permits")
        ordering = ["pilot_id", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=PermitState.values), name="permit_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=PermitState.GRANTED)
                | Q(granted_on__isnull=False, expires_on__isnull=False),
                name="permit_granted_has_dates",
            ),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True)
                | Q(granted_on__isnull=True)
                | Q(expires_on__gte=F("granted_on")),
                name="permit_dates_in_order",
            ),
            models.UniqueConstraint(
                fields=["pilot", "site", "rule"],
                condition=Q(rule__isnull=False),
                name="permit_rule_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} · {self.get_state_display()}"
