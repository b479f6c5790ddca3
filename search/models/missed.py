"""What people look for and do not find, without who, from where, or at what time."""

from __future__ import annotations

from typing import Any, Final

from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.following.models import LANGUAGE_CHOICES

LONGEST: Final = 100
# What one person alone looked for says too much of them.
SHOWN_FROM: Final = 2


class FoundLittle(models.TextChoices):
    """How little was found."""

    NONE = "none", _("Nothing")
    FEW = "few", _("Little")


class MissedSearchQuerySet(models.QuerySet[Any]):
    """Words that found nothing, or little."""

    def shown(self) -> MissedSearchQuerySet:
        """What staff reads: looked for twice at least in its week."""
        return self.filter(times__gte=SHOWN_FROM)

    def count_one(self, week: Any, language: str, words: str, results: str) -> None:
        """One time more, in one statement, whoever else is counting."""
        table = connection.ops.quote_name(self.model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} (week, language, words, results, times) "  # noqa: S608
                "VALUES (%s, %s, %s, %s, 1) ON CONFLICT (week, language, words, results) "
                f"DO UPDATE SET times = {table}.times + 1",
                [week, language, words, results],
            )


class MissedSearch(models.Model):
    """Words looked for in one week and one language, and how many times."""

    week = models.DateField(_("week of"), help_text=_("Its Monday, on the city’s calendar."))
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGE_CHOICES)
    words = models.CharField(_("words"), max_length=LONGEST)
    results = models.CharField(_("found"), max_length=4, choices=FoundLittle)
    times = models.PositiveIntegerField(_("times"))

    objects = MissedSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("search that found nothing")
        verbose_name_plural = _("searches that found nothing")
        ordering = ["-week", "-times", "words"]
        constraints = [
            models.UniqueConstraint(
                fields=["week", "language", "words", "results"], name="missed_search_once"
            ),
            models.CheckConstraint(
                condition=Q(language__in=["fr", "en"], results__in=FoundLittle.values)
                & Q(times__gte=1)
                & ~Q(words=""),
                name="missed_search_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.week} {self.words} ({self.language})"
