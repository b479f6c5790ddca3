"""The mails to an address without an account: they go through the outbox like all others."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from core.following import links
from core.notifications.models import Message
from core.notifications.outbox import queue_message

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from core.following.models import Follow, Follower
    from core.following.targets import Target

CONFIRM: Final = "follow_confirm"
PAGE: Final = "follow_page"
# What anybody may make us write to one address in a day, whoever they are.
MOST_A_DAY: Final = 3
# A second click within this time is the same click.
SAME_CLICK: Final = 600


def may_write(email: str, now: datetime) -> bool:
    """Whether one more mail that somebody asked for may leave to ``email`` today."""
    written = Message.objects.filter(
        event__in=[CONFIRM, PAGE], to_email=email, created_at__gt=now - timedelta(days=1)
    )
    return written.count() < MOST_A_DAY


def ask_confirmation(follow: Follow, target: Target, language: str, now: datetime) -> None:
    """Write to whom ``follow`` is for: nothing else is sent before they answer."""
    context = {"label": target.label, "name": target.name, "token": links.confirming(follow)}
    _write(CONFIRM, f"{CONFIRM}:{follow.pk}", follow.follower, language, context, now)


def send_page(follower: Follower, language: str, now: datetime, target: Target | None) -> None:
    """Write where one sees what one follows; ``target`` is what one asked to follow once more."""
    name = target.name if target is not None else ""
    context = {"name": name, "token": links.seeing(follower)}
    _write(PAGE, f"{PAGE}:{follower.pk}", follower, language, context, now)


def _write(
    event: str,
    key: str,
    follower: Follower,
    language: str,
    context: Mapping[str, Any],
    now: datetime,
) -> None:
    queue_message(
        key=f"{key}:{int(now.timestamp()) // SAME_CLICK}",
        event=event,
        to=follower.user or follower.email,
        context=context,
        language=language,
        now=now,
    )
