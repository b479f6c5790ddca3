"""Searches that somebody follows, what they were told, and what became findable when."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.following.enums import DIGESTS, Frequency
from core.following.models import LANGUAGE_CHOICES


class SavedSearchQuerySet(models.QuerySet[Any]):
    """Saved searches; nobody sees those of somebody else."""

    def visible_to(self, user: Any) -> SavedSearchQuerySet:
        """Those of the user's account."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(follow__follower__user=user)

    def due(self, frequency: str, boundary: Any) -> SavedSearchQuerySet:
        """Those whose letter of ``frequency`` should have left at ``boundary``, confirmed ones."""
        return self.filter(
            frequency=frequency,
            told_until__lt=boundary,
            follow__confirmed_at__lt=boundary,
        )


class SavedSearch(models.Model):
    """What one follow of kind ``search`` looks for, in which language, and how often it is told.

    ``params`` are those of the search's address (:func:`search.asking.params_of`). ``told_until``
    is how far its reader was told: what became findable after it waits for the next letter.
    """

    follow = models.OneToOneField(
        "following.Follow", on_delete=models.CASCADE, related_name="saved_search"
    )
    params = models.JSONField(_("search"))
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGE_CHOICES)
    frequency = models.CharField(_("how often"), max_length=8, choices=Frequency)
    told_until = models.DateTimeField(_("told until"))

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        indexes = [models.Index(fields=["frequency", "told_until"], name="saved_search_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(frequency__in=[f.value for f in DIGESTS]),
                name="saved_search_frequency_known",
            ),
            models.CheckConstraint(
                condition=Q(language__in=["fr", "en"]), name="saved_search_language"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)  # never its words: they would end in a log


class Told(models.Model):
    """One thing that a saved search found, told to its reader: it is not told again."""

    saved = models.ForeignKey(SavedSearch, on_delete=models.CASCADE, related_name="told")
    kind = models.CharField(_("kind"), max_length=16)
    object_pk = models.BigIntegerField(_("object"))

    class Meta:
        verbose_name = _("thing told")
        verbose_name_plural = _("things told")
        constraints = [
            models.UniqueConstraint(fields=["saved", "kind", "object_pk"], name="told_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_pk}"


class Appearance(models.Model):
    """When a record was first findable, and when its status last changed, as search saw it.

    ``appeared_at`` is empty for what was there when the looking began, which is no news. ``since``
    says from when on it has each of its statuses, those that it came to have since.
    """

    kind = models.CharField(_("kind"), max_length=16)
    object_pk = models.BigIntegerField(_("object"))
    fingerprint = models.CharField(_("fingerprint"), max_length=32)
    status = models.CharField(_("status"), max_length=20, blank=True)
    since = models.JSONField(_("since when it has its statuses"), default=dict, blank=True)
    appeared_at = models.DateTimeField(_("first findable"), null=True, blank=True, db_index=True)
    turned_at = models.DateTimeField(_("status changed"), null=True, blank=True, db_index=True)

    class Meta:
        verbose_name = _("appearance")
        verbose_name_plural = _("appearances")
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_pk"], name="appearance_once"),
            models.CheckConstraint(
                condition=Q(appeared_at__isnull=True)
                | Q(turned_at__isnull=True)
                | Q(turned_at__gte=F("appeared_at")),
                name="appearance_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_pk}"
