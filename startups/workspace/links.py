"""Links that no longer answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.accounts import rules
from core.registry import WorkspaceRow
from startups.domain.links import broken_links_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from core.accounts.models import Organisation, User

MOST: Final = 10


def rows(user: User, organisation: Organisation | None, now: datetime) -> Iterator[WorkspaceRow]:
    """One row for all that are broken."""
    if organisation is not None and rules.can(user, "edit_content", organisation):
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
