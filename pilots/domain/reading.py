"""Readings: one door for the form and the API, each value answered for itself."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Literal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts import rules as people
from core.audit import log
from core.exceptions import DomainError, NotAllowed
from pilots.domain.sites import require_pilot_manager
from pilots.enums import PilotState, ReadingSource
from pilots.models import IdempotentAnswer, Indicator, Pilot, PilotKey, Reading
from pilots.signals import record_changed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from core.accounts.models import User

MOST_AT_ONCE = 1000
LARGEST = Decimal(10) ** 10
KEY_PREFIX = "bde_"
RECEIVING = (PilotState.RUNNING, PilotState.SUSPENDED, PilotState.COMPLETED)


class NotMeasuring(DomainError):
    """Readings belong to a trial that has started and is not concluded."""

    code = "not_measuring"
    default_message = gettext_lazy("Readings are taken from the start of the trial to its verdict.")


class KeyReused(DomainError):
    """The same Idempotency-Key came with another content."""

    code = "idempotency_key_reused"
    default_message = gettext_lazy("This Idempotency-Key was already used with another content.")


@dataclass(frozen=True, slots=True)
class NewReading:
    """A value to record: the indicator's key, the instant (aware), the value as typed."""

    indicator: str
    at: datetime
    value: Any
    note: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one value; ``problem`` is a sentence when it was refused."""

    status: Literal["created", "duplicate", "refused"]
    problem: str = ""


@transaction.atomic
def record_readings(
    *,
    pilot: Pilot,
    readings: Sequence[NewReading],
    source: ReadingSource,
    actor: User | None,
    now: datetime,
) -> list[Answer]:
    """Record up to 1,000 values; each is answered in its place, good ones are kept.

    A value already recorded for the same indicator and instant is a duplicate when equal and
    refused otherwise: a reading is never overwritten. Raises ``NotMeasuring``, ``NotAllowed``.
    """
    pilot = Pilot.objects.select_for_update().get(pk=pilot.pk)
    if actor is not None and not may_record(actor, pilot):
        raise NotAllowed(gettext_lazy("Only the pilot's team records readings."))
    if pilot.state not in RECEIVING:
        raise NotMeasuring
    indicators = {i.key: i for i in pilot.indicators.all()}
    known = _known(indicators, readings)
    answers, fresh = [], []
    for item in readings:
        answer, row = _judge(item, indicators, known, now)
        if row is not None:
            row.source, row.recorded_by = source, actor
            fresh.append(row)
            known[(row.indicator_id, row.at)] = row.value
        answers.append(answer)
    Reading.objects.bulk_create(fresh, batch_size=500)
    if fresh:
        record_changed.send(sender=Pilot, pk=pilot.pk)
        log.record(
            actor=actor,
            action="readings.recorded",
            target=pilot,
            public={"count": len(fresh), "source": source},
            now=now,
        )
    return answers


@transaction.atomic
def receive_readings(
    *,
    pilot: Pilot,
    items: Sequence[NewReading | Answer],
    key: str,
    fingerprint: str,
    now: datetime,
) -> tuple[Any, bool]:
    """Record what came with a pilot's key, and the answer to give; True when it is a repeat.

    An ``Answer`` among ``items`` is a value already refused: it keeps its place. With an
    Idempotency-Key the answer is kept with the readings, in one transaction, and given again to
    the same content. Raises ``KeyReused``, ``NotMeasuring``.
    """
    # Of two same requests at once the second waits here, then finds the first one's answer.
    pilot = Pilot.objects.select_for_update().get(pk=pilot.pk)
    given = answer_given(pilot=pilot, key=key, fingerprint=fingerprint) if key else None
    if given is not None:
        return given.answer, True
    recorded = iter(
        record_readings(
            pilot=pilot,
            readings=[item for item in items if isinstance(item, NewReading)],
            source=ReadingSource.API,
            actor=None,
            now=now,
        )
    )
    answers = [item if isinstance(item, Answer) else next(recorded) for item in items]
    answer = {
        "answers": [asdict(a) for a in answers],
        "created": sum(a.status == "created" for a in answers),
    }
    if key:
        answer_once(pilot=pilot, key=key, fingerprint=fingerprint, status=200, answer=answer)
    return answer, False


def may_record(user: User, pilot: Pilot) -> bool:
    """The city's pilot managers and the startup's editors."""
    if people.works_on_pilots(user):
        return True
    organisation = pilot.startup.organisation
    return organisation is not None and people.can(user, "edit_content", organisation)


def _known(
    indicators: dict[str, Indicator], readings: Sequence[NewReading]
) -> dict[tuple[int, datetime], Decimal]:
    rows = Reading.objects.filter(
        indicator__in=indicators.values(), at__in={r.at for r in readings}
    )
    return {(row.indicator_id, row.at): row.value for row in rows}


def _judge(
    item: NewReading,
    indicators: dict[str, Indicator],
    known: dict[tuple[int, datetime], Decimal],
    now: datetime,
) -> tuple[Answer, Reading | None]:
    indicator = indicators.get(item.indicator)
    if indicator is None:
        return Answer("refused", _("This pilot has no indicator of that key.")), None
    value = _decimal(item.value)
    if value is None:
        return Answer("refused", _("The value is not a number of ordinary size.")), None
    if item.at > now:
        return Answer("refused", _("The instant is in the future.")), None
    earlier = known.get((indicator.pk, item.at))
    if earlier is not None:
        if earlier == value:
            return Answer("duplicate"), None
        return Answer("refused", _("Another value stands for this indicator and instant.")), None
    return Answer("created"), Reading(
        indicator=indicator, at=item.at, value=value, note=item.note[:200]
    )


def _decimal(value: Any) -> Decimal | None:
    try:
        number = Decimal(str(value).strip().replace(",", "."))
    except InvalidOperation:
        return None
    # copy_abs, not abs: a monstrous exponent is compared, never computed with.
    if not number.is_finite() or number.copy_abs() >= LARGEST:
        return None
    number = number.quantize(Decimal("0.0001"))
    return number if number.copy_abs() < LARGEST else None


def digest_of(secret: str) -> str:
    """What is kept of a key: its SHA-256 (a key is 256 random bits, no salt is needed)."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def create_key(*, pilot: Pilot, label: str, actor: User, now: datetime) -> tuple[PilotKey, str]:
    """A new key for the pilot's readings, and its secret, shown this once."""
    require_pilot_manager(actor)
    secret = KEY_PREFIX + secrets.token_urlsafe(32)
    key = PilotKey.objects.create(
        pilot=pilot,
        label=label[:80],
        prefix=secret[:8],
        digest=digest_of(secret),
        created_by=actor,
    )
    log.record(
        actor=actor, action="pilot_key.created", target=pilot, public={"key": key.pk}, now=now
    )
    return key, secret


