"""How well search finds: nDCG@10 and success@3 over judged queries, by engine and kind of query.

``python -m tests.bench.quality [-v]`` on the database of ``DATABASE_URL`` with the demonstration
loaded, on each engine that is kept (``ELASTICSEARCH_URL`` adds the server). The judged queries are
those that were given (``queries.json``) and our own of other kinds (``queries_own.json``). Other
kinds of records than those judged in a query are passed over when scoring. nDCG is of Järvelin and
Kekäläinen (2002), with gains of 2^grade - 1.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from statistics import mean
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
JUDGED = {
    "given": ROOT / "tests" / "search" / "queries.json",
    "own": ROOT / "tests" / "search" / "queries_own.json",
}
DEPTH, TOP = 10, 3
# Promised over all queries; a kind of query that falls below is shown as well.
SUCCESS, NDCG = 0.95, 0.85
Judged = dict[str, Any]
# Success@3 and nDCG@10 of one query.
Score = tuple[float, float]


def judged_queries(name: str) -> list[Judged]:
    return json.loads(JUDGED[name].read_text())


def score(judged: Judged) -> tuple[Score, list[str]]:
    """How well one query is answered, and what came first."""
    from search import finding
    from search.port import Query

    grades = {(row["kind"], row["slug"]): row["grade"] for row in judged["relevant"]}
    kinds = {kind for kind, _slug in grades}
    found = finding.search(Query(text=judged["q"], language=judged["lang"], limit=200))
    keys = dict.fromkeys(named(hit.kind, hit.slug) for hit in found.hits if hit.kind in kinds)
    ranked = list(keys)[:DEPTH]
    gains = [2 ** grades.get(key, 0) - 1 for key in ranked]
    best = sorted((2**grade - 1 for grade in grades.values()), reverse=True)[:DEPTH]
    success = float(any(gain for gain in gains[:TOP]))
    return (success, _dcg(gains) / _dcg(best)), [slug for _kind, slug in ranked[:TOP]]


def named(kind: str, slug: str) -> tuple[str, str]:
    """An intake is judged as those of its program together, whatever number each has."""
    return (kind, slug.rpartition("-")[0] if kind == "intake" else slug)


def _dcg(gains: list[int]) -> float:
    return sum(gain / math.log2(at + 2) for at, gain in enumerate(gains))


def by_type(*, say: bool = False) -> dict[str, Score]:
    """Mean scores by kind of query, by file, and of all."""
    scores: dict[str, list[Score]] = defaultdict(list)
    asked = [(file, judged) for file in JUDGED for judged in judged_queries(file)]
    for name, judged in asked:
        found, first = score(judged)
        for kind in (judged["type"], f"all {name}", "all"):
            scores[kind].append(found)
        if say and (found[0] < 1 or found[1] < 0.85):
            print(f"  {judged['q']!r} ({judged['lang']}) {found[0]:.0f} {found[1]:.2f} {first}")
    return {
        name: (mean(s for s, _n in rows), mean(n for _s, n in rows))
        for name, rows in sorted(scores.items())
    }


def measure_quality(folder: Path) -> list[tuple[str, float, float, str]]:
    """Figures of the demonstration, loaded in a database of its own under ``folder``."""
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{folder / 'quality.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "cms.settings.dev",
        "DEBUG": "1",
    }

    def run(*command: str) -> str:
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    run("manage.py", "migrate", "--verbosity", "0")
    run("manage.py", "seed_demo")
    return [tuple(row) for row in json.loads(run("-m", "tests.bench.quality").splitlines()[-1])]


def _warm() -> None:
    """A server that has just started answers its first questions too late."""
    from search import finding
    from search.port import EngineAway, Query

    for _time in range(5):
        with suppress(EngineAway):
            finding.search(Query(text="la ville", language="fr"))


def main() -> None:
    from search import switching, targets
    from search.domain.rebuilding import rebuild
    from search.models import Index

    figures = []
    asked = switching.read
    for target in targets.kept():
        engine = targets.engine_of(target)
        rebuild(target=target)
        live = Index.objects.get(pk=target).live
        switching.read = lambda call, e=engine, n=live: switching.Answer(call(e, n), False)
        _warm()
        scores = by_type(say="-v" in sys.argv)
        switching.read = asked
        for name, (success, ndcg) in scores.items():
            print(f"{engine.name} {name:16} success@3 {success:.3f}  nDCG@10 {ndcg:.3f}")
            figures.append((f"{engine.name}: success@3, {name}", success, SUCCESS, ""))
            figures.append((f"{engine.name}: nDCG@10, {name}", ndcg, NDCG, ""))
    print(json.dumps(figures))


if __name__ == "__main__":
    import django

    django.setup()
    main()
