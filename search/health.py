"""What search says of itself to those who run the service, and to the administrators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Min, Q
from django.utils import timezone

from search import targets
from search.models import MOST_TRIES, Change, Index

# Longer than any burst takes to be written.
LATE_AFTER: Final = timedelta(minutes=30)
# A server that is restarted is away for a moment, and nobody has anything to do.
AWAY_FOR: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class State:
    """How an index is: its row, what waits for it since when, and what was set aside.

    ``due`` is when the first of what waits could have been written: one that is tried again, or
    that was set aside and changed, waits for longer than anybody is late.
    """

    index: Index
    waiting: int
    set_aside: int
    oldest: datetime | None
    due: datetime | None

    def is_late(self, now: datetime) -> bool:
        """Whether something could have been written for half an hour."""
        return self.due is not None and self.due < now - LATE_AFTER

    def needs_a_person(self, now: datetime) -> bool:
        """Whether something will not come right by itself."""
        index = self.index
        is_full = index.trouble == "full"
        is_away = index.trouble_since is not None and index.trouble_since < now - AWAY_FOR
        return bool(is_full or is_away or index.drift or self.set_aside or self.is_late(now))


def states() -> list[State]:
    """Every index that is kept, the site's own first, in two queries."""
    known = {index.pk: index for index in Index.objects.filter(pk__in=targets.kept())}
    is_aside = Q(tries__gte=MOST_TRIES)
    rows = Change.objects.order_by("target").values("target")
    counted: dict[str, dict[str, Any]] = {
        row["target"]: {**row}
        for row in rows.annotate(
            waiting=Count("pk", filter=~is_aside),
            set_aside=Count("pk", filter=is_aside),
            oldest=Min("noted_at", filter=~is_aside),
            due=Min("due_at", filter=~is_aside),
        )
    }
    nothing: dict[str, Any] = {"waiting": 0, "set_aside": 0, "oldest": None, "due": None}
    return [
        State(
            known.get(target) or Index(target=target),
            *((counted.get(target) or nothing)[name] for name in nothing),
        )
        for target in targets.kept()
    ]


def health() -> dict[str, Any]:
    """What ``/readyz`` shows: each index, what waits for it, what is wrong with it.

    Not ok when the site's own index is not there or is half an hour late. A server that is away
    is shown and no reason to close: the site's own index answers in its place. So is a drift.
    """
    now = timezone.now()
    found = states()
    own = found[0]
    engine = targets.engine_of(targets.DATABASE)
    return {
        "ok": own.index.live is not None and not own.is_late(now),
        "entries": 0 if own.index.live is None else engine.size(own.index.live),
        "indexes": {state.index.pk: _said(state, now) for state in found},
    }


def _said(state: State, now: datetime) -> dict[str, Any]:
    index = state.index
    return {
        "live": index.live,
        "building": index.building,
        "waiting": state.waiting,
        "set_aside": state.set_aside,
        "late": state.is_late(now),
        "drift": index.drift,
        "trouble": index.trouble,
    }
