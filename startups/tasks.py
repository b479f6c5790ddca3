"""Work of the queue. Tasks may run twice."""

from __future__ import annotations

from django.utils import timezone

from startups.domain import reminding, shown


def remind() -> None:
    """Each day: ask again whether listings are still true."""
    reminding.remind(now=timezone.now())


def forget_unused_files() -> None:
    """Each week: pictures and documents that no listing, revision or draft names any more."""
    shown.forget_unused(now=timezone.now())
