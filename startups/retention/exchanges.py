"""Interests that are settled, and conversations that fell silent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.registry import Retained, retained
from startups.domain.answering import ENDED
from startups.models import Interest, Relay

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet


def register() -> None:
    """Add settled interests, those of intakes long over, and conversations that fell silent."""
    retained.register(
        "interests",
        Retained(
            label=_("Interest shown in programs"),
            what=_(
                "Profiles sent to an intake and the words said about them, once the interest is "
                "settled or its intake closed."
            ),
            count=lambda before: _past(before).count(),
            apply=_remove,
            least_days=180,
        ),
    )
    retained.register(
        "relays",
        Retained(
            label=_("Relayed messages"),
            what=_("Conversations about needs and deployments in which nothing moves any more."),
            count=lambda before: _silent(before).count(),
            apply=_remove_silent,
            least_days=180,
        ),
    )


def _silent(before: datetime) -> QuerySet[Relay]:
    found: QuerySet[Relay] = Relay.objects.filter(moved_at__lt=before)
    return found.order_by("pk")


def _remove_silent(before: datetime, most: int) -> int:
    pks = list(_silent(before).values_list("pk", flat=True)[:most])
    Relay.objects.filter(pk__in=pks).delete()
    return len(pks)


def _past(before: datetime) -> QuerySet[Interest]:
    over = Q(state__in=[str(state) for state in ENDED]) | Q(intake__closes_at__lt=before)
    found: QuerySet[Interest] = Interest.objects.filter(over, moved_at__lt=before)
    return found.order_by("pk")


def _remove(before: datetime, most: int) -> int:
    pks = list(_past(before).values_list("pk", flat=True)[:most])
    Interest.objects.filter(pk__in=pks).delete()
    return len(pks)
