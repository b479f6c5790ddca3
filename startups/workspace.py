"""What the directory asks of a person today: rows of the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import dates
from core.accounts import rules
from core.deadlines import city_time, end_of_day
from core.registry import WorkspaceRow
from startups.domain.confirming import due_on
from startups.domain.links import broken_links_of
from startups.models import LISTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from core.accounts.models import Organisation, User

MOST: Final = 10


def rows(user: User, organisation: Organisation | None, now: datetime) -> Iterator[WorkspaceRow]:
    """Listings that nobody has confirmed for too long, the oldest first."""
    if organisation is None or not rules.can(user, "edit_content", organisation):
        return
    today = city_time(now).date()
    for kind in LISTINGS:
        stale = kind.objects.current().of_organisation(organisation).to_confirm(today)
        for listing in stale[:MOST]:
            due = due_on(listing)
            yield WorkspaceRow(
                title=str(listing),
                detail=_("Confirmed on %(day)s. Is all of it still true?")
                % {"day": dates.day(listing.verified_on)}
                if listing.verified_on
                else _("Nobody has confirmed this listing yet. Is all of it true?"),
                due=end_of_day(due) if due else None,
                url_name="listing_confirm",
                url_kwargs={"kind": listing._meta.model_name, "pk": listing.pk},
                button=_("Read and confirm"),
            )
    yield from _broken_links(organisation)


def _broken_links(organisation: Organisation) -> Iterator[WorkspaceRow]:
    found = broken_links_of(organisation)
    if found:
        yield WorkspaceRow(
            title=ngettext(
                "%(n)s link of your listings is broken",
                "%(n)s links of your listings are broken",
                len(found),
            )
            % {"n": len(found)},
            detail=_("Correct the address, or have it tested again once it is repaired."),
            due=found[0][0].broken_since,
            url_name="listing_links",
            button=_("See the links"),
        )
