"""Write a line of the audit: last in the transaction of the change."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone

from core.audit.chain import GENESIS, digest, hash_of
from core.audit.models import AuditEntry, AuditPrivate, PersonKey
from core.freeze import plain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import Model

    from core.accounts.models import User

# Any fixed number: it names the chain among PostgreSQL's advisory locks.
CHAIN_LOCK = 7_215_011


@dataclass(frozen=True, slots=True)
class Line:
    """What one line says; ``private`` values belong to the person ``subject_id``."""

    actor_id: int | None
    action: str
    object_type: str
    object_id: str
    public: dict[str, Any]
    at: datetime
    private: dict[str, Any] | None = None
    subject_id: int | None = None


def record(
    *,
    actor: User | None,
    action: str,
    target: Model,
    public: dict[str, Any],
    private: dict[str, Any] | None = None,
    subject: User | None = None,
    now: datetime | None = None,
) -> AuditEntry:
    """Add the line of one change. ``RuntimeError`` outside a transaction.

    ``actor`` None is the system itself. ``private`` needs ``subject``, whose key digests it.
    """
    line = Line(
        actor_id=actor.pk if actor is not None else None,
        action=action,
        object_type=target._meta.label_lower,
        object_id=str(target.pk),
        public=public,
        at=now or timezone.now(),
        private=private,
        subject_id=subject.pk if subject is not None else None,
    )
    return record_many([line])[0]


def record_many(lines: Iterable[Line]) -> list[AuditEntry]:
    """Add several lines in order, under one lock."""
    if not connection.in_atomic_block:
        msg = "An audit line is written in the transaction of its change."
        raise RuntimeError(msg)
    _take_chain_lock()
    last = AuditEntry.objects.order_by("-sequence").values_list("sequence", "hash").first()
    sequence, previous = last or (0, GENESIS)
    entries: list[AuditEntry] = []
    privates: list[AuditPrivate] = []
    for line in lines:
        sequence += 1
        entry = _entry(line, sequence, previous)
        if line.private:
            data = plain(line.private)
            entry.private_digest = digest(data, _key_of(line.subject_id))
            privates.append(AuditPrivate(entry=entry, subject_id=line.subject_id, data=data))
        entry.hash = previous = hash_of(entry)
        entries.append(entry)
    AuditEntry.objects.bulk_create(entries, batch_size=500)
    AuditPrivate.objects.bulk_create(privates, batch_size=500)
    return entries


def _entry(line: Line, sequence: int, previous: str) -> AuditEntry:
    return AuditEntry(
        sequence=sequence,
        at=line.at,
        actor_id=line.actor_id,
        action=line.action,
        object_type=line.object_type,
        object_id=line.object_id,
        public=plain(line.public),
        previous_hash=previous,
    )


def _take_chain_lock() -> None:
    """One writer at a time. SQLite's IMMEDIATE transaction already holds the write lock."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])


def _key_of(user_id: int | None) -> bytes:
    key, _made = PersonKey.objects.get_or_create(
        user_id=user_id or 0, defaults={"key": secrets.token_bytes(32)}
    )
    return bytes(key.key)


def erase_person(user_id: int) -> int:
    """Destroy a person's key and private values; how many values went. The chain stays whole."""
    PersonKey.objects.filter(user_id=user_id).delete()
    gone, _kinds = AuditPrivate.objects.filter(subject_id=user_id).delete()
    return gone
