"""``make bench``: every promise of speed and size, as a ratio to its limit, in one run.

Prints a table and writes ``.run/bench.json``. A ratio of 1 or less is within the promise.
"""

from __future__ import annotations

import gzip
import importlib
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(tempfile.mkdtemp(prefix="bench-"))
if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
    os.environ["DATABASE_URL"] = f"sqlite:///{FOLDER / 'db.sqlite3'}"

# As the web process starts, what it sets up at its start included.
importlib.import_module("cms.wsgi")


from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from cms.demo.bulk import Synthetic  # noqa: E402
from tests.bench.bare import CONTENT  # noqa: E402
from tests.bench.directory import measure_directory  # noqa: E402
from tests.bench.fit import measure_fit  # noqa: E402
from tests.bench.importing import measure_import  # noqa: E402
from tests.bench.letters import measure_letters  # noqa: E402
from tests.bench.processes import measure_site  # noqa: E402
from tests.bench.quality import measure_quality  # noqa: E402
from tests.bench.saved_searches import measure_saved_searches  # noqa: E402
from tests.bench.search import measure_search  # noqa: E402
from tests.bench.sending import measure_delivery, measure_queueing  # noqa: E402

ROUNDS = 40


@dataclass
class Result:
    """One figure with its limit; ``ratio`` is figure over limit, or the inverse for a floor."""

    name: str
    figure: float
    limit: float
    unit: str
    ratio: float


RESULTS: list[Result] = []


def at_most(name: str, figure: float, limit: float, unit: str) -> None:
    RESULTS.append(Result(name, round(figure, 3), limit, unit, round(figure / limit, 3)))


def at_least(name: str, figure: float, limit: float, unit: str) -> None:
    RESULTS.append(Result(name, round(figure, 3), limit, unit, round(limit / figure, 3)))


def median_ms(call: Callable[[], Any], rounds: int = ROUNDS) -> float:
    call()
    spent = []
    for _n in range(rounds):
        started = time.perf_counter()
        call()
        spent.append((time.perf_counter() - started) * 1000)
    return statistics.median(spent)


def fill(count: int) -> None:
    maker = Synthetic()
    maker.write("challenges", list(maker.challenges(count)))


def bench_board(client: Client, label: str) -> int:
    def page() -> HttpResponse:
        return client.get("/fr/defis/")  # type: ignore[return-value]

    page()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page()
    at_most(f"board, {label}: queries", len(queries), 15, "queries")
    at_most(f"board, {label}: median, uncached", median_ms(page), 20, "ms")
    return len(queries)


def rate(application: Callable[..., Any], address: str) -> float:
    """Requests a second through a WSGI application, in this process."""
    from django.test.client import RequestFactory

    def once() -> None:
        environ = RequestFactory()._base_environ(PATH_INFO=address, REQUEST_METHOD="GET")
        answer = application(environ, lambda *_args: None)
        b"".join(answer)
        answer.close()

    return 1000 / median_ms(once, 400)


def bench_cache() -> None:
    from django.core.wsgi import get_wsgi_application

    with override_settings(PAGE_CACHE_SECONDS=60):
        site = get_wsgi_application()
        CONTENT["bytes"] = Client().get("/fr/defis/").content
        cached = rate(site, "/fr/defis/")
    with override_settings(MIDDLEWARE=[], ROOT_URLCONF="tests.bench.bare"):
        bare = rate(get_wsgi_application(), "/bare/")
    at_least("anonymous page from the cache ÷ bare view", cached / bare, 0.8, "×")


def bench_script() -> None:
    from django.contrib.staticfiles import finders

    heaviest = ["leaflet/leaflet.js", "js/map.js"]
    size = sum(len(gzip.compress(Path(finders.find(name)).read_bytes())) for name in heaviest)
    at_most("script of the heaviest public page, compressed", size / 1000, 100, "kB")


def measured_parts() -> None:
    """What has a module of its own."""
    ceilings = (measure_fit, measure_letters, measure_saved_searches, measure_directory)
    for measure in (*ceilings, measure_import, measure_queueing, lambda: measure_site(FOLDER)):
        for figure in measure():
            at_most(*figure)
    for measure in (measure_delivery, lambda: measure_quality(FOLDER)):
        for figure in measure():
            at_least(*figure)
    for *figure, is_most in measure_search():
        (at_most if is_most else at_least)(*figure)


def main() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    client = Client()
    fill(30)
    few = bench_board(client, "30 challenges")
    fill(2970)
    many = bench_board(client, "3,000 challenges")
    if few != many:
        sys.exit(f"The board's queries grow with its rows: {few} then {many}.")
    from pilots.models import Challenge

    address = Challenge.objects.order_by("pk")[0].get_absolute_url()
    at_most("challenge page: median, uncached", median_ms(lambda: client.get(address)), 15, "ms")
    bench_cache()
    bench_script()
    measured_parts()
    report()


def report() -> None:
    width = max(len(r.name) for r in RESULTS)
    for r in RESULTS:
        mark = "" if r.ratio <= 1 else "  OVER"
        sys.stdout.write(
            f"{r.name:<{width}}  {r.figure:>9} / {r.limit} {r.unit}  ratio {r.ratio}{mark}\n"
        )
    target = ROOT / ".run" / "bench.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps([asdict(r) for r in RESULTS], indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
