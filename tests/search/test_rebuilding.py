"""A new generation beside the old one: whole before it serves, with what changed meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from pilots.models import Site
from search import targets
from search.domain import builds, changes, rebuilding
from search.domain.changes import drain, note
from search.domain.checking import check, compare, repair
from search.domain.rebuilding import go_back, rebuild
from search.models import Change, Index
from search.port import EngineAway, Key
from tests import factories
from tests.search.memory_engine import MemoryEngine

pytestmark = pytest.mark.django_db


def make_sites(*names: str) -> list[Site]:
    made = [factories.make_site(name_fr=name, name_en=name) for name in names]
    Change.objects.all().delete()
    return made


def rename(site: Site, name: str) -> None:
    Site.objects.filter(pk=site.pk).update(name_fr=name, name_en=name)
    note("site", [site.pk])


def numbers() -> tuple[int | None, int | None, int | None, int]:
    row = Index.objects.get(pk=targets.DATABASE)
    return row.live, row.building, row.previous, row.made


def test_it_serves_in_one_step_and_the_one_before_is_kept(
    index: Index, memory: MemoryEngine
) -> None:
    make_sites("Un", "Deux", "Trois")
    told: list[tuple[int, int]] = []
    done = rebuild(target=targets.DATABASE, say=lambda n, total: told.append((n, total)))
    assert (done.generation, done.records, done.documents) == (2, 3, 6)
    assert told == [(0, 3), (3, 3)]
    assert memory.titles(2) == ["Deux", "Trois", "Un"]
    assert numbers() == (2, None, 1, 2)
    rebuild(target=targets.DATABASE)
    assert numbers() == (3, None, 2, 3)
    assert set(memory.generations) == {2, 3}


def test_what_changes_meanwhile_is_in_both(
    index: Index, memory: MemoryEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    renamed, new, gone = (*make_sites("Avant"), *make_sites("Neuve"), *make_sites("Partie"))
    Site.objects.filter(pk=new.pk).update(is_public=False)
    seen: list[list[str]] = []

    def meanwhile(done: int, of: int) -> None:
        if done == 0:
            return  # the list of records is made by then
        rename(renamed, "Après")
        Site.objects.filter(pk=new.pk).update(is_public=True)
        Site.objects.filter(pk=gone.pk).update(is_public=False)
        note("site", [new.pk, gone.pk])
        assert drain() == 3
        seen.append(memory.titles(1))

    rebuild(target=targets.DATABASE, say=meanwhile)
    assert seen == [["Après", "Neuve"]]
    assert memory.titles(2) == ["Après", "Neuve"]
    assert not Change.objects.exists()


def test_what_changed_before_and_waits_still_is_written_after(
    index: Index, memory: MemoryEngine
) -> None:
    (site,) = make_sites("Avant")
    rename(site, "Après")
    rebuild(target=targets.DATABASE)
    assert drain() == 1
    assert memory.titles(2) == ["Après"]


def test_a_batch_that_a_swap_overtakes_is_written_again(
    index: Index, memory: MemoryEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    (site,) = make_sites("Avant")
    rename(site, "Après")
    write, calls = memory.write, []

    def swap_first(generation: int, *args: Any, **kwargs: Any) -> None:
        write(generation, *args, **kwargs)
        calls.append(generation)
        if calls == [1]:
            rebuild(target=targets.DATABASE)

    monkeypatch.setattr(memory, "write", swap_first)
    assert drain() == 0
    assert Change.objects.count() == 1
    assert drain() == 1
    assert calls == [1, 2, 2]


def test_two_at_once_the_second_says_so(index: Index, memory: MemoryEngine) -> None:
    make_sites("Un")
    refusals: list[str] = []

    def second(_n: int, _of: int) -> None:
        with pytest.raises(builds.BuildUnderWay) as refusal:
            rebuild(target=targets.DATABASE)
        refusals.append(refusal.value.code)

    rebuild(target=targets.DATABASE, say=second)
    assert refusals == ["build_under_way"] * 2
    assert numbers() == (2, None, 1, 2)


def test_one_that_was_taken_for_dead_changes_nothing(index: Index, memory: MemoryEngine) -> None:
    make_sites("Un")
    later = timedelta(minutes=3)

    def overtake(n: int, _of: int) -> None:
        if n == 0:
            Index.objects.update(build_until=timezone.now() - later)
            assert rebuild(target=targets.DATABASE).generation == 3

    with pytest.raises(builds.BuildLost):
        rebuild(target=targets.DATABASE, say=overtake)
    assert numbers() == (3, None, 1, 3)
    assert set(memory.generations) == {1, 3}


def a_dead_process() -> str:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return builds.new_holder().replace(f":{os.getpid()}:", f":{ended.pid}:")


def test_what_a_dead_one_left_is_removed_by_the_next_or_by_the_worker(
    index: Index, memory: MemoryEngine
) -> None:
    (site,) = make_sites("Un")
    for clean in (
        lambda: rebuild(target=targets.DATABASE),
        lambda: builds.bury(targets.DATABASE, memory),
    ):
        left = builds.begin(targets.DATABASE)
        memory.create(left.generation)
        Index.objects.update(build_by=a_dead_process())
        note("site", [site.pk])
        assert drain() == 1
        assert Change.objects.get().target == "database+"
        clean()
        assert left.generation not in memory.generations
        assert numbers()[1] is None
        assert not Change.objects.exists()


@pytest.mark.parametrize("at", ["create", "write", "size"])
def test_a_failure_leaves_what_serves(
    index: Index, memory: MemoryEngine, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    make_sites("Un")

    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise EngineAway(at)

    monkeypatch.setattr(memory, at, fail)
    with pytest.raises(EngineAway):
        rebuild(target=targets.DATABASE)
    assert numbers() == (1, None, None, 2)
    assert set(memory.generations) == {1}


def losing(memory: MemoryEngine, times: int) -> Callable[..., None]:
    """A writing that loses its last document, so many times."""
    write, left = memory.write, [times]

    def lose(generation: int, documents: Any, *, position: int) -> None:
        left[0] -= 1
        write(generation, documents[: -1 if left[0] >= 0 else None], position=position)

    return lose


def test_what_the_count_misses_is_written_again(
    index: Index, memory: MemoryEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_sites("Un", "Deux")
    monkeypatch.setattr(memory, "write", losing(memory, 1))
    assert rebuild(target=targets.DATABASE).documents == 4


def test_what_cannot_be_made_whole_does_not_serve(
    index: Index, memory: MemoryEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_sites("Un", "Deux")
    monkeypatch.setattr(memory, "write", losing(memory, 99))
    with pytest.raises(rebuilding.NotWhole):
        rebuild(target=targets.DATABASE)
    assert numbers() == (1, None, None, 2)


def test_a_record_that_is_refused_hinders_no_rebuild(index: Index, memory: MemoryEngine) -> None:
    _good, bad = make_sites("Bonne", "Mauvaise")
    memory.refused = {Key("site", bad.pk)}
    assert rebuild(target=targets.DATABASE).documents == 2
    assert memory.titles(2) == ["Bonne"]
    assert Change.objects.values_list("target", "object_pk").get() == ("database", bad.pk)


def test_the_way_back_brings_what_changed_since(index: Index, memory: MemoryEngine) -> None:
    with pytest.raises(builds.NothingBefore):
        go_back(target=targets.DATABASE)
    _stays, changes_name, goes = make_sites("Reste", "Avant", "Part")
    rebuild(target=targets.DATABASE)
    rebuild(target=targets.DATABASE)
    rename(changes_name, "Après")
    Site.objects.filter(pk=goes.pk).update(is_public=False)
    note("site", [goes.pk])
    drain()
    assert memory.titles(2) == ["Avant", "Part", "Reste"]
    back = go_back(target=targets.DATABASE)
    assert (back.generation, back.records) == (2, 2)
    assert memory.titles(2) == ["Après", "Reste"]
    assert numbers() == (2, None, 3, 3)
    assert go_back(target=targets.DATABASE).generation == 3


# ---- comparing ----------------------------------------------------------------------------------
def test_differences_are_named_and_mended(index: Index, memory: MemoryEngine) -> None:
    _same, changed, missing, extra = make_sites("Même", "Avant", "Absente", "Retirée")
    rebuild(target=targets.DATABASE)
    assert check(target=targets.DATABASE) == []
    Site.objects.filter(pk=changed.pk).update(name_fr="Après", name_en="Après")
    memory.delete(2, [Key("site", missing.pk)], position=10**6)
    del (
        memory.positions[2][("site", missing.pk, "fr")],
        memory.positions[2]["site", missing.pk, "en"],
    )
    Site.objects.filter(pk=extra.pk).update(is_public=False)
    found = check(target=targets.DATABASE)
    assert [(d.key.pk, d.language, d.what) for d in found] == [
        (changed.pk, "en", "differs"),
        (changed.pk, "fr", "differs"),
        (missing.pk, "en", "missing"),
        (missing.pk, "fr", "missing"),
        (extra.pk, "en", "extra"),
        (extra.pk, "fr", "extra"),
    ]
    row = Index.objects.get(pk=targets.DATABASE)
    assert row.drift == 3
    assert row.checked_at is not None
    assert repair(target=targets.DATABASE, differences=found) == []
    assert memory.titles(2) == ["Absente", "Après", "Même"]
    assert Index.objects.get(pk=targets.DATABASE).drift == 0


def test_what_waits_to_be_written_is_no_difference(index: Index, memory: MemoryEngine) -> None:
    (site,) = make_sites("Avant")
    rebuild(target=targets.DATABASE)
    rename(site, "Après")
    assert compare(targets.DATABASE, 2) == []


def test_what_is_written_between_two_readings_is_no_difference(
    index: Index, memory: MemoryEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    (site,) = make_sites("Avant")
    rebuild(target=targets.DATABASE)
    fingerprints, times = memory.fingerprints, []

    def rename_after(generation: int) -> Any:
        held = list(fingerprints(generation))
        if not times:
            times.append(rename(site, "Après"))
            assert drain() == 1
        return iter(held)

    monkeypatch.setattr(memory, "fingerprints", rename_after)
    assert compare(targets.DATABASE, 2) == []
    assert changes.drain() == 0
