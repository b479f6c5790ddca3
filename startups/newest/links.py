"""Of links that broke."""

from __future__ import annotations

from typing import Any

from startups.domain.confirming import speaks_for
from startups.domain.links import letter_facts, listings_of
from startups.models import CheckedLink


def links_broken() -> dict[str, Any] | None:
    """Of the last link that somebody was told of."""
    told = CheckedLink.objects.broken().filter(told_at__isnull=False)
    last = told.order_by("told_at", "pk").last()
    if last is None:
        return None
    where = listings_of([last])
    organisations = [speaks_for(listing) for listing in where[last.pk]]
    organisation = next((found for found in organisations if found is not None), None)
    return letter_facts(organisation, [last], where) if organisation is not None else None
