"""What staff do with messages: hold, let go, call back, send again. Each leaves an audit line."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.audit import log
from core.exceptions import DomainError
from core.notifications.enums import MESSAGE_TRANSITIONS, SETTLED, MessageState
from core.notifications.events import opens_an_account
from core.notifications.models import Message
from core.notifications.outbox import stable_id
from core.states import change_state, change_states

if TYPE_CHECKING:
    from datetime import datetime

    from core.accounts.models import User

LONGEST_KEY: Final = 160
# What staff may ask of a message, and the state that it takes it from and to.
MOVES: Final[dict[str, tuple[tuple[MessageState, ...], MessageState]]] = {
    "hold": ((MessageState.QUEUED,), MessageState.HELD),
    "release": ((MessageState.HELD,), MessageState.QUEUED),
    "cancel": ((MessageState.QUEUED, MessageState.HELD), MessageState.CANCELLED),
}


class StillUnderWay(DomainError):
    """It may leave yet: a second one would be one too many."""

    code = "still_under_way"
    default_message = _("This message has not ended its way yet: there is nothing to send again.")


class WasCancelled(DomainError):
    """What it says is true no more: another letter took its place, or there is no news."""

    code = "was_cancelled"
    default_message = _(
        "This message was cancelled: what it says may no longer be true. Nothing was sent."
    )


class NothingLeftToSend(DomainError):
    """Its words were removed: an erasure, or a retention rule."""

    code = "nothing_left_to_send"
    default_message = _("The words of this message were removed: it cannot be sent again.")


class OpensAnAccount(DomainError):
    """What opens an account, or tells of its safety, is its person's alone."""

    code = "opens_an_account"
    default_message = _(
        "This message is about the safety of an account: only its person asks for another one. "
        "Nothing was sent."
    )


@transaction.atomic
def move_message(*, message: Message, move: str, actor: User, now: datetime) -> Message:
    """Hold, release or cancel one message (a key of :data:`MOVES`).

    A second click changes nothing. Raises ``IllegalMove`` once the message is being sent or has
    left.
    """
    _sources, to = MOVES[move]
    message = Message.objects.select_for_update().get(pk=message.pk)
    if message.state == to:
        return message
    change_state(message, to, transitions=MESSAGE_TRANSITIONS, now=now, also=_also(to, now))
    log.record(
        actor=actor,
        action=f"message.{move}",
        target=message,
        public={"event": message.event},
        now=now,
    )
    return message


@transaction.atomic
def move_batch(*, message: Message, move: str, actor: User, now: datetime) -> int:
    """The same for all that leave together with ``message``; how many moved."""
    if not message.batch:
        return 0
    sources, to = MOVES[move]
    together = Message.objects.filter(batch=message.batch)
    moved = sum(
        change_states(
            together,
            to,
            before=before,
            transitions=MESSAGE_TRANSITIONS,
            now=now,
            also=_also(to, now),
        )
        for before in sources
    )
    if moved:
        log.record(
            actor=actor,
            action=f"batch.{move}",
            target=message,
            public={"batch": message.batch, "messages": moved},
            now=now,
        )
    return moved


def _also(to: MessageState, now: datetime) -> dict[str, datetime]:
    # What was held for days is not late.
    return {"next_attempt_at": now} if to == MessageState.QUEUED else {}


@transaction.atomic
def send_again(*, message: Message, actor: User, now: datetime | None = None) -> Message:
    """Write the same words once more: a new row with a key of its own, linked to the old one.

    It goes to the address that its person has now. The one that waits already is the answer to a
    second click. Raises ``StillUnderWay``, ``WasCancelled``, ``OpensAnAccount`` and
    ``NothingLeftToSend``.
    """
    moment = now or timezone.now()
    message = (
        Message.objects.select_for_update(of=("self",)).select_related("user").get(pk=message.pk)
    )
    if message.state not in SETTLED:
        raise StillUnderWay
    if message.state == MessageState.CANCELLED:
        raise WasCancelled
    if opens_an_account(message.event):
        raise OpensAnAccount
    if not message.text:
        raise NothingLeftToSend
    waiting = message.sent_again.exclude(state__in=SETTLED).first()
    if waiting is not None:
        return waiting  # type: ignore[no-any-return]
    key = _next_key(message)
    again = Message.objects.create(
        key=key,
        event=message.event,
        user=message.user,
        to_email=message.user.email if message.user is not None else message.to_email,
        language=message.language,
        subject=message.subject,
        text=message.text,
        html=message.html,
        headers=message.headers,
        message_id=stable_id(key),
        next_attempt_at=moment,
        created_at=moment,
        resent_from=message,
    )
    log.record(
        actor=actor,
        action="message.sent_again",
        target=again,
        public={"event": message.event, "resent_from": message.pk},
        now=moment,
    )
    return again


def _next_key(message: Message) -> str:
    suffix = f":again:{message.sent_again.count() + 1}"
    room = LONGEST_KEY - len(suffix)
    base = message.key
    if len(base) > room:
        base = hashlib.sha256(base.encode()).hexdigest()
    return f"{base}{suffix}"
