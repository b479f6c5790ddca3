"""The weekly test of public links: batches that any worker may leave and any other take up.

What is due is read from the rows, so a worker that is killed leaves nothing but a batch that is
free again after ten minutes.
"""

from __future__ import annotations

import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from core.probing import Outcome, Prober
from core.probing.probe import OF_THE_NETWORK
from startups.domain.links import note_answer
from startups.models import CheckedLink

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from datetime import datetime

    from core.probing import Answer

AT_A_TIME: Final = 4
# Seconds between two calls to one machine.
PAUSE: Final = 1.0
BATCH: Final = 60
# A batch ends well before the queue would take its task for lost.
BUDGET: Final = 150.0
HELD: Final = timedelta(minutes=10)
WITNESSES: Final = 3


@dataclass(frozen=True)
class Sweep:
    """How links are called; a test gives its own prober and no pause."""

    prober: Prober = field(default_factory=Prober)
    pause: float = PAUSE
    budget: float = BUDGET
    batch: int = BATCH
    clock: Callable[[], datetime] = timezone.now

    def run(self) -> int:
        """Test one batch of what is due; how many were tested."""
        links = take(self.batch, self.clock())
        if not links:
            return 0
        # Those of the network are written once it is known that the network is there.
        doubtful: list[tuple[CheckedLink, Answer]] = []
        left = {link.pk: link for link in links}
        tested = 0
        for link, answer in self.probe(links):
            left.pop(link.pk)
            if answer.outcome == Outcome.FAILS and answer.reason in OF_THE_NETWORK:
                doubtful.append((link, answer))
                continue
            note_answer(link=link, answer=answer, now=self.clock())
            tested += 1
        give_back(left)
        if doubtful and (tested or self.network_is_there()):
            for link, answer in doubtful:
                note_answer(link=link, answer=answer, now=self.clock())
            tested += len(doubtful)
        return tested

    def probe(self, links: list[CheckedLink]) -> Iterator[tuple[CheckedLink, Answer]]:
        """As they are answered: four machines at a time, and one after the other on each."""
        by_host: dict[str, list[CheckedLink]] = defaultdict(list)
        for link in links:
            by_host[host_of(link.address)].append(link)
        ends = time.monotonic() + self.budget
        with ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="links") as pool:
            rounds = [pool.submit(self._one_host, own, ends) for own in by_host.values()]
            for done in as_completed(rounds):
                yield from done.result()

    def _one_host(self, links: list[CheckedLink], ends: float) -> list[tuple[CheckedLink, Answer]]:
        found = []
        for number, link in enumerate(links):
            if time.monotonic() >= ends:
                break
            if number:
                time.sleep(self.pause)
            found.append((link, self.prober.probe(link.address)))
        return found

    def network_is_there(self) -> bool:
        """Whether one that answered lately still does; without any, a failure is believed."""
        witnesses = list(
            CheckedLink.objects.filter(outcome=Outcome.ANSWERS).order_by("-checked_at")[:WITNESSES]
        )
        answers = [self.prober.probe(link.address) for link in witnesses]
        return not answers or any(answer.outcome != Outcome.FAILS for answer in answers)


def host_of(address: str) -> str:
    """The machine of an address; empty when it is none."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


@transaction.atomic
def take(most: int, now: datetime) -> list[CheckedLink]:
    """Links that are due, kept from other workers for a while."""
    due = CheckedLink.objects.select_for_update().due(now).order_by("checked_at", "pk")
    links = list(due[:most])
    CheckedLink.objects.filter(pk__in=[link.pk for link in links]).update(taken_until=now + HELD)
    return links


def give_back(pks: Collection[int]) -> None:
    """Those that there was no time for are free at once."""
    CheckedLink.objects.filter(pk__in=list(pks)).update(taken_until=None)
