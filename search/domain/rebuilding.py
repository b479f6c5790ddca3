"""A new generation beside the one that serves: filled, counted, caught up, put in its place."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.exceptions import DomainError
from search import targets
from search.domain import builds
from search.domain.changes import BATCH, forget, note_keys
from search.domain.checking import Difference, compare
from search.domain.filling import FEW, fill
from search.domain.reading import put_what_can, read, slices
from search.models import Change, Index
from search.port import EngineAway, Key

if TYPE_CHECKING:
    from search.domain.builds import Build
    from search.port import Engine


class NotWhole(DomainError):
    """What was written is not what is held, and writing it again did not help."""

    code = "not_whole"
    default_message = _("The new index does not hold what was written: the old one still serves.")


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came of it: the generation that serves, and how much it holds."""

    generation: int
    records: int
    documents: int


def _nothing(*_args: Any) -> None:
    return None


def rebuild(*, target: str, say: Callable[..., Any] = _nothing) -> Rebuilt:
    """Write the whole index of ``target`` again; ``say`` is told ``(records, of how many)``.

    Readers have the old one until the new one is whole, and it is kept for :func:`go_back`. What
    changes meanwhile is in both. Killed at any point, it leaves the one that serves as it was.
    Raises ``BuildUnderWay``, ``BuildLost``, ``NotWhole``, and ``EngineAway``.
    """
    engine = targets.engine_of(target)
    build = builds.begin(target)
    try:
        builds.clear_left(target, engine)
        engine.drop(build.generation)  # of a time when its number began anew
        engine.create(build.generation)
        position = builds.go_on(build)
        filled = fill(
            target,
            build.generation,
            position=position,
            hold=lambda: builds.go_on(build),
            say=say,
        )
        builds.go_on(build)
        engine.settle(build.generation)
        if engine.size(build.generation) != filled.documents:
            _mend(build, engine)
        _finish(build, engine)
    except BaseException:
        _abandon(build, engine)
        raise
    note_keys(filled.failed, only=[target])
    return Rebuilt(build.generation, filled.records, engine.size(build.generation))


def go_back(*, target: str) -> Rebuilt:
    """Let the generation of before serve again, with what changed since; the other one is kept.

    It is compared and mended first: it may hold what is no longer public. Raises as
    :func:`rebuild` does, and ``NothingBefore``.
    """
    engine = targets.engine_of(target)
    build = builds.begin(target, again=True)
    schema = Index.objects.values_list("previous_schema", flat=True).get(pk=target)
    try:
        mended = {difference.key for difference in compare(target, build.generation)}
        note_keys(mended, only=[build.pending])
        _finish(build, engine, schema=schema)
    except BaseException:
        builds.give_up(build)
        raise
    return Rebuilt(build.generation, len(mended), engine.size(build.generation))


def _mend(build: Build, engine: Engine) -> None:
    """The counts differ: find what, write it again, and give up when that does not help."""
    differences = _differences(build)
    note_keys({one.key for one in differences}, only=[build.pending])
    _catch_up(build, engine)
    if _differences(build):
        raise NotWhole


def _differences(build: Build) -> list[Difference]:
    builds.go_on(build)
    return compare(build.target, build.generation, waiting=(build.target, build.pending))


def _finish(build: Build, engine: Engine, *, schema: str | None = None) -> None:
    """Write what changed meanwhile until nothing is left, then swap and tidy up."""
    told = targets.schema_of(build.target) if schema is None else schema
    _catch_up(build, engine)
    while not builds.swap(build, schema=told):
        _catch_up(build, engine)
    with suppress(EngineAway):  # it serves already; the rest is tidied by the next one
        _point(engine, build.generation)
        builds.clear_left(build.target, engine)


def _point(engine: Engine, generation: int) -> None:
    """A server names the generation that serves, for who looks at it by hand."""
    point = getattr(engine, "point", None)
    if point is not None:
        point(generation)


def _catch_up(build: Build, engine: Engine) -> None:
    waiting = Change.objects.filter(target=build.pending).order_by("pk")
    while batch := list(waiting[:BATCH]):
        position = builds.go_on(build)
        records = read(Key(change.kind, change.object_pk) for change in batch)
        _written, refused = put_what_can(engine, build.generation, records, position=position)
        # Tried again by the worker, which sets them aside and names them.
        note_keys([*records.failed, *refused], only=[build.target])
        forget(batch)


def _abandon(build: Build, engine: Engine) -> None:
    """Best done now; else the next one does it."""
    builds.give_up(build)
    with suppress(EngineAway):
        engine.drop(build.generation)


def ensure() -> None:
    """The site's own index is there: an empty one when there is none, which is to be filled."""
    if Index.objects.filter(pk=targets.DATABASE, live__isnull=False).exists():
        return
    engine = targets.engine_of(targets.DATABASE)
    Index.objects.get_or_create(pk=targets.DATABASE)
    with transaction.atomic():
        index = Index.objects.select_for_update().get(pk=targets.DATABASE)
        if index.live is None:
            index.made = index.live = index.made + 1
            engine.drop(index.live)  # left by tests, which empty the tables of models alone
            engine.create(index.live)
            engine.settle(index.live)
            index.schema = ""
            index.save(update_fields=["made", "live", "schema"])


def fill_new() -> None:
    """Fill the index that :func:`ensure` made with the little that a new site holds.

    With much to read, as when a site of before has its first index, it is left to the worker.
    """
    index = Index.objects.filter(pk=targets.DATABASE, schema="").first()
    if index is None or index.live is None or sum(map(len, slices())) > FEW:
        return
    fill(index.pk, index.live, position=index.position, hold=_nothing, say=_nothing)
    Index.objects.filter(pk=index.pk).update(schema=targets.schema_of(index.pk))


def outdated() -> list[str]:
    """Indexes to be built: none serves yet, another code wrote it, or the engine lost it."""
    known = {index.pk: index for index in Index.objects.filter(pk__in=targets.kept())}
    return [name for name in targets.kept() if _is_outdated(name, known.get(name))]


def _is_outdated(target: str, index: Index | None) -> bool:
    if index is None or index.live is None or index.schema != targets.schema_of(target):
        return True
    try:
        return not targets.engine_of(target).exists(index.live)
    except EngineAway:
        return False  # nothing can be said, nor built


def forget_others() -> None:
    """An index that is kept no more would be out of date on the day it is asked for again."""
    for index in Index.objects.exclude(pk__in=targets.kept()):
        Change.objects.filter(target__in=[index.pk, index.pk + targets.PENDING]).delete()
        index.delete()
