"""The day's letter to fifty thousand readers, in a process of its own whose memory is measured.

``python -m tests.bench.letters`` on the database of ``DATABASE_URL``, migrated: it prints the
seconds and the megabytes as JSON.
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

ROOT = Path(__file__).resolve().parents[2]
READERS = 50_000
THEMES = 20
CHALLENGES = 20


def measure_letters() -> list[tuple[str, float, float, str]]:
    """Figures of a process that has nothing else to do."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.letters"],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    return [
        (f"digest of {READERS:,} followers", found["seconds"], 60, "s"),
        (f"digest of {READERS:,} followers: memory at most", found["megabytes"], 300, "MB"),
    ]


def main() -> None:
    import django

    django.setup()
    from django.utils import timezone

    from core.following.domain import digests
    from core.following.enums import Frequency

    now = timezone.now()
    boundary = digests.last_boundary(Frequency.DAILY, now)
    fill(boundary)
    started = time.perf_counter()
    written = digests.make_digests(frequency=Frequency.DAILY, now=now)
    seconds = time.perf_counter() - started
    if written < READERS * 0.9:
        sys.exit(f"Only {written} letters for {READERS} readers.")
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "megabytes": megabytes, "letters": written}))


def fill(boundary: datetime) -> None:
    """Readers of one to four themes out of twenty, half of them in English; a day of news."""
    from core.following.enums import Frequency
    from core.following.models import Follow, Follower, Happening, TopicChoice
    from tests import factories

    chance = random.Random(4)  # noqa: S311  the same readers each time
    long_ago, before = boundary - timedelta(days=90), boundary - timedelta(days=1)
    for start in range(0, READERS, 5000):
        followers = Follower.objects.bulk_create(
            Follower(
                email=f"suit{number}@maison.example",
                language="fr" if number % 2 else "en",
                created_at=long_ago,
            )
            for number in range(start, start + 5000)
        )
        Follow.objects.bulk_create(
            Follow(
                follower=follower,
                kind="theme",
                slug=f"theme-{theme}",
                asked_at=long_ago,
                confirmed_at=long_ago,
            )
            for follower in followers
            for theme in chance.sample(range(THEMES), chance.randint(1, 4))
        )
        TopicChoice.objects.bulk_create(
            TopicChoice(
                follower=follower, topic="new", frequency=Frequency.DAILY, told_until=before
            )
            for follower in followers
        )
    for number in range(CHALLENGES):
        challenge = factories.make_challenge(closes_at=boundary + timedelta(days=20))
        Happening.objects.create(
            key=f"bench:{number}",
            event="challenge_published",
            object_id=challenge.pk,
            about=[["theme", f"theme-{number % THEMES}"]],
            noted_at=boundary - timedelta(hours=2),
        )


if __name__ == "__main__":
    main()
