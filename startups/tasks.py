"""Work of the queue. Tasks may run twice."""

from __future__ import annotations

from django.utils import timezone

from startups.domain import reminding


def remind() -> None:
    """Each day: ask again whether listings are still true."""
    reminding.remind(now=timezone.now())
