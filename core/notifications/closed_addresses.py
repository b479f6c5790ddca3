"""Addresses that are not written to: closed by what servers say or by staff, opened again by staff
or by their owner.
"""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.audit import log
from core.exceptions import DomainError
from core.notifications.enums import MESSAGE_TRANSITIONS, ClosedBecause, MessageState
from core.notifications.events import catalogue, opens_an_account
from core.notifications.models import NOWHERE, ClosedAddress, MailEvent, Message
from core.numbers import key_of
from core.states import change_state
from core.text import shown_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from core.accounts.models import User

OWNER_WAITS: Final = timedelta(days=1)
LONGEST_WORDS: Final = 500
PASSING: Final = re.compile(r"^4\d\d\b|\b4\.\d{1,3}\.\d{1,3}\b")


class NotClosed(DomainError):
    """The address is open already."""

    code = "not_closed"
    default_message = _("This address is open: it is written to.")


class OpenedLately(DomainError):
    """Its owner opened it less than a day ago, and mail came back again."""

    code = "opened_lately"
    default_message = _(
        "You asked us to try this address again less than a day ago, and mail came back. Change "
        "your address, or try again tomorrow."
    )


@transaction.atomic
def close_address(
    *,
    email: str,
    reason: ClosedBecause,
    words: str = "",
    actor: User | None = None,
    now: datetime | None = None,
) -> ClosedAddress:
    """Write no more to ``email``; ``words`` are the server's. One that is closed stays as it is."""
    plain = email.strip().lower()
    try:
        with transaction.atomic():
            closed: ClosedAddress = ClosedAddress.objects.create(
                email=plain,
                reason=reason,
                words=shown_line(words, most=LONGEST_WORDS),
                closed_at=now or timezone.now(),
                closed_by=actor,
            )
    except IntegrityError:
        return ClosedAddress.objects.get(email=plain, opened_at__isnull=True)
    log.record(
        actor=actor,
        action="address.closed",
        target=closed,
        public={"reason": str(reason)},
        now=closed.closed_at,
    )
    return closed


@transaction.atomic
def open_address(*, closed: ClosedAddress, actor: User, now: datetime | None = None) -> None:
    """Write to the address again; ``NotClosed`` when somebody has just opened it."""
    moment = now or timezone.now()
    still = ClosedAddress.objects.filter(pk=closed.pk, opened_at__isnull=True)
    if not still.update(opened_at=moment, opened_by=actor):
        raise NotClosed
    log.record(
        actor=actor,
        action="address.opened",
        target=closed,
        public={"reason": closed.reason},
        now=moment,
    )


@transaction.atomic
def open_own_address(*, actor: User, now: datetime | None = None) -> None:
    """Their owner says that it works again; once a day. ``NotClosed``, ``OpenedLately``."""
    moment = now or timezone.now()
    closed = closed_of(actor)
    if closed is None:
        raise NotClosed
    lately = ClosedAddress.objects.filter(
        email=closed.email, opened_by=actor, opened_at__gt=moment - OWNER_WAITS
    )
    if lately.exists():
        raise OpenedLately
    open_address(closed=closed, actor=actor, now=moment)


def closed_of(user: User) -> ClosedAddress | None:
    """Why ``user`` is not written to, if they are not."""
    found: ClosedAddress | None = ClosedAddress.objects.filter(
        email=user.email.lower(), opened_at__isnull=True
    ).first()
    return found


def closed_among(messages: Iterable[Message]) -> dict[int, str]:
    """Of ``messages``, the numbers of those whose address is closed, each with the reason."""
    listed = list(messages)
    closed = {
        row.email: row
        for row in ClosedAddress.objects.filter(
            email__in={m.to_email.lower() for m in listed}, opened_at__isnull=True
        )
    }
    found = {}
    for message in listed:
        row = closed.get(message.to_email.lower())
        if row is None or (
            # Who reports a message as unwanted still asks for codes to log in.
            row.reason == ClosedBecause.COMPLAINT and opens_an_account(message.event)
        ):
            continue
        found[message.pk] = f"{row.closed_at:%Y-%m-%d} {row.reason}: {row.words}"[:LONGEST_WORDS]
    return found


# ---- what a mail provider tells -----------------------------------------------------------------
def receive_news(event: Any, esp_name: str, **kwargs: Any) -> None:
    """Receiver of anymail's ``tracking``: one event, whose signature anymail has checked."""
    reason = _reason_of(event)
    if reason is None or not event.recipient:
        return
    seen = "\n".join(
        str(part)
        for part in (esp_name, event.event_type, event.event_id, event.message_id, event.recipient)
    )
    note_news(
        digest=hashlib.sha256(f"{seen}\n{event.timestamp}".encode()).hexdigest(),
        reason=reason,
        email=event.recipient,
        number=(event.metadata or {}).get("message"),
        message_id=event.message_id or "",
        words=event.mta_response or event.description or "",
    )


def _reason_of(event: Any) -> ClosedBecause | None:
    if event.event_type == "complained":
        return ClosedBecause.COMPLAINT
    said = f"{event.mta_response or ''}".strip()
    kind = event.esp_event.get("Type") if isinstance(event.esp_event, dict) else None
    if event.event_type == "bounced":
        return None if PASSING.search(said) or kind == "SoftBounce" else ClosedBecause.BOUNCE
    if event.event_type == "rejected" and event.reject_reason in {"invalid", "bounced"}:
        return ClosedBecause.BOUNCE
    return None


@transaction.atomic
def note_news(
    *,
    digest: str,
    reason: ClosedBecause,
    email: str,
    number: str | None = None,
    message_id: str = "",
    words: str = "",
    now: datetime | None = None,
) -> bool:
    """A message came back or was complained of: close its address. False when it was known.

    ``number`` and ``message_id`` find the message; they count only when it was written to
    ``email``. News of a message that was emptied, or says goodbye, writes no address down again.
    """
    _row, is_new = MailEvent.objects.get_or_create(digest=digest, defaults={"kind": str(reason)})
    if not is_new:
        return False
    named = _named(number, message_id)
    if named is not None and _leaves_no_trace(named):
        return True
    message = named if named is not None and _is_sent_to(named, email) else None
    said = shown_line(words, most=LONGEST_WORDS)
    if reason == ClosedBecause.BOUNCE and message is not None:
        change_state(
            message,
            MessageState.BOUNCED,
            transitions=MESSAGE_TRANSITIONS,
            also={"last_error": said},
        )
    close_address(email=email, reason=reason, words=said, now=now)
    return True


def _named(number: str | None, message_id: str) -> Message | None:
    rows = Message.objects.select_for_update()
    if number:
        key = key_of(str(number))
        return None if key is None else rows.filter(pk=key).first()
    bare = message_id.strip("<> ")
    return rows.filter(message_id=f"<{bare}>").first() if bare else None


def _is_sent_to(message: Message, email: str) -> bool:
    return message.state == MessageState.SENT and message.to_email.lower() == email.strip().lower()


def _leaves_no_trace(message: Message) -> bool:
    event = catalogue.get(message.event)
    return message.to_email == NOWHERE or (event is not None and event.leaves_no_trace)
