"""Work of the queue: test public links. Tasks take ids and may run twice."""

from __future__ import annotations

from django.utils import timezone

from core import queue
from core.taxonomy.models import CitySettings
from startups.domain.links import gather_links, note_answer, tell_owners
from startups.domain.sweeping import Sweep
from startups.models import CheckedLink


def look() -> None:
    """Every hour: what is due, batch by batch, then who is to be told.

    A demonstration calls nobody by itself: its places are real, and did not ask for it.
    """
    if CitySettings.current().is_demo:
        return
    gather_links()
    batch()


def batch() -> None:
    """One batch, and a task for the next one when some are left."""
    tested = Sweep().run()
    if tested and CheckedLink.objects.due(timezone.now()).exists():
        queue.enqueue("startups.link_tasks.batch")
    else:
        tell_owners(now=timezone.now())


def test_one(link_pk: int) -> None:
    """Somebody says that it was repaired, or doubts it."""
    link = CheckedLink.objects.filter(pk=link_pk).first()
    if link is not None:
        sweep = Sweep()
        note_answer(link=link, answer=sweep.prober.probe(link.address), now=timezone.now())
