"""The worker's side: claim a message, hand it to the mail server, note what it said."""

from __future__ import annotations

import logging
import smtplib
from datetime import datetime, timedelta

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core import queue
from core.exceptions import IllegalMove
from core.notifications.enums import MESSAGE_TRANSITIONS, MessageState
from core.notifications.models import Message
from core.states import change_state

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 8
# A claim older than this belongs to a worker that died: the message goes again, same Message-ID.
CLAIM_HOLDS = timedelta(minutes=5)


def wait_after(attempts: int) -> timedelta:
    """1, 2, 4 … minutes, an hour at most."""
    return timedelta(minutes=min(2 ** max(attempts - 1, 0), 60))


def deliver(message_pk: int) -> None:
    """Send one message if it is still to be sent and due. Safe to call twice."""
    message = Message.objects.filter(pk=message_pk, state=MessageState.QUEUED).first()
    if message is None or message.next_attempt_at > timezone.now():
        return
    try:
        _claim(message)
    except IllegalMove:
        return  # another worker has it
    try:
        _send(message)
    except (smtplib.SMTPException, OSError, ValueError) as error:
        _note_failure(message, error)
    else:
        _note_sent(message)


@transaction.atomic
def _claim(message: Message) -> None:
    """State and hour together: a claim without its hour would never be taken up again."""
    change_state(message, MessageState.SENDING, transitions=MESSAGE_TRANSITIONS)
    Message.objects.filter(pk=message.pk).update(
        claimed_at=timezone.now(), attempts=F("attempts") + 1
    )
    message.refresh_from_db()


@transaction.atomic
def _note_sent(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(sent_at=timezone.now(), last_error="")
    change_state(message, MessageState.SENT, transitions=MESSAGE_TRANSITIONS)


def _headers(message: Message) -> dict[str, str]:
    """The same at every attempt; what can be stopped says how, by one click (RFC 8058)."""
    headers = {"Message-ID": message.message_id, "Content-Language": message.language}
    if message.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{message.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _send(message: Message) -> None:
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        to=[message.to_email],
        headers=_headers(message),
    )
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    mail.send()


@transaction.atomic
def _note_failure(message: Message, error: Exception) -> None:
    logger.warning("Message %s was not sent: %s", message.pk, type(error).__name__)
    over = message.attempts >= MOST_ATTEMPTS
    Message.objects.filter(pk=message.pk).update(
        last_error=f"{type(error).__name__}: {error}"[:500],
        next_attempt_at=timezone.now() + wait_after(message.attempts),
    )
    change_state(
        message,
        MessageState.FAILED if over else MessageState.QUEUED,
        transitions=MESSAGE_TRANSITIONS,
    )


def sweep(now: datetime | None = None) -> int:
    """Each minute: take up claims of dead workers and what is due again; how many."""
    moment = now or timezone.now()
    for message in Message.objects.filter(
        state=MessageState.SENDING, claimed_at__lt=moment - CLAIM_HOLDS
    ):
        try:
            change_state(message, MessageState.QUEUED, transitions=MESSAGE_TRANSITIONS)
        except IllegalMove:
            continue
    due = Message.objects.filter(
        state=MessageState.QUEUED,
        next_attempt_at__lte=moment,
        created_at__lt=moment - timedelta(minutes=1),
    ).values_list("pk", flat=True)[:500]
    for pk in due:
        queue.enqueue("core.notifications.delivery.deliver", pk)
    return len(due)
