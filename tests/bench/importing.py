"""Ten thousand rows brought in, in a process of its own whose memory is measured.

``python -m tests.bench.importing`` on the database of ``DATABASE_URL``, migrated: the file is
read, compared and written, then brought in once more with a word changed in each row, against a
directory that has them all. It prints seconds and megabytes as JSON.
"""

from __future__ import annotations

import csv
import io
import json
import os
import random
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
ROWS = 10_000
SYLLABLES = [
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "la",
    "me",
    "ni",
    "po",
    "ru",
    "sa",
    "te",
    "vi",
    "xo",
    "za",
    "bri",
    "cla",
    "dre",
    "fli",
    "gro",
    "pla",
    "tri",
    "sno",
    "qui",
]


def measure_import() -> list[tuple[str, float, float, str]]:
    """Figures of a process that has nothing else to do."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.importing"],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    return [
        (f"import of {ROWS:,} new rows", found["new"], 60, "s"),
        (f"import of {ROWS:,} changed rows", found["changed"], 60, "s"),
        (f"import of {ROWS:,} rows: memory at most", found["megabytes"], 400, "MB"),
    ]


def main() -> None:
    import django

    django.setup()
    from core.accounts import roles
    from startups.models import Incubator
    from tests import factories

    actor = factories.make_user("moderation", roles.MODERATORS)
    new, outcomes = bring_in(content("Texte."), actor)
    if outcomes.get("created", 0) < ROWS * 0.9:
        sys.exit(f"Too few were created: {outcomes}")
    changed, outcomes = bring_in(content("Autre texte."), actor)
    if outcomes.get("updated", 0) < ROWS * 0.9:
        sys.exit(f"Too few were changed: {outcomes}")
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = {"new": new, "changed": changed, "megabytes": megabytes}
    print(json.dumps(found | {"listings": Incubator.objects.count()}))


def bring_in(file: bytes, actor: Any) -> tuple[float, dict[str, int]]:
    """The whole way, every double taken for another one; seconds, and what became of the rows."""
    from collections import Counter

    from django.utils import timezone

    from startups import import_tasks
    from startups.domain import imports
    from startups.importing.reading import read_sheet

    def given() -> dict[str, Any]:
        return {"run": run, "actor": actor, "now": timezone.now()}

    started = time.perf_counter()
    run = imports.receive_sheet(
        sheet=read_sheet(file),
        file_name="liste.csv",
        kind="incubator",
        source="Lignes tirées au sort",
        publishes=True,
        actor=actor,
        now=timezone.now(),
    )
    imports.match_columns(mapping=run.mapping, allows_outside=True, **given())
    import_tasks.check(run.pk)
    doubles = run.rows.filter(verdict="double").values_list("number", flat=True)
    imports.choose_doubles(choices=dict.fromkeys(doubles, "create"), **given())
    imports.start_import(**given())
    import_tasks.write(run.pk)
    seconds = time.perf_counter() - started
    return seconds, Counter(run.rows.values_list("outcome", flat=True))


def content(about: str) -> bytes:
    """Names of two to four words, a domain, a number: as a register has them."""
    chance = random.Random(11)  # noqa: S311  the same rows each time
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";")
    writer.writerow(
        ["Nom", "Type", "Résumé", "Description", "Site", "NEQ", "Lat", "Lon", "Secteurs", "Thèmes"]
    )
    for number in range(ROWS):
        words = [
            "".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))).title()
            for _n in range(chance.randint(2, 4))
        ]
        writer.writerow(
            [
                " ".join(words),
                chance.choice(["Incubateur", "Accélérateur", "Fonds"]),
                "Un organisme d’appui tiré au sort.",
                about,
                f"https://{words[0].lower()}{number}.example",
                f"{1_100_000_000 + number}",
                f"{45.4 + chance.random() / 5:.5f}".replace(".", ","),
                f"{-73.9 + chance.random() / 3:.5f}".replace(".", ","),
                "énergie | eau",
                "mobility",
            ]
        )
    return file.getvalue().encode("cp1252")


if __name__ == "__main__":
    main()
