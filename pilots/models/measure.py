"""What a trial measures: indicators, timed readings, and the keys that send them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from core.languages import Pair
from pilots.enums import Direction, IndicatorFamily, ReadingSource
from pilots.models.pilot import Pilot
from pilots.querysets import ReadingQuerySet


class Indicator(Orderable):
    """One thing measured, with where it starts and where it should arrive."""

    pilot = ParentalKey(Pilot, on_delete=models.CASCADE, related_name="indicators")
    key = models.SlugField(_("key"), max_length=60)
    label_fr = models.CharField(_("indicator (French)"), max_length=200)
    label_en = models.CharField(_("indicator (English)"), max_length=200, blank=True)
    unit = models.CharField(
        _("unit"),
        max_length=20,
        blank=True,
        help_text=_("As printed: h, %, dB(A). Empty: a count."),
    )
    method_fr = models.CharField(_("method (French)"), max_length=300, blank=True)
    method_en = models.CharField(_("method (English)"), max_length=300, blank=True)
    family = models.CharField(_("family"), max_length=12, choices=IndicatorFamily, blank=True)
    direction = models.CharField(
        _("direction"), max_length=4, choices=Direction, default=Direction.DOWN
    )
    baseline = models.DecimalField(
        _("baseline"), max_digits=14, decimal_places=4, null=True, blank=True
    )
    target = models.DecimalField(
        _("target"), max_digits=14, decimal_places=4, null=True, blank=True
    )
    every_days = models.PositiveSmallIntegerField(_("measured every (days)"), default=7)

    label = Pair("label")
    method = Pair("method")

    class Meta(Orderable.Meta):
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        constraints = [
            models.UniqueConstraint(fields=["pilot", "key"], name="indicator_key_once"),
            models.CheckConstraint(
                condition=Q(every_days__gte=1), name="indicator_period_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Reading(models.Model):
    """A value at an instant; one per indicator and instant."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="readings")
    at = models.DateTimeField(_("measured at"))
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=4)
    note = models.CharField(_("note"), max_length=200, blank=True)
    source = models.CharField(
        _("source"), max_length=4, choices=ReadingSource, default=ReadingSource.FORM
    )
    recorded_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ["indicator_id", "at"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "at"], name="reading_instant_once"),
        ]

    def __str__(self) -> str:
        return f"{self.value} {self.indicator.unit} · {self.at:%Y-%m-%d}"


class PilotKey(models.Model):
    """A key that may write one pilot's readings; only its digest is kept."""

    pilot = models.ForeignKey(Pilot, on_delete=models.CASCADE, related_name="keys")
    label = models.CharField(_("label"), max_length=80)
    prefix = models.CharField(_("beginning"), max_length=8)
    digest = models.CharField(_("digest (SHA-256)"), max_length=64, unique=True)
    created_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("pilot key")
        verbose_name_plural = _("pilot keys")
        constraints = [models.CheckConstraint(condition=~Q(digest=""), name="pilot_key_has_digest")]

    def __str__(self) -> str:
        return f"{self.prefix}…"


class IdempotentAnswer(models.Model):
    """The answer once given to an Idempotency-Key, given again to a repeated request."""

    pilot = models.ForeignKey(Pilot, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=120)
    request_fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pilot", "key"], name="idempotent_answer_once")
        ]

    def __str__(self) -> str:
        return self.key
