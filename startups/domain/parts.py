"""The parts of a listing: programs of a support organisation, solutions of a startup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.models import Revision

from startups.domain.discarding import drop_rounds
from startups.models import Incubator, Startup
from startups.signals import record_changed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from core.accounts.models import User
    from startups.models import Listing


def parts_of(listing: Listing) -> tuple[str, Any]:
    """The name of the column that ties a part to ``listing``, and its parts; none for a part."""
    if isinstance(listing, Incubator):
        return "incubator", listing.programs
    if isinstance(listing, Startup):
        return "startup", listing.solutions
    return "", None


def move_parts(
    listing: Listing, to: Listing, *, only: Iterable[int] | None, actor: User, now: datetime
) -> list[int]:
    """Tie the parts of ``listing``, or ``only`` some, to ``to``; their keys.

    Those its organisation spoke for go to that of ``to``. In the transaction of whoever merges.
    """
    column, parts = parts_of(listing)
    if not column:
        return []
    rows = parts.select_for_update().order_by("pk")
    moved = list(rows if only is None else rows.filter(pk__in=list(only)))
    for part in moved:
        setattr(part, column, to)
        if listing.organisation_id == part.organisation_id != to.organisation_id:
            if listing.organisation is not None:
                drop_rounds(part, listing.organisation, actor, now)
            part.organisation = to.organisation
        part.save(update_fields=[column, "organisation"])
        for revision in Revision.objects.filter(
            pk__in={part.live_revision_id, part.latest_revision_id} - {None}
        ):
            revision.content[column] = to.pk
            revision.save(update_fields=["content"])
        record_changed.send(sender=type(part), pk=part.pk)
    return [part.pk for part in moved]
