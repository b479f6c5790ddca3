"""A link of the invented support organisation that no longer answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cms.demo.source import read
from core.probing import Outcome, Reason
from startups.models import CheckedLink, Incubator

if TYPE_CHECKING:
    from cms.demo.source import Calendar


def load_links(calendar: Calendar) -> int:
    """Give the listing its link, and the link what two tests said of it."""
    for record in read("links"):
        incubator = Incubator.objects.get(slug=record["incubator"])
        Incubator.objects.filter(pk=incubator.pk).update(
            links=[*incubator.links, record["address"]]
        )
        since = calendar.at(-record["broken_days"], hour=4)
        CheckedLink.objects.create(
            address=record["address"],
            used_by=[["incubator", incubator.pk]],
            outcome=Outcome.FAILS,
            reason=Reason.STATUS,
            status=record["status"],
            checked_at=calendar.at(-3, hour=4),
            failing_since=since,
            broken_since=since,
            told_at=calendar.at(-record["broken_days"] + 1, hour=4),
        )
    return len(read("links"))
