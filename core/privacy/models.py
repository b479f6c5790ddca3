"""What the law on personal information asks: copies, erasures, retention, incidents."""

from __future__ import annotations

import uuid

from django.contrib.admin import display
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.languages import Pair
from core.privacy.enums import UNDER_WAY, ExportState, Risk
from core.privacy.querysets import DataExportQuerySet, RetentionRuleQuerySet, RetentionRunQuerySet
from core.privacy.storage import PrivateStorage
from core.registry import retained


def never_guessed(instance: DataExport, filename: str) -> str:
    """The identifier alone: nothing of the person's name."""
    return f"exports/{instance.pk.hex}.zip"


class DataExport(models.Model):
    """A copy of what the site holds on one person, made by the worker, offered for three days."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="data_exports"
    )
    state = models.CharField(
        _("state"), max_length=7, choices=ExportState, default=ExportState.ASKED
    )
    asked_at = models.DateTimeField(_("asked"))
    # The last sign of life of whoever makes it.
    beat_at = models.DateTimeField(null=True, blank=True)
    parts_done = models.PositiveSmallIntegerField(_("parts done"), default=0)
    parts_total = models.PositiveSmallIntegerField(_("parts"), default=0)
    ready_at = models.DateTimeField(_("ready"), null=True, blank=True)
    expires_at = models.DateTimeField(_("offered until"), null=True, blank=True)
    file = models.FileField(
        _("file"), upload_to=never_guessed, storage=PrivateStorage(), blank=True
    )
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    sha256 = models.CharField(max_length=64, blank=True)

    objects = DataExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("copy of personal data")
        verbose_name_plural = _("copies of personal data")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ExportState.values), name="data_export_state_known"
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state__in=[str(s) for s in UNDER_WAY]),
                name="data_export_one_under_way",
            ),
            models.CheckConstraint(
                condition=~Q(state=ExportState.READY)
                | Q(ready_at__isnull=False, expires_at__gt=F("ready_at"), size__gt=0)
                & ~Q(file="")
                & ~Q(sha256=""),
                name="data_export_ready_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(state=ExportState.READY) | Q(file=""),
                name="data_export_file_only_when_ready",
            ),
            models.CheckConstraint(
                condition=Q(parts_done__lte=F("parts_total")), name="data_export_parts_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.asked_at:%Y-%m-%d}"


class Erasure(models.Model):
    """That a person was erased, by number: a restored backup is brought up to date with this."""

    person_number = models.BigIntegerField(_("person, by number"), unique=True)
    erased_at = models.DateTimeField(_("erased"))
    counts = models.JSONField(_("values erased, by part"), default=dict)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["-erased_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(person_number__gte=1), name="erasure_of_someone")
        ]

    def __str__(self) -> str:
        return str(self.person_number)


class RetentionRule(models.Model):
    """How long a class of data stays, from a day on, and by which law. Nothing leaves without one.

    A rule is never deleted: it ends, and what it did stays explained.
    """

    data_class = models.CharField(_("class of data"), max_length=40)
    period_days = models.PositiveIntegerField(_("kept for (days)"))
    legal_basis_fr = models.CharField(_("legal basis (French)"), max_length=300)
    legal_basis_en = models.CharField(_("legal basis (English)"), max_length=300, blank=True)
    in_force_from = models.DateField(_("in force from"))
    in_force_until = models.DateField(_("in force until"), null=True, blank=True)

    legal_basis = Pair("legal_basis")

    objects = RetentionRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")
        ordering = ["data_class", "-in_force_from"]
        constraints = [
            models.CheckConstraint(condition=Q(period_days__gte=1), name="retention_period"),
            models.CheckConstraint(condition=~Q(legal_basis_fr=""), name="retention_has_basis"),
            models.CheckConstraint(
                condition=Q(in_force_until__isnull=True)
                | Q(in_force_until__gte=F("in_force_from")),
                name="retention_dates_in_order",
            ),
            models.UniqueConstraint(
                fields=["data_class", "in_force_from"], name="retention_one_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.class_label()} · {self.period_days}"

    @display(description=_("class of data"))
    def class_label(self) -> str:
        """The class in words; its bare name when no floor registers it any more."""
        known = retained.get(self.data_class)
        return str(known.label) if known is not None else self.data_class


class RetentionRun(models.Model):
    """What one rule did, or would have done, one night."""

    rule = models.ForeignKey(RetentionRule, on_delete=models.PROTECT, related_name="runs")
    # What the rule said that night: a changed rule has another one and runs dry again.
    terms = models.CharField(max_length=120)
    ran_at = models.DateTimeField(_("ran"))
    before = models.DateTimeField(_("older than"))
    is_dry = models.BooleanField(_("counted only"), default=True)
    found = models.PositiveIntegerField(_("found"), default=0)
    removed = models.PositiveIntegerField(_("removed"), default=0)

    objects = RetentionRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("retention report")
        verbose_name_plural = _("retention reports")
        ordering = ["-ran_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_dry=False) | Q(removed=0), name="retention_dry_removes_nothing"
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule} · {self.ran_at:%Y-%m-%d}"


class Incident(models.Model):
    """A line of the register of confidentiality incidents (Law 25; its regulation, section 7).

    Kept at least five years after it became known; nothing here deletes one.
    """

    reference = models.CharField(_("number"), max_length=20, unique=True, blank=True)
    found_on = models.DateField(_("known on"))
    began_on = models.DateField(_("happened from"), null=True, blank=True)
    ended_on = models.DateField(_("happened until"), null=True, blank=True)
    circumstances = models.TextField(_("what happened"))
    information = models.TextField(
        _("which information"), help_text=_("If it is not known, say why.")
    )
    people = models.TextField(_("whom it concerns"), help_text=_("By group, never by name."))
    people_count = models.PositiveIntegerField(
        _("how many people"), null=True, blank=True, help_text=_("Empty: not known yet.")
    )
    people_in_quebec = models.PositiveIntegerField(
        _("of whom in Québec"), null=True, blank=True, help_text=_("Empty: not known yet.")
    )
    risk = models.CharField(
        _("risk of serious injury"), max_length=9, choices=Risk, default=Risk.ASSESSING
    )
    risk_reasons = models.TextField(
        _("why"),
        blank=True,
        help_text=_("How sensitive, what malicious uses, which consequences, how likely."),
    )
    commission_told_on = models.DateField(
        _("Commission d’accès à l’information told on"), null=True, blank=True
    )
    people_told_on = models.DateField(_("people told on"), null=True, blank=True)
    telling = models.TextField(
        _("how they were told, or why not"),
        blank=True,
        help_text=_("A public notice and its reason; others who were told to reduce the risk."),
    )
    measures = models.TextField(_("measures taken"), blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("confidentiality incident")
        verbose_name_plural = _("confidentiality incidents")
        ordering = ["-found_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(risk__in=Risk.values), name="incident_risk_known"),
            models.CheckConstraint(
                condition=Q(began_on__isnull=True)
                | Q(ended_on__isnull=True)
                | Q(ended_on__gte=F("began_on")),
                name="incident_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(people_in_quebec__isnull=True)
                | Q(people_count__isnull=True)
                | Q(people_in_quebec__lte=F("people_count")),
                name="incident_people_in_order",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True)
                | Q(risk=Risk.NONE) & ~Q(risk_reasons="") & ~Q(measures="")
                | Q(risk=Risk.SERIOUS, commission_told_on__isnull=False)
                & ~Q(risk_reasons="")
                & ~Q(measures=""),
                name="incident_closed_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.reference
