"""Who of an organisation is written to about its listings, and that each is written to once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.accounts import rules
from core.notifications.outbox import Letter, queue_messages

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from core.accounts.models import Organisation


def write_to_members(
    *, organisation: Organisation, event: str, key: str, context: Mapping[str, Any], now: datetime
) -> int:
    """Write ``event`` to each member who may write the profile; how many letters are new.

    Each reads it in their own language. ``key`` names what happened: a second call adds nothing.
    """
    members = organisation.memberships.filter(
        role__in=rules.roles_with("edit_content"), user__is_active=True
    )
    letters = [
        Letter(
            key=f"{key}:{member.user_id}",
            to=member.user,
            context=context,
            organisation=organisation,
        )
        for member in members.select_related("user").order_by("pk")
    ]
    return queue_messages(event=event, letters=letters, now=now)
