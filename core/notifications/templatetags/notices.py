"""The number on the bell."""

from __future__ import annotations

from typing import Any

from django import template

from core.accounts.models import User
from core.notifications.notices import unread_count

register = template.Library()


@register.simple_tag(takes_context=True)
def unread_notices(context: dict[str, Any]) -> int:
    """How many the person has not read: one query, and none for a visitor."""
    user = context.get("user")
    return unread_count(user) if isinstance(user, User) else 0
