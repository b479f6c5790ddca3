"""What the outbox does not keep for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from core.notifications.enums import SETTLED
from core.notifications.erasing import empty_messages
from core.notifications.models import NOWHERE, ClosedAddress, Message
from core.registry import Retained, retained

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet


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
    retained.register(
        "closed_addresses",
        Retained(
            label=_("Addresses that are not written to"),
            what=_(
                "The address, why it was closed and what its server said; it is written to again."
            ),
            count=lambda before: ClosedAddress.objects.filter(closed_at__lt=before).count(),
            apply=_open_old,
            least_days=180,
        ),
    )


def _open_old(before: datetime, most: int) -> int:
    old = ClosedAddress.objects.filter(closed_at__lt=before).order_by("pk")
    pks = list(old.values_list("pk", flat=True)[:most])
    return ClosedAddress.objects.filter(pk__in=pks).delete()[0]


def _old(before: datetime) -> QuerySet[Message]:
    settled = Message.objects.filter(state__in=SETTLED, created_at__lt=before)
    return settled.exclude(to_email=NOWHERE).order_by("pk")


def _empty(before: datetime, most: int) -> int:
    return empty_messages(_old(before)[:most])
