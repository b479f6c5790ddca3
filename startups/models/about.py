"""Rows that speak of one listing, of whichever kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

if TYPE_CHECKING:
    from startups.models.listing import Listing


def exactly_one(*names: str) -> Q:
    """The condition that one of the foreign keys ``names`` is given, and no other."""
    found = Q()
    for given in names:
        found |= Q(**{f"{name}__isnull": name != given for name in names})
    return found


def about(listing: Listing) -> dict[str, Any]:
    """The column of the kind of ``listing``, and the listing: to filter by, to make a row."""
    return {str(listing._meta.model_name): listing}


def listing_of(row: Any, *names: str) -> Listing:
    """The one that ``row`` speaks of."""
    found: Listing = next(
        value for value in (getattr(row, name) for name in names) if value is not None
    )
    return found
