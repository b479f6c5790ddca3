"""What is typed, kept field by field with its versions (promise 2)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DraftValue(models.Model):
    """The last value of one field of one draft; ``scope`` names the draft, « application:12 »."""

    scope = models.CharField(_("draft"), max_length=80)
    field = models.CharField(_("field"), max_length=80)
    value = models.JSONField(_("value"), null=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    origin = models.CharField(_("taken from"), max_length=20, blank=True)
    saved_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    saved_at = models.DateTimeField(_("saved"))

    class Meta:
        verbose_name = _("draft value")
        verbose_name_plural = _("draft values")
        constraints = [
            models.UniqueConstraint(fields=["scope", "field"], name="draft_value_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="draft_version_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.field} v{self.version}"


class DraftVersion(models.Model):
    """An earlier value: autosaves are versions of a draft, not audit lines."""

    scope = models.CharField(max_length=80)
    field = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    value = models.JSONField(null=True)
    saved_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "field", "version"], name="draft_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.field} v{self.version}"
