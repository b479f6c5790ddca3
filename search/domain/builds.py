"""Who builds a generation: one process at a time for each index, and what a dead one left."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.exceptions import DomainError
from search import targets
from search.domain.holders import is_dead, new_holder
from search.models import Change, Index

if TYPE_CHECKING:
    from search.port import Engine

# Renewed after each slice; who was killed on another machine keeps the next one waiting so long.
BUILD_HOLDS: Final = timedelta(minutes=2)
# Between two buildings that come to nothing: doubled each time, up to the second.
FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(hours=1)
# Numbers below the highest that are looked at for what a dead one left.
LEFT_WITHIN: Final = 20


class BuildUnderWay(DomainError):
    """Another process builds this index."""

    code = "build_under_way"
    default_message = _("This index is being built by another process. Nothing was done.")


class BuildLost(DomainError):
    """This process was taken for dead and another one builds in its place."""

    code = "build_lost"
    default_message = _("Another process took this over. Nothing was changed.")


class NothingBefore(DomainError):
    """There is no generation to return to."""

    code = "nothing_before"
    default_message = _("No index of before is kept. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Build:
    """A generation that this process fills; what serves meanwhile is ``live``."""

    target: str
    holder: str
    generation: int
    live: int | None

    @property
    def pending(self) -> str:
        """Whose rows wait for it."""
        return self.target + targets.PENDING


@transaction.atomic
def begin(target: str, *, again: bool = False) -> Build:
    """Take the building of an index, on a new number, or on the one of before (``again``).

    From here on what changes is noted for this generation too. ``BuildUnderWay``,
    ``NothingBefore``.
    """
    Index.objects.get_or_create(pk=target)
    index = Index.objects.select_for_update().get(pk=target)
    if is_held(index, timezone.now()):
        raise BuildUnderWay
    if again and index.previous is None:
        raise NothingBefore
    index.made += not again
    index.building = index.previous if again else index.made
    index.build_by = new_holder()
    index.build_until = timezone.now() + BUILD_HOLDS
    index.save(update_fields=["made", "building", "build_by", "build_until"])
    Change.objects.filter(target=target + targets.PENDING).delete()
    assert index.building is not None
    return Build(target, index.build_by, index.building, index.live)


def is_held(index: Index, now: datetime) -> bool:
    """Whether somebody who lives builds it."""
    is_running = index.build_until is not None and index.build_until > now
    return is_running and not is_dead(index.build_by)


def may_begin(index: Index, now: datetime) -> bool:
    """Whether the worker begins to build it: nobody does, and the last time is long enough ago."""
    is_early = index.build_again_at is not None and index.build_again_at > now
    return not is_early and not is_held(index, now)


def go_on(build: Build) -> int:
    """Hold it for longer, and take the position of the next writing; ``BuildLost``."""
    mine = Index.objects.filter(pk=build.target, build_by=build.holder, building=build.generation)
    if not mine.update(build_until=timezone.now() + BUILD_HOLDS, position=F("position") + 2):
        raise BuildLost
    return Index.objects.values_list("position", flat=True).get(pk=build.target)


@transaction.atomic
def swap(build: Build, *, schema: str) -> bool:
    """Let the generation serve, in one step; false when something waits for it still.

    The one that served is kept. The row of the index is locked: nothing is noted meanwhile.
    """
    index = _locked(build)
    if Change.objects.filter(target=build.pending).exists():
        return False
    index.previous, index.previous_schema = index.live, index.schema
    index.live, index.schema = build.generation, schema
    index.building, index.build_by, index.build_until = None, "", None
    index.build_failures, index.build_again_at = 0, None
    index.drift, index.checked_at = 0, None
    index.save()
    return True


def _locked(build: Build) -> Index:
    index = Index.objects.select_for_update().get(pk=build.target)
    if (index.build_by, index.building) != (build.holder, build.generation):
        raise BuildLost
    return index


@transaction.atomic
def give_up(build: Build) -> None:
    """End it without a result; nothing when somebody else took it over."""
    with suppress(BuildLost):
        _note_failure(_locked(build))


def _note_failure(index: Index) -> None:
    """It is begun again later and later: what failed a minute ago fails again."""
    wait = min(FIRST_WAIT * 2 ** min(index.build_failures, 10), LONGEST_WAIT)
    index.build_failures += 1
    index.build_again_at = timezone.now() + wait
    index.save(update_fields=["build_failures", "build_again_at"])
    _forget(index)


def _forget(index: Index) -> None:
    index.building, index.build_by, index.build_until = None, "", None
    index.save(update_fields=["building", "build_by", "build_until"])
    Change.objects.filter(target=index.target + targets.PENDING).delete()


@transaction.atomic
def outdate() -> None:
    """Have every index built again: what all documents say has changed.

    The worker begins within a minute, and what serves goes on serving until then. Who is building
    has read what was true before, and loses its turn.
    """
    for index in Index.objects.select_for_update().filter(live__isnull=False).order_by("pk"):
        _forget(index)
        index.schema = ""
        index.save(update_fields=["schema"])


def clear_left(target: str, engine: Engine) -> None:
    """Remove generations that serve nobody: the one before the last, and what dead ones left."""
    index = Index.objects.get(pk=target)
    used = {index.live, index.building, index.previous}
    for number in range(max(1, index.made - LEFT_WITHIN), index.made + 1):
        if number not in used:
            engine.drop(number)


def bury(target: str, engine: Engine) -> bool:
    """End the building of a process that died; whether there was one."""
    with transaction.atomic():
        index = Index.objects.select_for_update().filter(pk=target).first()
        if index is None or index.building is None or is_held(index, timezone.now()):
            return False
        _note_failure(index)
    clear_left(target, engine)
    return True
