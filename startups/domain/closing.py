"""When an organisation closes, its public profiles stay and say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.audit import log
from core.deadlines import city_time
from core.states import can_move, change_state
from startups.domain.ending import close_programs_of
from startups.enums import LISTING_TRANSITIONS, ListingState
from startups.models import Incubator, Startup
from startups.signals import record_changed

if TYPE_CHECKING:
    from datetime import datetime

    from core.accounts.models import Organisation


def close_listings(
    sender: type[Any], organisation: Organisation, now: datetime, **kwargs: Any
) -> None:
    """Receiver of ``organisation_closed``, in its transaction: mark every profile closed."""
    for kind in (Startup, Incubator):
        for listing in kind.objects.filter(organisation=organisation):
            if not can_move(listing, ListingState.CLOSED, transitions=LISTING_TRANSITIONS):
                continue
            today = city_time(now).date()
            change_state(
                listing,
                ListingState.CLOSED,
                transitions=LISTING_TRANSITIONS,
                now=now,
                also={"closed_on": today},
            )
            record_changed.send(sender=kind, pk=listing.pk)
            log.record(
                actor=None,
                action=f"{listing._meta.model_name}.closed",
                target=listing,
                public={"slug": listing.slug, "on": today.isoformat()},
                now=now,
            )
            close_programs_of(listing, closed_on=today, actor=None, now=now)
