"""The outbox: how soon ten thousand messages stand in it, and how fast workers empty it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from django.db import transaction

from core.accounts.models import User
from core.notifications import outbox
from core.notifications.enums import MessageState
from core.notifications.events import catalogue
from core.notifications.models import Message
from tests.smtp import BadServer, listening

ROOT = Path(__file__).resolve().parents[2]
EVENT = "application_receipt"
ENVELOPE = 10_000
PEOPLE = 2_000
NOBODY = "@exemple.test"
# Enough to last some seconds at the speed that is promised.
QUICK, SLOW = 1_500, 300
# What a worker's first process does, begun at a word: starting Python is not delivering.
WORKER = """
import sys, django
django.setup()
from core.notifications.delivery import deliver_due
print("ready", flush=True)
sys.stdin.readline()
deliver_due()
"""


def measure_queueing() -> list[tuple[str, float, float, str]]:
    """Seconds to write an envelope's letters, each held, and to release them; one transaction.

    As in a real one, each letter says something of its own, to a person with a name.
    """
    letters = _own_letters(ENVELOPE)
    started = time.perf_counter()
    with transaction.atomic():
        outbox.queue_messages(event=EVENT, letters=letters, batch="bench", hold=True)
    written = time.perf_counter()
    with transaction.atomic():
        outbox.release_batch(batch="bench")
    released = time.perf_counter()
    Message.objects.all().delete()
    User.objects.filter(email__endswith=NOBODY).delete()
    return [
        ("10,000 messages written to the outbox", written - started, 5, "s"),
        ("an envelope of 10,000 messages released", released - written, 5, "s"),
    ]


def measure_delivery() -> list[tuple[str, float, float, str]]:
    """Messages a second by one worker, and how much faster two are with a slow server."""
    quick = _rate(workers=1, count=QUICK, pause=0)
    alone = _rate(workers=1, count=SLOW, pause=0.02)
    together = _rate(workers=2, count=SLOW * 2, pause=0.02)
    return [
        ("mail delivered by one worker", quick, 150, "a second"),
        ("two workers ÷ one, server answering after 20 ms", together / alone, 1.7, "×"),
    ]


def _letters(count: int) -> list[outbox.Letter]:
    context: dict[str, Any] = catalogue[EVENT].example()
    context.pop("user_name")
    return [
        outbox.Letter(key=f"bench:{n}", to=f"p{n}@exemple.test", context=context, language="fr")
        for n in range(count)
    ]


def _own_letters(count: int) -> list[outbox.Letter]:
    """Each about another application, to one of the people of a startup."""
    example = _letters(1)[0].context
    people = User.objects.bulk_create(
        User(email=f"p{n}{NOBODY}", name=f"Personne {n}", language=("fr", "en")[n % 2])
        for n in range(PEOPLE)
    )
    return [
        outbox.Letter(
            key=f"bench:{n}",
            to=people[n % PEOPLE],
            context={**example, "number": f"2026-14-{n}", "application_id": n},
        )
        for n in range(count)
    ]


def _rate(*, workers: int, count: int, pause: float) -> float:
    Message.objects.all().delete()
    outbox.queue_messages(event=EVENT, letters=_letters(count))
    with listening(BadServer(pause=pause)) as port, ExitStack() as processes:
        crew = [processes.enter_context(_worker(port)) for _n in range(workers)]
        for worker in crew:
            assert worker.stdout is not None
            worker.stdout.readline()
        started = time.perf_counter()
        for worker in crew:
            assert worker.stdin is not None
            worker.stdin.write("go\n")
            worker.stdin.flush()
        for worker in crew:
            worker.wait()
        spent = time.perf_counter() - started
    sent = Message.objects.filter(state=MessageState.SENT).count()
    if sent != count:
        sys.exit(f"{sent} messages of {count} were sent.")
    Message.objects.all().delete()
    return count / spent


@contextmanager
def _worker(port: int) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "cms.settings.dev",
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield process
