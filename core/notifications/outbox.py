"""Put a message in the outbox: part of the transaction of what it tells."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.addresses import site_url
from core.notifications.enums import MESSAGE_TRANSITIONS, MessageState
from core.notifications.events import catalogue
from core.notifications.models import Message
from core.notifications.notices import add_notices
from core.notifications.rendering import Paper, language_for, paper_for, render
from core.notifications.safe_templates import LONGEST_SUBJECT
from core.states import change_state, change_states
from core.text import shown_line, without_hidden

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from core.accounts.models import Organisation, User
    from core.notifications.events import Event

LATE_AFTER = timedelta(minutes=30)
# Rows in one statement.
AT_ONCE: Final = 500
LONGEST_ADDRESS: Final = 254
LONGEST_HEADER: Final = 900
NOT_AN_ADDRESS: Final = "This is not an e-mail address; nothing was sent."


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
    headers: Mapping[str, str] | None = None,
    to_email: str = "",
    now: datetime | None = None,
) -> Message:
    """Write the message of ``event`` to a person, once per ``key``; a second call changes nothing.

    ``to`` is a person, or an address that no person has; ``to_email`` is an address of that person
    which is not, or no more, their account's. ``organisation`` is the one that the message is
    about. The text is rendered now, in the language of
    :func:`~core.notifications.rendering.language_for` unless ``language`` is given, and does not
    change afterwards. ``hold`` keeps it until :func:`release_batch`. ``headers`` are added to those
    of every mail. ``KeyError`` on an event that is not in the catalogue.
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
        to_email=to if isinstance(to, str) else to_email or to.email,
        user=person,
        language=chosen,
        subject=subject,
        text=text,
        html=html,
        hold=hold,
        batch=batch,
        headers=headers,
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
    headers: Mapping[str, str] | None = None,
    now: datetime | None = None,
) -> Message:
    """The same for a text already written."""
    message = message_row(
        key=key,
        event=event,
        batch=batch,
        user=user,
        to_email=to_email,
        language=language,
        texts=(subject, text, html),
        headers=headers or {},
        hold=hold,
        moment=now or timezone.now(),
    )
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        return Message.objects.get(key=key)
    return message


@dataclass(frozen=True, slots=True)
class Letter:
    """One of many messages of the same event; the arguments of :func:`queue_message`."""

    key: str
    to: User | str
    context: Mapping[str, Any]
    language: str | None = None
    organisation: Organisation | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def queue_messages(
    *,
    event: str,
    letters: Iterable[Letter],
    hold: bool = False,
    batch: str = "",
    now: datetime | None = None,
) -> int:
    """Write many messages of ``event``, each once per key, in few statements; how many are new.

    Part of the caller's transaction: all of them or none.
    """
    spec = catalogue[event]
    moment = now or timezone.now()
    rows: dict[str, Message] = {}
    said = _Said()
    kept = list(letters)  # as long as they live, a context's identity is its own
    for letter in kept:
        if letter.key not in rows:
            rows[letter.key] = _of_letter(letter, spec, said, batch=batch, hold=hold, moment=moment)
    try:
        return _insert(rows)
    except IntegrityError:
        # Somebody else has just written one of them: its key is there to be seen now.
        return _insert(rows)


@dataclass(slots=True)
class _Said:
    """What the letters of a batch share: the paper of each language, the texts of each context."""

    papers: dict[str, Paper] = field(default_factory=dict)
    texts: dict[tuple[int, str, str], tuple[str, str, str]] = field(default_factory=dict)

    def of(self, event: str, letter: Letter, name: str, language: str) -> tuple[str, str, str]:
        """The texts of ``letter``, rendered once for a context, a language and a name."""
        same = (id(letter.context), language, name)
        if same not in self.texts:
            if language not in self.papers:
                self.papers[language] = paper_for(event, language)
            context = {**letter.context, "user_name": name}
            self.texts[same] = render(event, context, language, self.papers[language])
        return self.texts[same]


