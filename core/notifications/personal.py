"""The messages that a person received."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from allauth.account.models import EmailAddress
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.notifications.enums import MessageState
from core.notifications.models import Message
from core.registry import Exporter, exporters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from core.accounts.models import User

# What has left. A held letter is not received: to show it would announce a decision (promise 6).
RECEIVED: Final = (MessageState.SENT, MessageState.BOUNCED)
# Codes and links that open an account: whoever holds the archive must not hold them too.
OPENS_AN_ACCOUNT: Final = ("account_", "mfa_", "socialaccount_")


def messages_to(user: User) -> QuerySet[Message]:
    """All messages to the person, those to a confirmed address without their name included."""
    confirmed = EmailAddress.objects.filter(user_id=user.pk, verified=True).values("email")
    return Message.objects.filter(
        Q(user_id=user.pk)
        | Q(user__isnull=True, to_email__in=[user.email, *(row["email"] for row in confirmed)])
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


def _messages(user: User) -> Iterator[dict[str, Any]]:
    found = messages_to(user).filter(state__in=RECEIVED).order_by("pk")
    for message in found.select_related("notice").iterator(chunk_size=200):
        notice = getattr(message, "notice", None)
        secret = message.event.startswith(OPENS_AN_ACCOUNT)
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
