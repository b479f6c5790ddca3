"""What the public page of a listing says of claiming it, of correcting it, and of its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from startups.enums import GONE

if TYPE_CHECKING:
    from startups.models import Listing, OrganisationProfile


def claim_of(profile: OrganisationProfile) -> dict[str, Any] | None:
    """Its address among those that can be claimed; None for one that is closed, or not public."""
    if profile.pk is None or not profile.live or profile.state in GONE:
        return None
    return {
        "kind": profile._meta.model_name,
        "slug": profile.slug,
        "is_free": profile.organisation_id is None,
    }


def wrong_of(listing: Listing) -> dict[str, Any] | None:
    """Its address among those that can be corrected; None for one that is not public."""
    if listing.pk is None or not listing.live:
        return None
    return {"kind": listing._meta.model_name, "slug": listing.slug}


def ended_of(listing: Listing) -> dict[str, Any] | None:
    """Since when it is closed, and in which words; None for one that acts."""
    if listing.state not in GONE:
        return None
    return {"day": listing.closed_on, "note": listing.status_note}
