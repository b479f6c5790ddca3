"""Links that were tested."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q


class LinkQuerySet(models.QuerySet[Any]):
    """Addresses that public listings lead to."""

    def broken(self) -> Self:
        """Those that failed on two different days, and since."""
        return self.filter(broken_since__isnull=False)

    def due(self, now: datetime) -> Self:
        """Those to test at ``now``: each week; the day after a first failure; never two workers."""
        free = Q(taken_until__isnull=True) | Q(taken_until__lte=now)
        weekly = Q(checked_at__isnull=True) | Q(checked_at__lte=now - timedelta(days=7))
        doubtful = Q(failing_since__isnull=False, broken_since__isnull=True)
        again = doubtful & Q(checked_at__lte=now - timedelta(days=1))
        return self.filter(free, weekly | again)
