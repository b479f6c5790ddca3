"""The worker's side: claim messages, hand them to the mail server, note what it said of each.

A claim is a few messages, taken under a lock that other workers step over. What the server said of
a message is committed before the next one leaves: a worker that is killed leaves one message of
which nobody knows, and that one goes again with the same Message-ID.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils import timezone

from core.exceptions import IllegalMove
from core.notifications.closed_addresses import close_address, closed_among
from core.notifications.enums import MESSAGE_TRANSITIONS, ClosedBecause, MessageState
from core.notifications.events import catalogue
from core.notifications.models import Message
from core.notifications.post import Answer, Fate, Post
from core.states import change_state, change_states

if TYPE_CHECKING:
    from django.db.models import QuerySet

logger = logging.getLogger(__name__)

MOST_ATTEMPTS: Final = 8
# Minutes after the first failure, the second…: a server may be away for a night.
WAITS: Final = (1, 5, 15, 60, 180, 360, 720)
# Many enough that claiming costs nothing, few enough that those of a dead worker are few.
CLAIM_SIZE: Final = 25
# What is not begun after this long goes back: the claim must not lapse under a slow server.
CLAIM_SERVES: Final = timedelta(minutes=1)
# A claim older than this belongs to a worker that died.
CLAIM_HOLDS: Final = timedelta(minutes=5)
# Said of a message that a dead worker had claimed.
INTERRUPTED: Final = "The worker stopped while it was sending."


def wait_after(attempts: int) -> timedelta:
    """How long a message waits after so many tries."""
    return timedelta(minutes=WAITS[min(max(attempts, 1), len(WAITS)) - 1])


def _never() -> bool:
    return False


def deliver_due(is_over: Callable[[], bool] = _never) -> int:
    """Send what is due until nothing is, the server is away or ``is_over``; how many were sent.

    Safe in several workers at once, and safe to be killed.
    """
    sent = 0
    with Post() as post:
        while not post.is_away and not is_over():
            claim = _claim()
            if not claim:
                break
            sent += _work_off(claim, post, is_over)
    return sent


@transaction.atomic
def _claim() -> list[Message]:
    """Up to :data:`CLAIM_SIZE` messages that are due, taken for this worker alone.

    Messages on their own before those of a batch: a code to log in with does not wait behind an
    envelope. The lock is that of the rows; on SQLite, that of the database.
    """
    now = timezone.now()
    due = Message.objects.filter(state=MessageState.QUEUED, next_attempt_at__lte=now)
    taken = _lock(due.filter(batch=""), CLAIM_SIZE)
    if len(taken) < CLAIM_SIZE:
        taken += _lock(due.exclude(batch=""), CLAIM_SIZE - len(taken))
    if taken:
        change_states(
            Message.objects.filter(pk__in=[message.pk for message in taken]),
            MessageState.SENDING,
            before=MessageState.QUEUED,
            transitions=MESSAGE_TRANSITIONS,
            also={"claimed_at": now},
        )
    claimed = Message.objects.in_bulk([message.pk for message in taken])
    return [claimed[message.pk] for message in taken]


def _lock(due: QuerySet[Message], most: int) -> list[Message]:
    ordered = due.only("pk").order_by("next_attempt_at", "pk")
    return list(ordered.select_for_update(skip_locked=True)[:most])


def _work_off(claim: list[Message], post: Post, is_over: Callable[[], bool]) -> int:
    until = timezone.now() + CLAIM_SERVES
    closed = closed_among(claim)
    sent = 0
    for place, message in enumerate(claim):
        if is_over() or timezone.now() > until:
            _give_back(claim[place:])
            break
        reason = closed.get(message.pk)
        answer = Answer(Fate.ADDRESS_CLOSED, reason) if reason else post.send(message)
        _note(message, answer)
        sent += answer.fate is Fate.SENT
        if post.is_away:
            for other in claim[place + 1 :]:
                _note(other, answer)
            break
    return sent


def _give_back(messages: list[Message]) -> None:
    """Nothing was tried: they are as they were."""
    change_states(
        Message.objects.filter(
            pk__in=[message.pk for message in messages], claimed_at=messages[0].claimed_at
        ),
        MessageState.QUEUED,
        before=MessageState.SENDING,
        transitions=MESSAGE_TRANSITIONS,
        also={"claimed_at": None},
    )


def _note(message: Message, answer: Answer) -> None:
    """Write down what the server said; a claim that lapsed meanwhile is somebody else's."""
    try:
        if answer.fate is Fate.SENT:
            _note_sent(message)
        else:
            _note_failure(message, answer)
    except IllegalMove as error:
        logger.warning("Message %s was claimed by another worker: %s", message.pk, error.code)


def _note_sent(message: Message) -> None:
    change_state(
        message,
        MessageState.SENT,
        transitions=MESSAGE_TRANSITIONS,
        also={
            "sent_at": timezone.now(),
            "attempts": message.attempts + 1,
            "last_error": "",
        },
    )


@transaction.atomic
def _note_failure(message: Message, answer: Answer) -> None:
    """A refusal ends the message at once; what may pass waits, eight times at most."""
    mine = Message.objects.select_for_update().filter(
        pk=message.pk, state=MessageState.SENDING, claimed_at=message.claimed_at
    )
    if not mine.exists():
        raise IllegalMove(code="moved_meanwhile")
    logger.warning("Message %s was not sent: %s", message.pk, answer.fate.name)
    attempts = message.attempts + (answer.fate is not Fate.ADDRESS_CLOSED)
    to = {
        Fate.ADDRESS_CLOSED: MessageState.SUPPRESSED,
        Fate.NO_SUCH_ADDRESS: MessageState.BOUNCED,
        Fate.REFUSED: MessageState.FAILED,
    }.get(answer.fate, MessageState.FAILED if attempts >= MOST_ATTEMPTS else MessageState.QUEUED)
    change_state(
        message, to, transitions=MESSAGE_TRANSITIONS, also=_after_failure(attempts, answer.words)
    )
    event = catalogue.get(message.event)
    is_kept = event is None or not event.leaves_no_trace
    if answer.fate is Fate.NO_SUCH_ADDRESS and is_kept:
        close_address(email=message.to_email, reason=ClosedBecause.BOUNCE, words=answer.words)


def _after_failure(attempts: int, words: str) -> dict[str, Any]:
    return {
        "attempts": attempts,
        "last_error": words,
        "next_attempt_at": timezone.now() + wait_after(attempts),
        "claimed_at": None,
    }


def sweep(now: datetime | None = None) -> int:
    """Each minute: take up the claims of dead workers; how many messages.

    Nobody knows which of them had left: each counts a try, so that one that kills its worker is
    given up, and goes again with the same Message-ID.
    """
    moment = now or timezone.now()
    lapsed = Message.objects.filter(state=MessageState.SENDING, claimed_at__lt=moment - CLAIM_HOLDS)
    for message in lapsed:
        over = message.attempts + 1 >= MOST_ATTEMPTS
        try:
            change_state(
                message,
                MessageState.FAILED if over else MessageState.QUEUED,
                transitions=MESSAGE_TRANSITIONS,
                also={
                    "attempts": message.attempts + 1,
                    "last_error": message.last_error or INTERRUPTED,
                    "next_attempt_at": moment,
                    "claimed_at": None,
                },
            )
        except IllegalMove:
            continue
    return len(lapsed)
