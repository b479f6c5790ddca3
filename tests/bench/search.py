"""Search at the size of a country: 100,000 records of four kinds, in both languages.

``python -m tests.bench.search [RECORDS] [--alike]`` on the database of ``DATABASE_URL``, migrated
and with the demonstration loaded, and on Elasticsearch too when ``ELASTICSEARCH_URL`` says where it
is: it prints each figure as JSON. The records say what the demonstration’s challenges say, mixed,
and are asked for by the judged queries; or, ``--alike``, nine things in five places, so that a word
stands in a ninth to a fifth of all: the hard case. Wagtail’s own search is asked for the same words
over the same records, its answers counted and their themes too: one facet of the five.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from tests.bench.quality import judged_queries

if TYPE_CHECKING:
    from cms.demo.bulk import Synthetic

ROOT = Path(__file__).resolve().parents[2]
RECORDS = 100_000
SHARES = {"challenges": 0.2, "startups": 0.27, "solutions": 0.4, "programs": 0.13}
# Promised of each engine: search, suggestions (ms at the 95th percentile), records a second.
PROMISED = {
    "sqlite": (50, 20, 3000),
    "postgresql": (40, 20, None),
    "elasticsearch": (30, 20, 2000),
}
MEGABYTES = 400
ROUNDS = 3
# Of records that are alike: words in both languages, misspelt, together, with small words; from
# one in nine records to none.
ASKED = (
    ("nids-de-poule", "fr"),
    ("potholes", "en"),
    ("chaleur", "fr"),
    ("permis", "fr"),
    ("noise", "en"),
    ("bruit des chantiers près des écoles", "fr"),
    ("éclairer les ruelles", "fr"),
    ("leaks in the water network", "en"),
    ("deneigement abribus", "fr"),
    ("deniegement trotoirs", "fr"),
    ("organic waste collection along the canal", "en"),
    ("stationnement livraison hôpitaux", "fr"),
    ('"près des écoles" -chaleur', "fr"),
    ("waiting at stops", "en"),
    ("charge 12", "fr"),
    ("bicyclette", "fr"),
    ("snow clearing of bus shelters", "fr"),
    ("licorne", "fr"),
)
BEGUN = ("dé", "ré", "mes", "nids", "partager l", "simpl", "charge 1", "lig", "pot", "Éclairer les")
Asked = tuple[tuple[str, str], ...]
Figure = tuple[str, float, float, str, bool]


def measure_search() -> list[Figure]:
    """Figures of a process that has nothing else to do."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.search"],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        check=True,
    )
    return [tuple(row) for row in json.loads(done.stdout.splitlines()[-1])]


def typed_of(*, alike: bool) -> Asked:
    """What is typed, with its language."""
    if alike:
        return ASKED
    return tuple((judged["q"], judged["lang"]) for judged in judged_queries("given"))


def maker_of(*, alike: bool) -> Synthetic:
    """Who makes the records: alike, or of the words of the demonstration’s challenges."""
    from cms.demo.bulk import Synthetic

    maker = Synthetic()
    if not alike:
        said = [_words(language) for language in ("fr", "en")]
        maker.title = lambda: _mixed(said, maker.random)  # type: ignore[method-assign]
    return maker


def _words(language: str) -> list[list[str]]:
    """The words of each challenge of the demonstration."""
    from pilots.models import Challenge

    fields = (f"{field}_{language}" for field in ("title", "summary", "problem", "wanted"))
    rows = Challenge.objects.order_by("pk").values_list(*fields)
    return [" ".join(texts).split() for texts in rows]


def _mixed(said: list[list[list[str]]], choose: Random) -> tuple[str, str]:
    """Some words of a challenge, and some of any: common ones come often, as people write."""
    about = choose.randrange(len(said[0]))
    fr, en = (
        " ".join(choose.choices(texts[about], k=5) + choose.choices(choose.choice(texts), k=4))
        for texts in said
    )
    return fr, en


