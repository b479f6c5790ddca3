"""Addresses of those who proposed a correction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from core.registry import Retained, retained
from startups.models import Correction

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet


def register() -> None:
    """Add the addresses of those who proposed a correction."""
    retained.register(
        "correction_addresses",
        Retained(
            label=_("Addresses of those who proposed a correction"),
            what=_("The address to which one wanted to be thanked; the correction stays."),
            count=lambda before: _past(before).count(),
            apply=_remove,
        ),
    )


def _past(before: datetime) -> QuerySet[Correction]:
    found: QuerySet[Correction] = Correction.objects.filter(proposed_at__lt=before).exclude(
        email=""
    )
    return found.order_by("pk")


def _remove(before: datetime, most: int) -> int:
    pks = list(_past(before).values_list("pk", flat=True)[:most])
    return Correction.objects.filter(pk__in=pks).update(email="")  # type: ignore[no-any-return]
