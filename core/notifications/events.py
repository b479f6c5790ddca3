"""The catalogue of events that write to someone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.registry import Registry

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Event:
    """One kind of message: its templates live in ``templates/emails/<name>/``."""

    name: str
    label: str | _StrPromise
    audience: str
    variables: dict[str, type] = field(default_factory=dict)
    is_transactional: bool = True


catalogue: Registry[Event] = Registry("events")


def register(event: Event) -> Event:
    """Add an event; its name serves once."""
    return catalogue.register(event.name, event)
