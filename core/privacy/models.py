"""What the law on personal information asks to be kept: copies asked, erasures."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.privacy.enums import UNDER_WAY, ExportState
from core.privacy.querysets import DataExportQuerySet
from core.privacy.storage import PrivateStorage


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
