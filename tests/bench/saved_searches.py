"""Five thousand saved searches against a day's changes, in a process of its own.

``python -m tests.bench.saved_searches`` on the database of ``DATABASE_URL``, migrated: it prints
the seconds and the megabytes as JSON. The site's index holds twenty thousand documents besides;
what the day brought is read from its records, and every letter is written.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SEARCHES = 5_000
NEW = 300
HELD = 20_000
WORDS = 400


def measure_saved_searches() -> list[tuple[str, float, float, str]]:
    """Figures of a process that has nothing else to do."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.saved_searches"],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    return [
        (f"{SEARCHES:,} saved searches, {NEW} new records", found["seconds"], 60, "s"),
        (f"{SEARCHES:,} saved searches: memory at most", found["megabytes"], 400, "MB"),
    ]


def main() -> None:
    import django

    django.setup()
    from django.utils import timezone

    from core.following.domain.digests import last_boundary
    from core.following.enums import Frequency
    from search import news
    from search.domain import telling

    now = timezone.now()
    fill(last_boundary(Frequency.DAILY, now), now)
    started = time.perf_counter()
    news.note_new(now - timedelta(minutes=30))
    written = telling.make_letters(frequency=Frequency.DAILY, now=now)
    seconds = time.perf_counter() - started
    if written < SEARCHES / 10:
        sys.exit(f"Only {written} letters of {SEARCHES} searches.")
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "megabytes": megabytes, "letters": written}))


def fill(boundary: datetime, now: datetime) -> None:
    """The index, what was known of it, what the day brought, and those who follow searches."""
    from search import news, switching
    from search.documents import BY_NAME
    from search.models import Appearance
    from search.port import Document, Key
    from tests import factories

    chance = random.Random(6)  # noqa: S311  the same words each time
    words = [
        f"{start}{middle}{end}" for start in "bcdfglmnprst" for middle in MIDDLES for end in ENDS
    ]
    words = chance.sample(words, WORDS)
    engine, generation = switching.own()
    pks = range(1_000_000, 1_000_000 + HELD // 2)
    for start in range(0, len(pks), 500):
        engine.write(
            generation,
            [
                Document("challenge", pk, language, f"d-{pk}", text(chance, words, 4), f"/{pk}/")
                for pk in pks[start : start + 500]
                for language in ("fr", "en")
            ],
            position=1,
        )
    Appearance.objects.bulk_create(
        Appearance(kind=key.kind, object_pk=key.pk, fingerprint=mark)
        for key, mark in news._held().items()
    )
    Appearance.objects.bulk_create(
        Appearance(kind=name, object_pk=news.LOOKED_AT) for name in BY_NAME
    )
    made = [
        factories.make_challenge(
            title_fr=text(chance, words, 5),
            title_en=text(chance, words, 5),
            problem_fr=text(chance, words, 60),
            problem_en=text(chance, words, 60),
            closes_at=now + timedelta(days=20),
        )
        for _n in range(NEW)
    ]
    said = news.documents_by_key([Key("challenge", challenge.pk) for challenge in made])
    documents = [document for of_one in said.values() for document in of_one.values()]
    engine.write(generation, documents, position=1)
    follow(chance, words, boundary)


def follow(chance: random.Random, words: list[str], boundary: datetime) -> None:
    """Searches of one to three words, some with a kind, half of them in English."""
    from core.following.models import Follow, Follower
    from search.models import SavedSearch
    from search.saved import KIND, slug_of

    before = boundary - timedelta(days=1)
    for start in range(0, SEARCHES, 1000):
        followers = Follower.objects.bulk_create(
            Follower(email=f"cherche{n}@maison.example", language="fr", created_at=before)
            for n in range(start, start + 1000)
        )
        asked: list[dict[str, Any]] = [
            {"q": text(chance, words, chance.randint(1, 3))}
            | ({"kind": ["challenge"]} if chance.random() < 0.5 else {})
            for _follower in followers
        ]
        follows = Follow.objects.bulk_create(
            Follow(
                follower=follower,
                kind=KIND,
                slug=slug_of(params, "fr"),
                asked_at=before,
                confirmed_at=before,
            )
            for follower, params in zip(followers, asked, strict=True)
        )
        SavedSearch.objects.bulk_create(
            SavedSearch(
                follow=one,
                params=params,
                language="fr" if n % 2 else "en",
                frequency="daily",
                told_until=before,
            )
            for n, (one, params) in enumerate(zip(follows, asked, strict=True))
        )


MIDDLES = ("ab", "el", "ir", "on", "ur", "ant", "est", "ori", "ula", "ime")
ENDS = ("ac", "ek", "id", "og", "ub", "ard", "olt", "ink", "ump", "axe")


def text(chance: random.Random, words: list[str], count: int) -> str:
    """So many words."""
    return " ".join(chance.choices(words, k=count))


if __name__ == "__main__":
    main()
