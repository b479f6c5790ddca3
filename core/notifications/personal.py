"""The messages that a person received."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.accounts.people import confirmed_addresses
from core.notifications.enums import MessageState
from core.notifications.events import opens_an_account
from core.notifications.models import ClosedAddress, Message
from core.registry import Exporter, exporters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from core.accounts.models import User

# What has left. A held letter is not received: to show it would announce a decision (promise 6).
RECEIVED: Final = (MessageState.SENT, MessageState.BOUNCED)
CLOSED_FIELDS: Final = ("email", "reason", "words", "closed_at", "opened_at")


def messages_to(user: User) -> QuerySet[Message]:
    """All messages to the person, those to a confirmed address without their name included."""
    return Message.objects.filter(
        Q(user_id=user.pk) | Q(user__isnull=True, to_email__in=confirmed_addresses(user))
    )


def register_exporters() -> None:
    """Add messages to « my data »."""
    exporters.register(
        "messages",
        Exporter(
            label=_("Messages received"),
            about=_(
                "What the site wrote to you. Codes and links that open your account are left out."
            ),
            fields=("event", "to", "language", "subject", "text", "sent_at", "read_at"),
            rows=_messages,
        ),
    )
    exporters.register(
        "closed_addresses",
        Exporter(
            label=_("Addresses that are not written to"),
            about=_("Since when and why mail to an address of yours was stopped."),
            fields=CLOSED_FIELDS,
            rows=_closed,
        ),
    )


def _closed(user: User) -> Iterator[dict[str, Any]]:
    found = ClosedAddress.objects.filter(email__in=confirmed_addresses(user)).order_by("pk")
    yield from found.values(*CLOSED_FIELDS)


def _messages(user: User) -> Iterator[dict[str, Any]]:
    found = messages_to(user).filter(state__in=RECEIVED).order_by("pk")
    for message in found.select_related("notice").iterator(chunk_size=200):
        notice = getattr(message, "notice", None)
        # Whoever holds the archive must not hold what opens the account.
        secret = opens_an_account(message.event)
        yield {
            "event": message.event,
            "to": message.to_email,
            "language": message.language,
            "subject": message.subject,
            "text": "" if secret else message.text,
            "sent_at": message.sent_at,
            # On the site, behind the bell: whether a mail is read is never known.
            "read_at": notice.read_at if notice is not None else None,
        }
