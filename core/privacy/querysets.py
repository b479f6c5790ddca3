"""How copies of personal data are reached, by their person alone; which rules are in force."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from core.privacy.enums import UNDER_WAY, ExportState

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from core.accounts.models import User


class DataExportQuerySet(models.QuerySet[Any]):
    """Copies of somebody's data."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """One's own; not an administrator's either."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(person_id=user.pk)

    def under_way(self) -> Self:
        """Asked or being made."""
        return self.filter(state__in=UNDER_WAY)

    def offered(self, now: datetime) -> Self:
        """Ready, and not past their time at ``now``."""
        return self.filter(state=ExportState.READY, expires_at__gt=now)

    def over(self, now: datetime) -> Self:
        """Ready once, whose time has passed: the file is to go."""
        return self.filter(state=ExportState.READY, expires_at__lte=now)


class RetentionRuleQuerySet(models.QuerySet[Any]):
    """How long classes of data stay."""

    def in_force(self, on: date) -> Self:
        """Those of a day, the newest first: one class obeys the first of its own."""
        begun = self.filter(in_force_from__lte=on)
        return begun.filter(Q(in_force_until__isnull=True) | Q(in_force_until__gte=on)).order_by(
            "data_class", "-in_force_from", "-pk"
        )


class RetentionRunQuerySet(models.QuerySet[Any]):
    """What rules did each night."""

    def counted(self) -> Self:
        """What a new or changed rule found and did not remove yet, in order."""
        found = self.filter(is_dry=True, found__gt=0).select_related("rule")
        return found.order_by("pk")
