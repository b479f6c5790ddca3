"""The site's own index, for real: what changes is found, whichever generation serves."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from cms.pages.models import ArticlePage
from core import queue
from pilots.models import Site
from pilots.signals import record_changed
from search import health, tasks, vocabulary
from search.domain.changes import drain
from search.domain.checking import check
from search.domain.rebuilding import ensure, fill_new, go_back, outdated, rebuild
from search.finding import search
from search.models import Change, Index
from search.port import Query
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty(db: None, no_pages: None) -> None:
    """An index that holds nothing."""
    rebuild(target="database")
    Change.objects.all().delete()


def a_site() -> Site:
    site = factories.make_site()
    Change.objects.all().delete()
    return site


def found(text: str) -> list[str]:
    return [hit.title for hit in search(Query(text, "fr", exact=True)).hits]


def rename(site: Site, name: str) -> None:
    Site.objects.filter(pk=site.pk).update(name_fr=name, name_en=name)
    record_changed.send(sender=Site, pk=site.pk)


def test_words_of_a_generation_of_before_are_not_kept() -> None:
    for _generation in range(2):
        rebuild(target="database")
        vocabulary.words("fr")
        vocabulary.words("en")
    assert sorted(key[1:] for key in vocabulary._kept) == [
        (Index.objects.get().live, language) for language in ("en", "fr")
    ]


def test_a_change_is_found_when_the_worker_has_looked() -> None:
    site = a_site()
    rename(site, "Ruelle Champlain")
    assert found("champlain") == []
    queue.drain()
    assert found("champlain") == ["Ruelle Champlain"]
    rename(site, "Ruelle Papineau")
    queue.drain()
    assert (found("champlain"), found("papineau")) == ([], ["Ruelle Papineau"])
    Site.objects.filter(pk=site.pk).update(is_public=False)
    record_changed.send(sender=Site, pk=site.pk)
    queue.drain()
    assert found("papineau") == []
    assert check(target="database") == []


def test_each_generation_finds_what_there_is() -> None:
    site = a_site()
    Site.objects.filter(pk=site.pk).update(name_fr="Ruelle Champlain", name_en="Champlain")
    first = Index.objects.get().live
    assert rebuild(target="database").documents == 2
    assert found("champlain") == ["Ruelle Champlain"]
    rename(site, "Ruelle Papineau")
    drain()
    assert rebuild(target="database").documents == 2
    assert Index.objects.get().live != first
    rename(site, "Ruelle Viger")
    drain()
    assert go_back(target="database").records == 1
    assert (found("papineau"), found("viger")) == ([], ["Ruelle Viger"])
    assert check(target="database") == []


def test_the_commands_say_what_they_find(capsys: pytest.CaptureFixture[str]) -> None:
    site = a_site()
    call_command("search_rebuild")
    assert "2 documents; 1 records written" in capsys.readouterr().out
    call_command("search_check")
    assert capsys.readouterr().out == "database: 2 documents, no difference.\n"
    Site.objects.filter(pk=site.pk).update(name_fr="Rue", name_en="Street")
    with pytest.raises(CommandError, match="2 differences; --repair mends them"):
        call_command("search_check")
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"database: site {site.pk} (en): does not say what the record says"
    report = health.health()["indexes"]["database"]
    assert (report["drift"], report["waiting"]) == (1, 0)
    call_command("search_check", "--repair")
    assert "2 differences mended" in capsys.readouterr().out
    assert health.health()["indexes"]["database"]["drift"] == 0
    call_command("search_rebuild", "--back")
    assert Index.objects.get().previous is not None


def test_without_a_row_the_index_is_made_again_and_filled_by_the_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun: list[tuple[str, ...]] = []
    monkeypatch.setattr(tasks, "_begin", lambda *words: begun.append(words))
    tasks.mind()
    assert begun == []
    a_site()
    Index.objects.all().delete()
    ensure()
    assert (Index.objects.get().live, outdated()) == (1, ["database"])
    tasks.mind()
    assert begun == [("search_rebuild", "--target", "database")]
    fill_new()
    assert (outdated(), check(target="database")) == ([], [])


def test_a_new_site_finds_what_migrations_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    Index.objects.all().delete()
    ensure()
    fill_new()
    articles = ArticlePage.objects.live().count()
    assert articles > 0
    assert health.health()["entries"] == articles
    assert check(target="database") == []


def test_a_building_that_fails_is_begun_again_later_and_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun: list[tuple[str, ...]] = []
    monkeypatch.setattr(tasks, "_begin", lambda *words: begun.append(words))
    monkeypatch.setattr("search.targets.SAID", "other")
    waits = []
    for _attempt in range(8):
        assert tasks.renew() == ["database"]
        with monkeypatch.context() as broken:
            broken.setattr("search.domain.rebuilding.fill", lambda *_a, **_k: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                rebuild(target="database")
        failed_at = timezone.now()
        assert tasks.renew() == []
        again_at = Index.objects.get().build_again_at
        assert again_at is not None
        waits.append(round((again_at - failed_at).total_seconds() / 60))
        Index.objects.update(build_again_at=failed_at)
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    rebuild(target="database")
    index = Index.objects.get()
    assert (index.build_failures, index.build_again_at) == (0, None)


def test_an_index_of_an_older_code_is_built_again_once(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[tuple[str, ...]] = []
    monkeypatch.setattr(tasks, "_begin", lambda *words: begun.append(words))
    monkeypatch.setattr("search.targets.SAID", "other")
    assert tasks.renew() == ["database"]

    def another_look(_n: int, _of: int) -> None:
        assert tasks.renew() == []  # it is being built

    rebuild(target="database", say=another_look)
    assert tasks.renew() == []
    assert begun == [("search_rebuild", "--target", "database")]


def test_what_is_set_aside_or_late_is_told() -> None:
    from datetime import timedelta

    from django.utils import timezone

    now = timezone.now()
    before = now - timedelta(hours=2)
    told = {"kind": "site", "stamp": 1, "noted_at": before, "due_at": before, "target": "database"}
    Change.objects.create(**told, object_pk=1, tries=5)
    report = health.health()
    assert (report["ok"], report["indexes"]["database"]["set_aside"]) == (True, 1)
    Change.objects.create(**told, object_pk=2)
    report = health.health()
    assert (report["ok"], report["indexes"]["database"]["waiting"]) == (False, 1)
