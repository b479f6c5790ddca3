"""What the outbox does not keep for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from core.notifications.enums import MessageState
from core.notifications.erasing import NOWHERE, empty_messages
from core.notifications.models import Message
from core.registry import Retained, retained

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

SETTLED: Final = (
    MessageState.SENT,
    MessageState.FAILED,
    MessageState.BOUNCED,
    MessageState.CANCELLED,
)


def register_retained() -> None:
    """Add the classes of messages."""
    retained.register(
        "message_bodies",
        Retained(
            label=_("Texts of old messages"),
            what=_(
                "The subject, text and address of messages that left, or never will; that one left "
                "on a day stays."
            ),
            count=lambda before: _old(before).count(),
            apply=_empty,
            least_days=90,
        ),
    )


def _old(before: datetime) -> QuerySet[Message]:
    settled = Message.objects.filter(state__in=SETTLED, created_at__lt=before)
    return settled.exclude(to_email=NOWHERE).order_by("pk")


def _empty(before: datetime, most: int) -> int:
    return empty_messages(_old(before)[:most])
