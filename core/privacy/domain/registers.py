"""What staff write in the registers of this room, each time with a line of the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from core.accounts import rules
from core.audit import log
from core.exceptions import NotAllowed
from core.privacy.models import Incident

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from core.accounts.models import User
    from core.privacy.models import RetentionRule


@transaction.atomic
def save_record(
    *,
    record: Incident | RetentionRule,
    fields: Collection[str],
    actor: User,
    now: datetime,
) -> Incident | RetentionRule:
    """Keep a rule or an incident; ``fields`` are the names of what changed, told in public.

    An incident receives the next number of its year. Raises ``NotAllowed``.
    """
    _require_administrator(actor)
    is_new = record.pk is None
    if isinstance(record, Incident) and not record.reference:
        record.reference = _next_reference(record.found_on.year)
    record.save()
    log.record(
        actor=actor,
        action=f"{record._meta.model_name}.{'added' if is_new else 'changed'}",
        target=record,
        public={"fields": sorted(fields)},
        now=now,
    )
    return record


@transaction.atomic
def note_export(*, actor: User, count: int, now: datetime) -> None:
    """That the register of incidents left as a file."""
    _require_administrator(actor)
    log.record(
        actor=actor,
        action="incident.exported",
        target=actor,
        public={"incidents": count},
        now=now,
    )


def _require_administrator(actor: User) -> None:
    if not rules.is_administrator(actor):
        raise NotAllowed


def _next_reference(year: int) -> str:
    """« INC-2026-003 »; the unique constraint settles two at the same instant."""
    start = f"INC-{year}-"
    taken = Incident.objects.filter(reference__startswith=start)
    numbers = (int(r.removeprefix(start)) for r in taken.values_list("reference", flat=True))
    last = max(numbers, default=0)
    return f"{start}{last + 1:03d}"
