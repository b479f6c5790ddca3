"""What search says of itself to those who run the service."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, Min, Q
from django.utils import timezone

from search import targets
from search.models import MOST_TRIES, Change, Index

if TYPE_CHECKING:
    from datetime import datetime

LATE_AFTER: Final = timedelta(minutes=30)


def health() -> dict[str, Any]:
    """What ``/readyz`` shows: each index, what waits for it, what is wrong with it.

    Not ok when the site's own index does not answer or is half an hour late. A server that is away
    is shown and no reason to close: the site's own index answers in its place. So is a drift.
    """
    now = timezone.now()
    rows = {index.pk: index for index in Index.objects.filter(pk__in=targets.kept())}
    waits = _waiting(now)
    report = {name: _of(rows.get(name), waits.get(name, {})) for name in targets.kept()}
    own = rows.get(targets.DATABASE)
    return {
        "ok": own is not None and own.live is not None and not report[targets.DATABASE]["late"],
        "entries": _size(own),
        "indexes": report,
    }


def _size(own: Index | None) -> int:
    if own is None or own.live is None:
        return 0
    return targets.engine_of(targets.DATABASE).size(own.live)


def _waiting(now: datetime) -> dict[str, dict[str, Any]]:
    """By index: rows that wait, those that were set aside, since when the oldest waits."""
    is_aside = Q(tries__gte=MOST_TRIES)
    rows = Change.objects.values("target").annotate(
        waiting=Count("pk", filter=~is_aside),
        aside=Count("pk", filter=is_aside),
        oldest=Min("noted_at", filter=~is_aside),
    )
    return {
        row["target"]: {
            "waiting": row["waiting"],
            "set_aside": row["aside"],
            "late": row["oldest"] is not None and row["oldest"] < now - LATE_AFTER,
        }
        for row in rows.order_by("target")
    }


def _of(index: Index | None, waits: dict[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = {"waiting": 0, "set_aside": 0, "late": False} | waits
    if index is None:
        return {**said, "live": None, "drift": 0}
    said |= {"live": index.live, "drift": index.drift}
    if index.building is not None:
        said["building"] = index.building
    if index.trouble:
        said["trouble"] = index.trouble
    return said