def _of_letter(letter: Letter, spec: Event, said: _Said, **kept: Any) -> Message:
    """Its row; ``said`` holds what was rendered already from the same context."""
    person = None if isinstance(letter.to, str) else letter.to
    language = letter.language or language_for(user=person, organisation=letter.organisation)
    name = person.name if person is not None else ""
    return message_row(
        key=letter.key,
        event=spec.name,
        user=person,
        to_email=letter.to if isinstance(letter.to, str) else letter.to.email,
        language=language,
        texts=said.of(spec.name, letter, name, language),
        headers=letter.headers,
        **kept,
    )


@transaction.atomic
def _insert(rows: Mapping[str, Message]) -> int:
    keys = list(rows)
    known: set[str] = set()
    for start in range(0, len(keys), AT_ONCE):
        part = keys[start : start + AT_ONCE]
        known.update(Message.objects.filter(key__in=part).values_list("key", flat=True))
    fresh = [row for key, row in rows.items() if key not in known]
    Message.objects.bulk_create(fresh, batch_size=AT_ONCE)
    add_notices(fresh)
    return len(fresh)


def message_row(
    *,
    key: str,
    event: str,
    user: User | None,
    to_email: str,
    language: str,
    texts: tuple[str, str, str],
    headers: Mapping[str, str],
    moment: datetime,
    batch: str = "",
    hold: bool = False,
) -> Message:
    """The row, not saved: its texts without what hides, its address looked at.

    A message to what is no address is kept as failed, with the reason: one bad address must not
    undo the change that writes to fifty people.
    """
    subject, text, html = texts
    address, trouble = _checked(to_email)
    state = MessageState.HELD if hold else MessageState.QUEUED
    return Message(
        key=key,
        event=event,
        batch=batch,
        user=user,
        to_email=address,
        language=language,
        subject=shown_line(subject, most=LONGEST_SUBJECT),
        text=without_hidden(text),
        html=without_hidden(html),
        headers={name: shown_line(value, most=LONGEST_HEADER) for name, value in headers.items()},
        state=MessageState.FAILED if trouble else state,
        last_error=trouble,
        message_id=stable_id(key),
        next_attempt_at=moment,
        created_at=moment,
    )


def _checked(address: str) -> tuple[str, str]:
    """The address to write to, and what is wrong with it if anything."""
    plain = address.strip()
    try:
        validate_email(plain)
    except ValidationError:
        is_one = False
    else:
        is_one = len(plain) <= LONGEST_ADDRESS
    return (plain, "") if is_one else (shown_line(plain, most=LONGEST_ADDRESS), NOT_AN_ADDRESS)


def stop_headers(address: str) -> dict[str, str]:
    """How a letter that is not of service is stopped by one click (RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{address}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def stable_id(key: str) -> str:
    """The Message-ID (RFC 5322) that every attempt at this message carries."""
    host = urlsplit(site_url()).hostname or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{host}>"


def release_batch(*, batch: str, now: datetime | None = None) -> int:
    """Let the held messages of a batch go; part of the caller's transaction. How many."""
    return change_states(
        Message.objects.filter(batch=batch),
        MessageState.QUEUED,
        before=MessageState.HELD,
        transitions=MESSAGE_TRANSITIONS,
        # Those that were held for days are not late.
        also={"next_attempt_at": now or timezone.now()},
    )


def cancel(message: Message) -> None:
    """Stop a message that has not left; ``IllegalMove`` when it has."""
    change_state(message, MessageState.CANCELLED, transitions=MESSAGE_TRANSITIONS)


def backlog() -> dict[str, Any]:
    """What waits to leave; not ok when something due is half an hour late."""
    waiting = Message.objects.filter(state__in=[MessageState.QUEUED, MessageState.SENDING])
    late = waiting.filter(next_attempt_at__lt=timezone.now() - LATE_AFTER).count()
    return {"ok": not late, "waiting": waiting.count(), "late": late}