def fill(records: int, *, alike: bool) -> None:
    """Synthetic records, beside what the demonstration has."""
    from django.db import connection, transaction

    from cms.demo.bulk import BATCH

    maker = maker_of(alike=alike)
    for kind, share in SHARES.items():
        rows = getattr(maker, kind)(round(records * share))
        while batch := list(islice(rows, BATCH)):
            with transaction.atomic():
                maker.write(kind, batch)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def p95(calls: list[Callable[[], Any]]) -> float:
    """The 95th percentile of the calls, in milliseconds; each is made once before."""
    for call in calls:
        call()
    spent = []
    for _round in range(ROUNDS):
        for call in calls:
            started = time.perf_counter()
            call()
            spent.append((time.perf_counter() - started) * 1000)
    return statistics.quantiles(spent, n=20)[-1]


def searches(typed: Asked) -> list[Callable[[], Any]]:
    """Everything, one kind, and a theme of what is open: five facets each time."""
    from core.taxonomy.models import Theme
    from search import finding
    from search.port import Query

    theme = Theme.objects.values_list("slug", flat=True)[0]
    narrowed: tuple[dict[str, Any], ...] = (
        {},
        {"kinds": ("solution",)},
        {"themes": (theme,), "statuses": ("open",)},
    )
    queries = [
        Query(text=text, language=language, **narrow)
        for text, language in typed
        for narrow in narrowed
    ]
    return [lambda query=query: finding.search(query) for query in queries]  # type: ignore[misc]


def suggestions() -> list[Callable[[], Any]]:
    """Some letters of titles."""
    from search import finding

    return [lambda text=text: finding.suggest(text, "fr") for text in BEGUN]  # type: ignore[misc]


def stock(typed: Asked) -> float:
    """Wagtail’s own search of the database over the four kinds: a page of each, with its number
    and the counts of one facet of the five.
    """
    from collections import Counter

    from django.core.management import call_command
    from wagtail.search.backends import get_search_backend

    from pilots.models import Challenge
    from startups.models import Program, Solution, Startup

    call_command("update_index", backend_name="default", verbosity=0, chunk_size=1000)
    backend = get_search_backend()

    def page(model: Any, text: str) -> tuple[int, Counter[int]]:
        found = backend.search(text, model.objects.filter(live=True))
        list(found[:20])
        keys = [record.pk for record in found]
        owner = f"{model._meta.model_name}_id__in"
        themes = model.themes.through.objects.filter(**{owner: keys})
        return len(keys), Counter(themes.values_list("theme_id", flat=True))

    def one(text: str) -> Callable[[], Any]:
        return lambda: [page(model, text) for model in (Challenge, Startup, Solution, Program)]

    return p95([one(text) for text, language in typed if language == "fr"])


def rebuild(target: str) -> tuple[float, float]:
    """Records a second, and the most megabytes of this process and its children."""
    from search.domain.rebuilding import rebuild as rebuild_index

    started = time.perf_counter()
    written = rebuild_index(target=target)
    seconds = time.perf_counter() - started
    most = max(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return written.records / seconds, most / 1024


def main() -> None:
    import django

    django.setup()
    from django.conf import settings

    settings.DEBUG = False  # in debugging every statement is remembered
    from search import switching, targets
    from search.models import Index

    alike = "--alike" in sys.argv
    typed = typed_of(alike=alike)
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    fill(numbers[0] if numbers else RECORDS, alike=alike)
    figures: list[Figure] = []
    for target in targets.kept():
        engine = targets.engine_of(target)
        search, suggest, records = PROMISED[engine.name]
        a_second, megabytes = rebuild(target)
        if records is not None:
            figures.append((f"{engine.name}: rebuild", a_second, records, "records/s", False))
        figures.append((f"{engine.name}: rebuild, memory", megabytes, MEGABYTES, "MB", True))
        live = Index.objects.get(pk=target).live
        asked = switching.read
        switching.read = lambda call, e=engine, n=live: switching.Answer(call(e, n), False)  # type: ignore[assignment,misc]
        own = p95(searches(typed))
        figures.append((f"{engine.name}: search with 5 facets, p95", own, search, "ms", True))
        figures.append(
            (f"{engine.name}: suggestions, p95", p95(suggestions()), suggest, "ms", True)
        )
        if target == targets.DATABASE and engine.name == "postgresql":
            figures.append(("Wagtail’s own search ÷ ours, p95", stock(typed) / own, 10, "×", False))
        switching.read = asked
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
