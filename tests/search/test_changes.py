"""From a change to the index: once, in order, by whoever has the turn, whatever is away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from pilots.models import Site
from search import targets, tasks
from search.domain import changes, reading, turns
from search.domain.changes import drain, note, note_keys
from search.models import MOST_TRIES, Change, Index
from search.port import Document, Key
from tests import factories
from tests.search.memory_engine import MemoryEngine

pytestmark = pytest.mark.django_db


def sites(*names: str) -> list[Site]:
    made = [factories.make_site(name_fr=name, name_en=name) for name in names]
    Change.objects.all().delete()
    return made


def rename(site: Site, name: str) -> None:
    Site.objects.filter(pk=site.pk).update(name_fr=name, name_en=name)
    note("site", [site.pk])


def test_ten_thousand_changes_are_one_row_and_one_writing(
    index: Index, memory: MemoryEngine
) -> None:
    (site,) = sites("Rue")
    for number in range(200):
        note_keys([Key("site", site.pk)] * 50)
        assert Change.objects.count() == 1, number
    rename(site, "Ruelle")
    assert drain() == 1
    assert memory.titles(1) == ["Ruelle"]
    assert memory.writings == [[Key("site", site.pk)]]
    assert not Change.objects.exists()


def test_many_records_are_noted_in_few_statements(
    index: Index, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        note("site", [1])
    with django_assert_num_queries(1):
        note("site", range(1, 101))
    assert Change.objects.count() == 100


def test_a_batch_costs_the_same_at_one_record_and_at_three(
    index: Index, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    made = sites("Un", "Deux", "Trois")
    note("site", [made[0].pk])
    drain()  # the city's settings are read once
    note("site", [made[0].pk])
    with django_assert_num_queries(19):
        assert drain() == 1
    note("site", [site.pk for site in made])
    with django_assert_num_queries(19):
        assert drain() == 3
    with django_assert_num_queries(1):
        assert drain() == 0


def test_what_is_undone_is_not_noted(index: Index, memory: MemoryEngine) -> None:
    (site,) = sites("Rue")
    with transaction.atomic():
        rename(site, "Ruelle")
        transaction.set_rollback(True)
    assert drain() == 0


def test_what_is_no_longer_public_is_forgotten(index: Index, memory: MemoryEngine) -> None:
    (site,) = sites("Rue")
    note("site", [site.pk])
    drain()
    assert memory.size(1) == 2
    Site.objects.filter(pk=site.pk).update(is_public=False)
    note("site", [site.pk])
    assert drain() == 1
    assert memory.size(1) == 0


def test_the_oldest_change_is_written_first(
    index: Index, memory: MemoryEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "BATCH", 1)
    first, second = sites("Un", "Deux")
    now = timezone.now()
    note("site", [second.pk], now=now - timedelta(minutes=2))
    note("site", [first.pk], now=now - timedelta(minutes=1))
    note("site", [second.pk], now=now)  # it goes on waiting at its place
    assert drain() == 2
    assert memory.writings == [[Key("site", second.pk)], [Key("site", first.pk)]]


def test_a_change_while_it_is_being_written_is_written_again(
    index: Index, memory: MemoryEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    (site,) = sites("Rue")
    note("site", [site.pk])
    write, renamed = memory.write, []

    def write_and_rename(*args: object, **kwargs: object) -> None:
        write(*args, **kwargs)  # type: ignore[arg-type]
        if not renamed:
            renamed.append(rename(site, "Ruelle"))

    monkeypatch.setattr(memory, "write", write_and_rename)
    assert drain() == 0
    assert memory.titles(1) == ["Rue"]
    assert drain() == 1
    assert memory.titles(1) == ["Ruelle"]


def test_a_writer_that_was_taken_for_dead_does_not_win(index: Index, memory: MemoryEngine) -> None:
    """It read the record before the other one did, and writes after it."""
    (site,) = sites("Avant")
    note("site", [site.pk])
    now = timezone.now()
    slow = turns.take_turn(targets.DATABASE, now)
    assert slow is not None
    (change,) = Change.objects.all()
    old = reading.read([Key("site", site.pk)])
    rename(site, "Après")
    assert turns.take_turn(targets.DATABASE, now) is None
    Index.objects.update(turn_until=now - timedelta(seconds=1))
    assert drain() == 1
    written = changes._write(slow, old, {Key("site", site.pk): change})
    assert written == 0
    assert memory.titles(1) == ["Après"]


def test_a_document_that_is_refused_hinders_no_other(index: Index, memory: MemoryEngine) -> None:
    good, bad, other = sites("Bonne", "Mauvaise", "Autre")
    memory.refused = {Key("site", bad.pk)}
    note("site", [good.pk, bad.pk, other.pk])
    assert drain() == 3
    assert memory.titles(1) == ["Autre", "Bonne"]
    for tries in range(1, MOST_TRIES):
        assert Change.objects.values_list("object_pk", "tries").get() == (bad.pk, tries)
        assert drain() == 0  # not before its time
        Change.objects.update(due_at=timezone.now())
        assert drain() == 1
    Change.objects.update(due_at=timezone.now())
    assert drain() == 0
    assert Change.objects.get().tries == MOST_TRIES
    memory.refused.clear()
    note("site", [bad.pk])  # somebody put it right
    assert drain() == 1
    assert memory.titles(1) == ["Autre", "Bonne", "Mauvaise"]


def test_a_record_of_which_nothing_can_be_made_hinders_no_other(
    index: Index, memory: MemoryEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = sites("Bonne", "Mauvaise")
    make = reading.documents_of

    def make_or_fail(kind: object, record: Site, now: object) -> list[object]:
        if record.pk == bad.pk:
            raise AttributeError("borough")
        return make(kind, record, now)  # type: ignore[arg-type,return-value]

    monkeypatch.setattr(reading, "documents_of", make_or_fail)
    note("site", [good.pk, bad.pk])
    assert drain() == 2
    assert memory.titles(1) == ["Bonne"]
    assert Change.objects.values_list("object_pk", "tries").get() == (bad.pk, 1)


def test_a_record_that_cannot_be_read_hinders_no_other(
    index: Index, memory: MemoryEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row whose value nothing can be made of fails the reading of all."""
    good, bad, other = sites("Bonne", "Mauvaise", "Autre")
    read = reading.records_at

    def read_or_fail(kind: object, pks: list[int], now: object) -> list[object]:
        if bad.pk in pks:
            raise ValueError(bad.pk)
        return read(kind, pks, now)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "records_at", read_or_fail)
    note("site", [good.pk, bad.pk, other.pk])
    assert drain() == 3
    assert memory.titles(1) == ["Autre", "Bonne"]
    assert Change.objects.values_list("object_pk", "tries").get() == (bad.pk, 1)


