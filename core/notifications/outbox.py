"""Put a message in the outbox: part of the transaction of what it tells."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.utils import timezone

from core import queue
from core.addresses import site_url
from core.notifications.enums import MESSAGE_TRANSITIONS, MessageState
from core.notifications.events import catalogue
from core.notifications.models import Message
from core.notifications.notices import add_notices
from core.notifications.rendering import language_for, one_line, render
from core.states import change_state

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from core.accounts.models import Organisation, User

LATE_AFTER = timedelta(minutes=30)


def queue_message(
    *,
    key: str,
    event: str,
    to: User | str,
    context: Mapping[str, Any],
    language: str | None = None,
    organisation: Organisation | None = None,
    hold: bool = False,
    batch: str = "",
    now: datetime | None = None,
) -> Message:
    """Write the message of ``event`` to a person, once per ``key``; a second call changes nothing.

    ``to`` is a person, or an address that no person has; ``organisation`` is the one that the
    message is about. The text is rendered now, in the language of
    :func:`~core.notifications.rendering.language_for` unless ``language`` is given, and does not
    change afterwards. ``hold`` keeps it until :func:`release_batch`. ``KeyError`` on an event that
    is not in the catalogue.
    """
    spec = catalogue[event]
    existing = Message.objects.filter(key=key).first()
    if existing is not None:
        return existing
    person = None if isinstance(to, str) else to
    chosen = language or language_for(user=person, organisation=organisation)
    named = {**context, "user_name": person.name if person is not None else ""}
    subject, text, html = render(spec.name, named, chosen)
    message = queue_rendered(
        key=key,
        event=event,
        to_email=to if isinstance(to, str) else to.email,
        user=person,
        language=chosen,
        subject=subject,
        text=text,
        html=html,
        hold=hold,
        batch=batch,
        now=now,
    )
    add_notices([message])
    return message


def queue_rendered(
    *,
    key: str,
    event: str,
    to_email: str,
    language: str,
    subject: str,
    text: str,
    html: str = "",
    user: User | None = None,
    hold: bool = False,
    batch: str = "",
    now: datetime | None = None,
) -> Message:
    """The same for a text already written, as allauth's are."""
    moment = now or timezone.now()
    try:
        with transaction.atomic():
            message = Message.objects.create(
                key=key,
                event=event,
                batch=batch,
                user=user,
                to_email=to_email,
                language=language,
                subject=one_line(subject)[:300],
                text=text,
                html=html,
                state=MessageState.HELD if hold else MessageState.QUEUED,
                message_id=stable_id(key),
                next_attempt_at=moment,
                created_at=moment,
            )
            if not hold:
                queue.enqueue("core.notifications.delivery.deliver", message.pk)
    except IntegrityError:
        return Message.objects.get(key=key)
    return message


def stable_id(key: str) -> str:
    """The Message-ID (RFC 5322) that every attempt at this message carries."""
    host = urlsplit(site_url()).hostname or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{host}>"


def release_batch(*, batch: str) -> int:
    """Let the held messages of a batch go; part of the caller's transaction. How many."""
    held = list(Message.objects.select_for_update().filter(batch=batch, state=MessageState.HELD))
    for message in held:
        change_state(message, MessageState.QUEUED, transitions=MESSAGE_TRANSITIONS)
        queue.enqueue("core.notifications.delivery.deliver", message.pk)
    return len(held)


def cancel(message: Message) -> None:
    """Stop a message that has not left; ``IllegalMove`` when it has."""
    change_state(message, MessageState.CANCELLED, transitions=MESSAGE_TRANSITIONS)


def backlog() -> dict[str, Any]:
    """What waits to leave; not ok when something due is half an hour late."""
    waiting = Message.objects.filter(state__in=[MessageState.QUEUED, MessageState.SENDING])
    late = waiting.filter(next_attempt_at__lt=timezone.now() - LATE_AFTER).count()
    return {"ok": not late, "waiting": waiting.count(), "late": late}
