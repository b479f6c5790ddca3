"""What a person finds behind the bell: their messages, and which of them they have read.

Reading is nobody else's business and changes nothing of the city's: it leaves no line in the audit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from core.notifications.events import opens_an_account
from core.notifications.models import Message, Notice

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from core.accounts.models import User


def add_notices(messages: Iterable[Message]) -> None:
    """A notice for each message to a person with an account; part of the message's transaction.

    None for what opens the account: whoever sits at an open session would read the code there.
    """
    Notice.objects.bulk_create(
        [
            Notice(message_id=message.pk, user_id=message.user_id)
            for message in messages
            if message.user_id is not None and not opens_an_account(message.event)
        ],
        batch_size=500,
        ignore_conflicts=True,
    )


def unread_count(user: User) -> int:
    """How many notices ``user`` has not read; one query."""
    return Notice.objects.visible_to(user).unread().count()


@transaction.atomic
def mark_read(*, user: User, now: datetime, message: int | None = None) -> int:
    """Mark one notice of ``user`` as read, or all; how many were not. Others' are left alone."""
    unread = Notice.objects.visible_to(user).unread()
    chosen = unread if message is None else unread.filter(message=message)
    pks = list(chosen.values_list("pk", flat=True))
    return Notice.objects.filter(pk__in=pks, user=user).update(read_at=now)
