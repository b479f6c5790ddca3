"""Two at the same instant, on PostgreSQL: nothing is lost, and few wait."""

from __future__ import annotations

import threading
from contextlib import suppress

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from pilots.domain.pilot import _noted
from pilots.models import Pilot, Site
from pilots.signals import record_changed
from search.domain import builds, changes, turns
from search.domain.changes import drain, note
from search.domain.rebuilding import rebuild
from search.models import Change, Index
from search.port import Key
from tests import factories
from tests.races import at_once
from tests.search.world import NOW, make_world


def a_site() -> Site:
    site = factories.make_site()
    Change.objects.all().delete()
    return site


def test_two_changes_of_a_record_at_once_are_one_row(apart: None) -> None:
    site = a_site()
    at_once(lambda: note("site", [site.pk]), lambda: note("site", [site.pk]))
    assert Change.objects.count() == 1
    assert drain() == 1


def test_of_two_builders_at_once_the_second_says_so(apart: None) -> None:
    refusal = at_once(lambda: builds.begin("database"), lambda: builds.begin("database"))
    assert refusal is not None
    assert refusal.code == "build_under_way"


def test_a_building_begins_wholly_after_a_batch(apart: None) -> None:
    """What the batch wrote was committed before: the filling reads it, and no row has to say so."""
    site = a_site()
    note("site", [site.pk])
    turn = turns.take_turn("database", timezone.now())
    assert turn is not None
    batch = list(Change.objects.all())
    at_once(lambda: changes._settle(turn, batch), lambda: builds.begin("database"))
    assert not Change.objects.exists()


def test_a_batch_that_ends_after_a_building_began_goes_on_to_it(apart: None) -> None:
    site = a_site()
    note("site", [site.pk])
    turn = turns.take_turn("database", timezone.now())
    assert turn is not None
    batch = list(Change.objects.all())
    at_once(lambda: builds.begin("database"), lambda: changes._settle(turn, batch))
    assert Change.objects.values_list("target", "object_pk").get() == ("database+", site.pk)


def test_the_worker_waits_for_nobodys_transaction(apart: None) -> None:
    """Somebody is in the middle of changing one of two records."""
    busy, free = a_site(), a_site()
    note("site", [busy.pk, free.pk])
    begun, may_end = threading.Event(), threading.Event()

    def change() -> None:
        with transaction.atomic():
            Site.objects.filter(pk=busy.pk).update(name_fr="Après", name_en="Après")
            note("site", [busy.pk])
            begun.set()
            may_end.wait(30)
        connection.close()

    thread = threading.Thread(target=change)
    thread.start()
    assert begun.wait(30)
    assert drain() == 1
    assert Change.objects.get().object_pk == busy.pk
    may_end.set()
    thread.join(30)
    assert drain() == 1
    live = Index.objects.get().live
    assert live is not None
    from search.backends import database_engine

    document = database_engine().document(live, Key("site", busy.pk), "fr")
    assert document is not None
    assert document.title == "Après"


def test_two_workers_at_once_write_each_record_in_turn(apart: None, no_pages: None) -> None:
    sites = [a_site() for _ in range(3)]
    note("site", [site.pk for site in sites])
    done: list[int] = []

    def work() -> None:
        done.append(drain())
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    drain()
    assert sum(done) <= 3
    assert not Change.objects.exists()
    assert rebuild(target="database").documents == 6


def test_two_trials_of_a_challenge_that_change_at_once_wait_in_one_order(apart: None) -> None:
    """Each holds its own row when the other wants it: PostgreSQL would end one of them."""
    w = make_world()
    other = Pilot.objects.get(pk=w.pilot.pk)
    other.pk, other.slug, other.reference = None, "autre", "P2026-99"
    other._state.adding = True
    other.save()
    Change.objects.all().delete()
    both, faults = threading.Barrier(2), []

    def meet(**kwargs: object) -> None:
        with suppress(threading.BrokenBarrierError):
            both.wait(2)  # broken when one of them waits for the other already

    def change(pilot: Pilot) -> None:
        try:
            with transaction.atomic():
                _noted(pilot, "planned", w.verdict.decided_by, NOW)
        except DatabaseError as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=change, args=(pilot,)) for pilot in (w.pilot, other)]
    record_changed.connect(meet, sender=Pilot)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    finally:
        record_changed.disconnect(meet, sender=Pilot)
    assert faults == []
    assert Change.objects.filter(kind="pilot").count() == 2
