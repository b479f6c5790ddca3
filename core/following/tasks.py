"""Work of the queue: nothing is kept longer than it serves."""

from __future__ import annotations

from django.utils import timezone

from core.following.domain.following import forget_unconfirmed


def nightly() -> None:
    """Each day: forget what was never confirmed."""
    forget_unconfirmed(now=timezone.now())