def test_what_is_refused_and_whose_hour_has_come_is_set_aside(
    index: Index, memory: MemoryEngine
) -> None:
    """The clock asks for it each minute, and does not make it new each minute."""
    (site,) = sites("Rue")
    now = timezone.now()
    memory.refused = {Key("site", site.pk)}
    held = Document("site", site.pk, "fr", "rue", "Rue", "/", turns_at=now - timedelta(minutes=1))
    memory.generations[1]["site", site.pk, "fr"] = held
    assert tasks.turn(targets.DATABASE, now) == 1
    for _try in range(MOST_TRIES):
        assert drain() == 1
        assert tasks.turn(targets.DATABASE, now) == 0
        Change.objects.update(due_at=timezone.now())
    assert Change.objects.get().tries == MOST_TRIES
    assert tasks.turn(targets.DATABASE, now) == 0
    assert drain() == 0


def test_a_server_that_is_away_keeps_its_rows_and_nobody_waiting(
    server: MemoryEngine, memory: MemoryEngine
) -> None:
    (site,) = sites("Rue")
    server.is_away = True
    note("site", [site.pk])
    assert Change.objects.count() == 2
    assert drain() == 1
    assert memory.titles(1) == ["Rue"]
    row = Index.objects.get(pk=targets.ELASTICSEARCH)
    assert (row.trouble, row.failures) == ("away", 1)
    since = row.trouble_since
    for failures, seconds in ((2, 2), (3, 4), (4, 8)):
        assert drain() == 0
        Index.objects.filter(pk=row.pk).update(retry_at=timezone.now())
        before = timezone.now()
        assert drain() == 0
        row.refresh_from_db()
        assert (row.failures, row.trouble_since) == (failures, since)
        assert row.retry_at is not None
        assert (
            timedelta(0) < row.retry_at - before - timedelta(seconds=seconds) < timedelta(seconds=1)
        )
    server.is_away = False
    rename(site, "Ruelle")
    Index.objects.filter(pk=row.pk).update(retry_at=timezone.now())
    assert drain() == 2
    row.refresh_from_db()
    assert (row.trouble, row.trouble_since, row.failures, row.retry_at) == ("", None, 0, None)
    assert memory.titles(1) == server.titles(1) == ["Ruelle"]


def test_a_server_that_is_full_says_so(server: MemoryEngine) -> None:
    (site,) = sites("Rue")
    server.is_full = True
    note("site", [site.pk])
    assert drain() == 1
    assert Index.objects.get(pk=targets.ELASTICSEARCH).trouble == "full"


def test_a_worker_that_is_told_to_stop_stops(index: Index) -> None:
    (site,) = sites("Rue")
    note("site", [site.pk])
    assert drain(lambda: True) == 0
    assert Change.objects.count() == 1
