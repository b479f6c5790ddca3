"""The messages that the directory sends, by the job they belong to."""

from __future__ import annotations

from core.notifications.events import register
from startups.events import alumni, claims, editing, interest, links


def register_events() -> None:
    """Add them to the catalogue; their words are in ``templates/emails/``."""
    for job in (alumni, claims, editing, interest, links):
        for event in job.EVENTS:
            register(event)
