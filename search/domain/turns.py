"""One process writes an index at a time, without keeping the database's lock while it does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import F
from django.utils import timezone

from search.domain.holders import is_dead, new_holder
from search.models import Index, Trouble
from search.port import EngineAway, EngineFull

if TYPE_CHECKING:
    from datetime import datetime

# A turn is that of one batch. Who was killed in theirs on another machine keeps the others waiting
# so long; on this one it shows at once.
TURN_HOLDS: Final = timedelta(seconds=60)
# Between two tries at a server that is away, in seconds: doubled each time, up to the second.
FIRST_WAIT: Final = 1
LONGEST_WAIT: Final = 60


@dataclass(frozen=True, slots=True)
class Turn:
    """The right to write one batch. ``position - 1`` is taken with ``position``."""

    target: str
    holder: str
    live: int
    position: int


def take_turn(target: str, now: datetime) -> Turn | None:
    """The turn of a process on the live generation, if there is one, nobody's, and not in trouble.

    What is read after this is later than what any lower position wrote.
    """
    index = Index.objects.filter(pk=target, live__isnull=False).first()
    if index is None or (index.retry_at is not None and index.retry_at > now):
        return None
    if index.turn_until is not None and index.turn_until > now and not is_dead(index.turn_by):
        return None
    holder = new_holder()
    # As it was read: of two that come at once, one finds it changed.
    mine = Index.objects.filter(pk=target, turn_by=index.turn_by, turn_until=index.turn_until)
    if not mine.update(turn_by=holder, turn_until=now + TURN_HOLDS, position=F("position") + 2):
        return None
    index = Index.objects.filter(pk=target, turn_by=holder).first()
    if index is None or index.live is None:
        return None
    return Turn(target, holder, index.live, index.position)


def hand_back(turn: Turn) -> None:
    """Let the next one write; nothing when the turn has lapsed and is somebody else's."""
    Index.objects.filter(pk=turn.target, turn_by=turn.holder).update(turn_by="", turn_until=None)


def note_trouble(target: str, error: EngineAway) -> Index:
    """Say why nothing is written, since when, and when to try again."""
    now = timezone.now()
    index = Index.objects.get(pk=target)
    trouble = Trouble.FULL if isinstance(error, EngineFull) else Trouble.AWAY
    if index.trouble != trouble:
        index.trouble, index.trouble_since = trouble, now
    wait = min(FIRST_WAIT * 2 ** min(index.failures, 10), LONGEST_WAIT)
    index.failures += 1
    index.retry_at = now + timedelta(seconds=wait)
    index.save(update_fields=["trouble", "trouble_since", "failures", "retry_at"])
    return index


def forget_trouble(target: str) -> None:
    """It writes again; one statement, and none of it when there was no trouble."""
    Index.objects.filter(pk=target).exclude(trouble="").update(
        trouble="", trouble_since=None, failures=0, retry_at=None
    )
