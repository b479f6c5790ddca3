"""What this floor does not keep for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from core.registry import Retained, retained
from search.domain.missing import week_of
from search.models import MissedSearch

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet


def register_retained() -> None:
    """Add what is looked for; a saved search leaves when its reader stops it."""
    retained.register(
        "missed_searches",
        Retained(
            label=_("Searches that found nothing"),
            what=_("Words that were looked for and not found, counted by week, of nobody."),
            count=lambda before: _past(before).count(),
            apply=_remove,
        ),
    )


def _past(before: datetime) -> QuerySet[MissedSearch]:
    """Weeks that were over by then."""
    found: QuerySet[MissedSearch] = MissedSearch.objects.filter(week__lt=week_of(before))
    return found.order_by("week", "pk")


def _remove(before: datetime, most: int) -> int:
    pks = list(_past(before).values_list("pk", flat=True)[:most])
    return MissedSearch.objects.filter(pk__in=pks).delete()[0]
