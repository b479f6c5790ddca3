"""« Which program fits me? » over eight thousand programs: judged, and as a page."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.taxonomy.models import Theme
from startups.enums import ApplicantKind, Offer, ProgramFormat, Stage
from startups.fit.questions import read_answers
from startups.fit.reading import judge_all
from startups.models import Incubator, Intake, Program

PROGRAMS = 8000
ROUNDS = 25
# All eight questions are answered: the most that there is to read and to compare.
ANSWERS = (
    "stage=pilot&trl=5&theme=health&theme=data&language=fr&applicant=company"
    "&offer=mentors&equity=5&attendance=often"
)
CHUNK = 2000


def _some(chance: random.Random, values: Sequence[str]) -> list[str]:
    """A part of ``values``, in their order, as a form keeps them; now and then nothing."""
    return [value for value in values if chance.random() < 0.4]


def _fill() -> None:
    chance = random.Random("fit")  # noqa: S311  the same rows each time
    now = timezone.now()
    words = {"summary_fr": "Une phrase.", "about_fr": "Un paragraphe. " * 20, "live": True}
    homes = [
        Incubator(slug=f"fit-{n}", name=f"Incubateur {n}", kind="incubator", **words)
        for n in range(200)
    ]
    Incubator.objects.bulk_create(homes)
    programs = [
        Program(
            slug=f"fit-{n}",
            incubator=chance.choice(homes),
            name_fr=f"Programme {chance.random():.12f}",
            stages=_some(chance, Stage.values),
            trl_min=chance.choice([None, 1, 3, 5]),
            trl_max=chance.choice([None, 6, 9]),
            any_sector=chance.random() < 0.2,
            languages=chance.choice([["fr"], ["fr", "en"], ["en"]]),
            applicants=_some(chance, ApplicantKind.values),
            offers=_some(chance, Offer.values),
            equity_percent=chance.choice([None, 0, 5, 7.5]),
            format=chance.choice(ProgramFormat.values),
            verified_on=now.date(),
            **words,
        )
        for n in range(PROGRAMS)
    ]
    Program.objects.bulk_create(programs, batch_size=CHUNK)
    links, themes = Program.themes.through, list(Theme.objects.all())
    links.objects.bulk_create(
        [
            links(program_id=program.pk, theme_id=theme.pk)
            for program in programs
            for theme in chance.sample(themes, chance.randint(0, 3))
        ],
        batch_size=CHUNK,
    )
    Intake.objects.bulk_create(
        [
            Intake(
                program=program,
                opens_at=now + timedelta(days=days),
                closes_at=now + timedelta(days=days + 30),
            )
            for program in programs
            for days in chance.sample(range(-200, 300), 2)
        ],
        batch_size=CHUNK,
    )


def _median_ms(call: Callable[[], Any]) -> float:
    call()
    spent = []
    for _n in range(ROUNDS):
        started = time.perf_counter()
        call()
        spent.append((time.perf_counter() - started) * 1000)
    return statistics.median(spent)


def measure_fit() -> Iterator[tuple[str, float, float, str]]:
    """The promise, then what a reader waits for: the page with its first programs."""
    _fill()
    answers, now = read_answers(QueryDict(ANSWERS)).answers, timezone.now()
    judged = sum(len(keys) for keys in judge_all(answers, now).keys.values())
    if judged < PROGRAMS:
        msg = f"{judged} programs were judged, {PROGRAMS} at least are here."
        raise RuntimeError(msg)
    name = f"program fit, {PROGRAMS} programs, 8 answers"
    yield f"{name}: median", _median_ms(lambda: judge_all(answers, now)), 100, "ms"
    client, address = Client(), f"/fr/programmes/quel-programme/resultats/?{ANSWERS}"
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        size = len(client.get(address).content)
    yield f"{name}: queries of its page", len(queries), 10, "queries"
    yield f"{name}: its page, uncompressed", size / 1000, 150, "kB"
    yield (
        f"{name}: median of its page, uncached",
        _median_ms(lambda: client.get(address)),
        200,
        "ms",
    )
