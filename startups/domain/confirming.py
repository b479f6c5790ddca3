"""A listing is never silently stale: who speaks for it says again that all is true (promise 13)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.accounts.domain.belonging import require_right
from core.audit import log
from core.deadlines import city_time
from core.exceptions import DomainError, NotAllowed
from core.taxonomy.models import CitySettings
from startups.enums import GONE
from startups.models import Program, Solution
from startups.signals import record_changed

if TYPE_CHECKING:
    from datetime import date, datetime

    from core.accounts.models import Organisation, User
    from startups.models import Listing


class ListingGone(DomainError):
    """Closed and merged listings say what was, once."""

    code = "listing_gone"
    default_message = _("This listing is closed: there is nothing to confirm any more.")


def speaks_for(listing: Listing) -> Organisation | None:
    """The organisation whose members confirm ``listing``; a part belongs to its whole's."""
    found: Organisation | None = listing.organisation
    if found is None and isinstance(listing, Solution):
        found = listing.startup.organisation
    if found is None and isinstance(listing, Program):
        found = listing.incubator.organisation
    return found


def due_on(listing: Listing) -> date | None:
    """The day on which it is asked again; None when it was never confirmed."""
    if listing.verified_on is None:
        return None
    return listing.verified_on + timedelta(days=CitySettings.current().confirm_every_days)


@transaction.atomic
def confirm_listing(*, listing: Listing, actor: User, now: datetime) -> Listing:
    """Say that all of ``listing`` is still true today, in the city's day.

    A second click on the same day changes nothing. Raises ``NotAllowed`` for whoever may not write
    the profile, and ``ListingGone``.
    """
    listing = type(listing).objects.select_for_update().get(pk=listing.pk)
    organisation = speaks_for(listing)
    if organisation is None:
        raise NotAllowed(_("Nobody speaks for this listing yet: the city’s team keeps it."))
    require_right("edit_content", organisation, actor)
    if listing.state in GONE:
        raise ListingGone
    today, before = city_time(now).date(), listing.verified_on
    if before == today:
        return listing
    listing.verified_on = today
    listing.save(update_fields=["verified_on"])
    record_changed.send(sender=type(listing), pk=listing.pk)
    log.record(
        actor=actor,
        action=f"{listing._meta.model_name}.confirmed",
        target=listing,
        public={
            "slug": listing.slug,
            "before": before.isoformat() if before else None,
            "after": today.isoformat(),
        },
        now=now,
    )
    return listing