@transaction.atomic
def revoke_key(*, key: PilotKey, actor: User, now: datetime) -> PilotKey:
    """The key opens nothing from now on."""
    require_pilot_manager(actor)
    key = PilotKey.objects.select_for_update().get(pk=key.pk)
    if key.revoked_at is None:
        key.revoked_at = now
        key.save(update_fields=["revoked_at"])
        log.record(
            actor=actor,
            action="pilot_key.revoked",
            target=key.pilot,
            public={"key": key.pk},
            now=now,
        )
    return key


def pilot_of_key(*, secret: str, slug: str) -> Pilot | None:
    """The pilot that this key opens, if it is the one of this address."""
    key = (
        PilotKey.objects.select_related("pilot")
        .filter(digest=digest_of(secret), revoked_at__isnull=True, pilot__slug=slug)
        .first()
    )
    return key.pilot if key else None


@transaction.atomic
def answer_once(
    *, pilot: Pilot, key: str, fingerprint: str, status: int, answer: Any
) -> IdempotentAnswer:
    """Keep the answer given to an Idempotency-Key."""
    return IdempotentAnswer.objects.create(
        pilot=pilot, key=key, request_fingerprint=fingerprint, status=status, answer=answer
    )


def answer_given(*, pilot: Pilot, key: str, fingerprint: str) -> IdempotentAnswer | None:
    """The answer once given to this key; ``KeyReused`` when the content differs."""
    given = IdempotentAnswer.objects.filter(pilot=pilot, key=key).first()
    if given is not None and given.request_fingerprint != fingerprint:
        raise KeyReused
    return given
