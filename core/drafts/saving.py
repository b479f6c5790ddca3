"""Save a field; see both values when someone else saved it meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from core.drafts.models import DraftValue, DraftVersion
from core.exceptions import StaleWrite

if TYPE_CHECKING:
    from datetime import datetime

    from core.accounts.models import User


@transaction.atomic
def save_field(
    *,
    scope: str,
    field: str,
    value: Any,
    base_version: int,
    actor: User | None,
    now: datetime,
    origin: str = "",
) -> DraftValue:
    """Keep ``value`` as the next version; ``base_version`` is the one that was edited, 0 if none.

    The same value again is not a new version. Raises ``StaleWrite`` with both values when another
    version was saved since.
    """
    row = DraftValue.objects.select_for_update().filter(scope=scope, field=field).first()
    if row is None:
        return _first(scope, field, value, actor, now, origin)
    if row.value == value:
        return row
    if row.version != base_version:
        raise _stale(row, value)
    row.value, row.version, row.origin = value, row.version + 1, origin
    row.saved_by, row.saved_at = actor, now
    row.save()
    _keep_version(row)
    return row


def _first(
    scope: str, field: str, value: Any, actor: User | None, now: datetime, origin: str
) -> DraftValue:
    try:
        with transaction.atomic():
            row = DraftValue.objects.create(
                scope=scope, field=field, value=value, saved_by=actor, saved_at=now, origin=origin
            )
    except IntegrityError:
        # Someone was first, perhaps the same person's own saving while they pressed the button.
        other = DraftValue.objects.get(scope=scope, field=field)
        if other.value == value:
            return other
        raise _stale(other, value) from None
    _keep_version(row)
    return row


def _keep_version(row: DraftValue) -> None:
    DraftVersion.objects.create(
        scope=row.scope,
        field=row.field,
        version=row.version,
        value=row.value,
        saved_by=row.saved_by,
        saved_at=row.saved_at,
    )


def _stale(row: DraftValue, mine: Any) -> StaleWrite:
    return StaleWrite(
        mine=mine, theirs=row.value, version=row.version, by=row.saved_by_id, at=row.saved_at
    )


def values(scope: str) -> dict[str, DraftValue]:
    """The draft's fields by name."""
    rows = DraftValue.objects.filter(scope=scope).select_related("saved_by")
    return {row.field: row for row in rows}
