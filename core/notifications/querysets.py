"""How notices are reached: one's own, and never a message that is held back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

from core.notifications.enums import MessageState

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from core.accounts.models import User

# A letter that waits for the others of its envelope, or that was called back, is read by nobody.
UNSAID = (MessageState.HELD, MessageState.CANCELLED)


class NoticeQuerySet(models.QuerySet[Any]):
    """Notices of people."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The user's own, once their message has left or is about to."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(user=user).exclude(message__state__in=UNSAID)

    def unread(self) -> Self:
        """Those not read yet, on any device."""
        return self.filter(read_at__isnull=True)
