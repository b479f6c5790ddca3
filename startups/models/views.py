"""How often a listing was read in a week: a number, and nothing of who read it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class WeeklyViews(models.Model):
    """Views of one listing in the ISO week that begins on the Monday ``week``.

    ``kind`` is the name of its model in lower case.
    """

    kind = models.CharField(_("kind"), max_length=20)
    listing_pk = models.PositiveBigIntegerField(_("listing"))
    week = models.DateField(_("week"))
    n = models.PositiveIntegerField(_("views"))

    class Meta:
        verbose_name = _("views of a week")
        verbose_name_plural = _("views by week")
        ordering = ["week", "kind", "listing_pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "listing_pk", "week"], name="weekly_views_once"
            ),
            models.CheckConstraint(condition=Q(n__gt=0), name="weekly_views_some"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.listing_pk} · {self.week:%G-W%V}"
