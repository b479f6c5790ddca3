"""What of the messages goes with their person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from core.accounts.people import confirmed_addresses
from core.notifications.enums import UNSENT
from core.notifications.models import NOWHERE, ClosedAddress, Message, Notice
from core.notifications.outbox import cancel
from core.notifications.personal import messages_to
from core.registry import Eraser, erasers

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from core.accounts.models import User


def register_erasers() -> None:
    """Add messages to an erasure: before the account, whose addresses find them."""
    erasers.register(
        "messages",
        Eraser(
            label=_("Messages received"),
            removed=_(
                "Subjects, texts and addresses of everything the site wrote to you. What has not "
                "left yet is cancelled."
            ),
            kept=_("That a message of a kind left on a day, so that none leaves twice."),
            erase=_empty_messages,
        ),
    )


def _empty_messages(user: User, now: datetime) -> int:
    mine = messages_to(user)
    cancel_unsent(mine)
    # Nothing is written to them any more: why that was so is nobody's business.
    ClosedAddress.objects.filter(email__in=confirmed_addresses(user)).delete()
    return empty_messages(mine)


def cancel_unsent(messages: QuerySet[Message]) -> None:
    """Call back those that have not left: nobody receives an empty letter."""
    for message in messages.filter(state__in=UNSENT):
        cancel(message)


def empty_messages(messages: QuerySet[Message]) -> int:
    """Take out what names anybody, and the notice with it; that a message left stays. How many."""
    pks = list(messages.values_list("pk", flat=True))
    Notice.objects.filter(message__in=pks).delete()
    return Message.objects.filter(pk__in=pks).update(
        subject="", text="", html="", last_error="", headers={}, to_email=NOWHERE
    )
