"""What of the messages goes with their person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from core.notifications.enums import MessageState
from core.notifications.models import ClosedAddress, Message, Notice
from core.notifications.outbox import cancel
from core.notifications.personal import messages_to
from core.registry import Eraser, erasers

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from core.accounts.models import User

NOWHERE: Final = "message@efface.invalid"


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
    for message in mine.filter(state__in=[MessageState.HELD, MessageState.QUEUED]):
        cancel(message)
    # Nothing is written to them any more: why that was so is nobody's business.
    ClosedAddress.objects.filter(email=user.email.lower()).delete()
    return empty_messages(mine)


def empty_messages(messages: QuerySet[Message]) -> int:
    """Take out what names anybody, and the notice with it; that a message left stays. How many."""
    pks = list(messages.values_list("pk", flat=True))
    Notice.objects.filter(message__in=pks).delete()
    return Message.objects.filter(pk__in=pks).update(
        subject="", text="", html="", last_error="", headers={}, to_email=NOWHERE
    )
