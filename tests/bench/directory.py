"""The directory at the size of a whole country: 10,000 organisations, 8,000 programs.

``python -m tests.bench.directory`` on the database of ``DATABASE_URL``, migrated: it prints each
figure as JSON.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
ORGANISATIONS, PROGRAMS, INTAKES = 10_000, 8_000, 1_050
ROUNDS = 15
Figure = tuple[str, float, float, str]


def measure_directory() -> list[Figure]:
    """Figures of a process that has nothing else to do."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.directory"],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        check=True,
    )
    return [tuple(row) for row in json.loads(done.stdout.splitlines()[-1])]


def fill(organisations: int, programs: int, intakes: int) -> None:
    """Support organisations over the islands, their programs, and coming intakes; one seed."""
    from django.db import connection
    from django.utils import timezone

    from core.taxonomy.models import Borough, Theme
    from startups.enums import IncubatorKind, Offer, Stage
    from startups.models import Incubator, Intake, Program

    chance, now = random.Random("directory"), timezone.now()  # noqa: S311  the same rows each time
    boroughs, themes = list(Borough.objects.all()), list(Theme.objects.all())
    first = Incubator.objects.count()

    def listed() -> dict[str, Any]:
        return {
            "live": True,
            "first_published_at": now,
            "verified_on": (now - timedelta(days=chance.randint(0, 400))).date(),
            "languages": chance.choice((["fr"], ["fr", "en"], ["en"])),
            "offers": chance.sample(Offer.values, chance.randint(0, 3)),
        }

    def themed(model: Any, column: str, rows: list[Any]) -> None:
        through = model.themes.through
        through.objects.bulk_create(
            [
                through(**{column: row.pk, "theme_id": theme.pk})
                for row in rows
                for theme in chance.sample(themes, 2)
            ],
            batch_size=2000,
        )

    made = Incubator.objects.bulk_create(
        [
            Incubator(
                slug=f"organisation-{first + n}",
                name=f"Organisation {chance.randint(0, 10**6)} ({first + n})",
                kind=chance.choice(IncubatorKind.values),
                state="closed" if n % 50 == 0 else "unclaimed",
                summary_fr="Une organisation qui accompagne des équipes de la région.",
                about_fr="Un paragraphe. " * 20,
                founded_year=chance.randint(1990, 2026),
                borough=chance.choice(boroughs),
                lat=None if n % 10 == 0 else chance.uniform(45.42, 45.70),
                lon=None if n % 10 == 0 else chance.uniform(-73.95, -73.48),
                **listed(),
            )
            for n in range(organisations)
        ],
        batch_size=500,
    )
    themed(Incubator, "incubator_id", made)
    runs = Program.objects.bulk_create(
        [
            Program(
                slug=f"programme-{first}-{n}",
                incubator=made[n % len(made)],
                name_fr=f"Programme {chance.randint(0, 10**6)} ({n})",
                summary_fr="Un parcours de quelques semaines.",
                about_fr="Un paragraphe. " * 20,
                equity_percent=chance.choice((None, 0, 0, 4, 7)),
                stages=chance.sample(Stage.values, chance.randint(0, 3)),
                **listed(),
            )
            for n in range(programs)
        ],
        batch_size=500,
    )
    themed(Program, "program_id", runs)
    # A coming one each for some; past ones for the others.
    Intake.objects.bulk_create(
        [
            Intake(
                program=program,
                opens_at=(opens := now + timedelta(days=chance.randint(*window))),
                closes_at=opens + timedelta(days=chance.randint(20, 30)),
                how_fr="Un dossier de trois pages, lu par deux personnes ; réponse sous peu.",
            )
            for n, program in enumerate(runs)
            for window in [(-20, 330) if n < intakes else (-700, -70)]
        ],
        batch_size=1000,
    )
    # What a database that has run for a night knows of its own rows.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def median_ms(call: Callable[[], Any]) -> float:
    """Of some rounds, after one that warms what a process keeps."""
    call()
    spent = []
    for _n in range(ROUNDS):
        started = time.perf_counter()
        call()
        spent.append((time.perf_counter() - started) * 1000)
    return statistics.median(spent)


def queries_of(call: Callable[[], Any]) -> int:
    """How many it asks once warm."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    call()
    with CaptureQueriesContext(connection) as found:
        call()
    return len(found)


PAGES = {
    "support organisations": "/fr/incubateurs/",
    "programs": "/fr/programmes/",
    "programs, two filters": "/fr/programmes/?equity=none&language=fr",
    "intake calendar": "/fr/programmes/calendrier/",
    "intake calendar, list": "/fr/programmes/calendrier/?view=list",
}
BOX = "box=-73.70,45.45,-73.50,45.58&zoom=12"


def figures() -> list[Figure]:
    """What the issue promises, measured."""
    from django.test import Client

    client = Client()

    def get(address: str) -> Callable[[], Any]:
        return lambda: client.get(address)

    fill(30, 30, 10)
    few = {name: queries_of(get(address)) for name, address in PAGES.items()}
    fill(ORGANISATIONS - 30, PROGRAMS - 30, INTAKES)
    found: list[Figure] = []
    for name, address in PAGES.items():
        many = queries_of(get(address))
        if many != few[name]:
            sys.exit(f"The queries of “{name}” grow with its rows: {few[name]} then {many}.")
        found.append((f"directory, {name}: queries", many, 20, "queries"))
        found.append((f"directory, {name}: median, uncached", median_ms(get(address)), 60, "ms"))
    for name, address in (
        ("whole", "/fr/incubateurs/carte.json"),
        ("a part", f"/fr/incubateurs/carte.json?{BOX}"),
        ("programs, whole", "/fr/programmes/carte.json"),
    ):
        size = len(gzip.compress(client.get(address).content)) / 1000
        found.append((f"map of 10,000, {name}: compressed", size, 150, "kB"))
        found.append((f"map of 10,000, {name}: median", median_ms(get(address)), 100, "ms"))
    feed = "/fr/programmes/calendrier.ics"
    events = client.get(feed).content.count(b"BEGIN:VEVENT")
    if events < 2_000:
        sys.exit(f"Only {events} events in the feed.")
    found.append((f"calendar feed of {events:,} events: median", median_ms(get(feed)), 300, "ms"))
    return found


def main() -> None:
    """Fill, measure, print."""
    import django

    django.setup()
    sys.stdout.write(json.dumps(figures()) + "\n")


if __name__ == "__main__":
    main()
