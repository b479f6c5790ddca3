"""Of ties between startups and programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from startups.domain import alumni
from startups.enums import AlumniSide
from startups.models import AlumniTie

if TYPE_CHECKING:
    from core.accounts.models import Organisation


def _reader(tie: AlumniTie) -> Organisation | None:
    """The organisation of either side."""
    sides = (alumni.side_of(side, tie.program, tie.startup) for side in AlumniSide)
    return next((found for found in sides if found is not None), None)


def said() -> dict[str, Any] | None:
    """Of the last startup said to have gone through a program."""
    found = AlumniTie.objects.with_sides().order_by("pk").last()
    reader = _reader(found) if found is not None else None
    return alumni.said_facts(found, reader) if found is not None and reader is not None else None


def answered() -> dict[str, Any] | None:
    """Of the last of them that both sides say."""
    found = AlumniTie.objects.confirmed().with_sides().order_by("pk").last()
    reader = _reader(found) if found is not None else None
    if found is None or reader is None:
        return None
    return alumni.answered_facts(found, reader, is_confirmed=True)
