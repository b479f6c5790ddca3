"""The owners of a listing are told what the city does with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.accounts import rules
from core.accounts.domain.belonging import owners_of
from core.notifications.outbox import queue_message
from startups.domain.confirming import speaks_for

if TYPE_CHECKING:
    from datetime import datetime

    from core.accounts.models import User
    from startups.models import Listing


def tell_the_owners(
    listing: Listing, what: str, reason_fr: str, reason_en: str, actor: User, now: datetime
) -> None:
    """``what``: closed, merged or reopened; nobody is told what their own organisation did."""
    holder = speaks_for(listing)
    if holder is None or rules.role_in(actor, holder) is not None:
        return
    for owner in owners_of(holder).select_related("user"):
        queue_message(
            key=f"{listing._meta.model_name}:{listing.pk}:{what}:{now:%Y%m%d%H%M%S}:{owner.user_id}",
            event="listing_ended",
            to=owner.user,
            context=ended_facts(listing, what, reason_fr, reason_en),
            organisation=holder,
            now=now,
        )


def ended_facts(listing: Listing, what: str, reason_fr: str, reason_en: str) -> dict[str, Any]:
    """What the owners read."""
    heir = listing.merged_into
    return {
        "listing": str(listing),
        "is_merged": what == "merged",
        "is_reopened": what == "reopened",
        "heir": str(heir) if heir is not None else "",
        "reason_fr": reason_fr,
        "reason_en": reason_en,
    }
