"""Views of listings, added up by week."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from core.deadlines import city_time
from startups.models import LISTINGS, WeeklyViews

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

# Kind of listing, its address, the Monday of the week.
Key = tuple[str, str, "date"]


def week_of(now: datetime) -> date:
    """The Monday of the city's week at ``now``."""
    day = city_time(now).date()
    return day - timedelta(days=day.weekday())


@transaction.atomic
def add_views(counts: Mapping[Key, int]) -> int:
    """Add what was counted; how many views were of listings that exist.

    An address that no listing has, made up or taken down since, is dropped.
    """
    slugs: dict[str, set[str]] = defaultdict(set)
    for kind, slug, _week in counts:
        slugs[kind].add(slug)
    keys = {
        (kind, slug): pk
        for model in LISTINGS
        if (kind := str(model._meta.model_name)) in slugs
        for slug, pk in model.objects.filter(slug__in=slugs[kind]).values_list("slug", "pk")
    }
    added = 0
    for (kind, slug, week), n in sorted(counts.items()):
        pk = keys.get((kind, slug))
        if pk is not None:
            _add(kind, pk, week, n)
            added += n
    return added


def _add(kind: str, pk: int, week: date, n: int) -> None:
    """The row's number grows; two processes that begin a week at once both count."""
    row, is_new = WeeklyViews.objects.get_or_create(
        kind=kind, listing_pk=pk, week=week, defaults={"n": n}
    )
    if not is_new:
        WeeklyViews.objects.filter(pk=row.pk).update(n=F("n") + n)
