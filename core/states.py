"""The only writer of a state.

Each state machine is a table ``TRANSITIONS`` in its app's ``enums.py``; ``change_state`` reads it,
and writes with a compare-and-swap so that of two movers only one wins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models, router
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.exceptions import IllegalMove

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

S = TypeVar("S", bound=str)


def state_label(obj: models.Model, value: str, field: str = "state") -> str:
    """The words a person reads for the state ``value`` of ``obj``."""
    choices = dict(getattr(obj._meta.get_field(field), "flatchoices", None) or [])
    return str(choices.get(value, value))


def change_state(
    obj: models.Model,
    to: S,
    *,
    transitions: Mapping[S, frozenset[S]],
    field: str = "state",
    now: datetime | None = None,
    also: Mapping[str, Any] | None = None,
) -> str:
    """Move ``obj`` to the state ``to`` and answer the state it left.

    ``also`` are other columns that change in the same UPDATE, so that a constraint over state and
    date holds at every instant. ``now`` (aware) is what ``auto_now`` columns receive.

    Raises ``IllegalMove`` when the table has no such move, or when the row was moved by somebody
    else since ``obj`` was read. ``obj`` is left as it was then.
    """
    before: str = getattr(obj, field)
    if to not in {str(target) for target in _allowed(transitions, before)}:
        raise _refusal(obj, before, to, field)
    values: dict[str, Any] = {**_touched(obj, now), **(also or {}), field: to}
    model = type(obj)
    rows = model._base_manager.using(obj._state.db or router.db_for_write(model))
    if not rows.filter(pk=obj.pk, **{field: before}).update(**values):
        raise _moved_meanwhile(obj, to, field)
    for name, value in values.items():
        setattr(obj, name, value)
    return str(before)


def change_states(
    rows: models.QuerySet[Any],
    to: S,
    *,
    before: S,
    transitions: Mapping[S, frozenset[S]],
    field: str = "state",
    now: datetime | None = None,
    also: Mapping[str, Any] | None = None,
) -> int:
    """Move those of ``rows`` that are in the state ``before`` to ``to``, in one UPDATE; how many.

    The others stay as they are: somebody else moved them. ``also`` and ``now`` are those of
    :func:`change_state`. Raises ``IllegalMove`` when the table has no such move.
    """
    model = rows.model
    if to not in _allowed(transitions, before):
        raise _refusal(model(), before, to, field)
    values: dict[str, Any] = {**_touched(model(), now), **(also or {}), field: to}
    return rows.filter(**{field: before}).update(**values)


def can_move(
    obj: models.Model, to: S, *, transitions: Mapping[S, frozenset[S]], field: str = "state"
) -> bool:
    """Whether the table allows ``obj`` to go to ``to``: for buttons; the verb asks again."""
    return to in _allowed(transitions, getattr(obj, field))


def _allowed(transitions: Mapping[S, frozenset[S]], state: str) -> frozenset[S]:
    """The states that ``state`` may become; none when the table does not know it."""
    for source, targets in transitions.items():
        if source == state:
            return targets
    return frozenset()


def _touched(obj: models.Model, now: datetime | None) -> dict[str, Any]:
    """The ``auto_now`` columns, which a queryset's update would leave behind."""
    return {
        column.name: now or timezone.now()
        for column in obj._meta.concrete_fields
        if isinstance(column, models.DateTimeField) and column.auto_now
    }


def _refusal(obj: models.Model, before: str, to: str, field: str) -> IllegalMove:
    """The exception for a move that the table does not have, with both states in words."""
    return IllegalMove(
        _("%(what)s: it cannot go from “%(before)s” to “%(after)s”.")
        % {
            "what": str(obj._meta.verbose_name).capitalize(),
            "before": state_label(obj, before, field),
            "after": state_label(obj, to, field),
        }
    )


def _moved_meanwhile(obj: models.Model, to: str, field: str) -> IllegalMove:
    """The exception for a row that is no longer in the state that was read."""
    current = type(obj)._base_manager.filter(pk=obj.pk).values_list(field, flat=True).first()
    if current is None:
        return IllegalMove(_("This record no longer exists."), code="gone")
    return IllegalMove(
        _(
            "%(what)s: somebody has just moved it to “%(current)s”, so it was not moved to "
            "“%(after)s”. Reload the page."
        )
        % {
            "what": str(obj._meta.verbose_name).capitalize(),
            "current": state_label(obj, str(current), field),
            "after": state_label(obj, to, field),
        },
        code="moved_meanwhile",
    )
