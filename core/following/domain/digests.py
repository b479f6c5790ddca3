"""Letters of a day and of a week: each thing once, and none that is no longer true.

A letter covers what was noted between how far its reader was told and the hour of the letter, an
instant that is the same for everyone. A batch writes its letters and moves its readers on in one
transaction: a worker killed in the middle leaves whole batches behind, and the next one goes on.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Q

from core.deadlines import city_time
from core.following.domain.news import BATCH, put_in_outbox
from core.following.enums import DIGESTS, Frequency
from core.following.letters import Writer, addressed
from core.following.models import Follow, Follower, Happening, TopicChoice
from core.following.tellings import tellings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.notifications.models import Message

# On the city's clocks; the week's letter on Monday.
HOUR: Final = time(7, 0)
WEEKDAY: Final = 0
# What is noted at the last minute has the time to be written down.
SETTLES_IN: Final = timedelta(minutes=5)
# A letter does not count a whole year.
MOST_LINES: Final = 50


def last_boundary(frequency: str, now: datetime) -> datetime:
    """The newest hour of that letter which is over at ``now``."""
    local = city_time(now - SETTLES_IN)
    day = local.date()
    if local.time() < HOUR:
        day -= timedelta(days=1)
    if frequency == Frequency.WEEKLY:
        day -= timedelta(days=(day.weekday() - WEEKDAY) % 7)
    return datetime.combine(day, HOUR, local.tzinfo)


def make_digests(*, frequency: Frequency, now: datetime) -> int:
    """Write the letters of ``frequency`` that are due at ``now``, batch by batch; how many."""
    boundary = last_boundary(frequency, now)
    writer = Writer(now)
    name = f"{frequency.value}:{boundary.date().isoformat()}"
    due = TopicChoice.objects.filter(frequency=frequency, told_until__lt=boundary)
    written = last = 0
    while followers := _next(due, last):
        written += _write_batch(followers, frequency, boundary, name, writer)
        last = followers[-1]
    return written


def _next(due: object, after: int) -> list[int]:
    rows = due.filter(follower__gt=after).order_by("follower")  # type: ignore[attr-defined]
    return list(rows.values_list("follower", flat=True).distinct()[:BATCH])


@transaction.atomic
def _write_batch(
    pks: Sequence[int], frequency: Frequency, until: datetime, name: str, writer: Writer
) -> int:
    followers = list(
        Follower.objects.select_for_update(of=("self",))
        .filter(pk__in=pks)
        .select_related("user")
        .order_by("pk")
    )
    # Read again under the lock: another worker, or the reader, may have moved them meanwhile.
    choices: dict[int, list[TopicChoice]] = defaultdict(list)
    for choice in TopicChoice.objects.filter(
        follower__in=pks, frequency=frequency, told_until__lt=until
    ):
        choices[choice.follower_id].append(choice)
    waiting = _waiting(followers, choices, until)
    rows = _letters(followers, waiting, frequency, name, writer)
    moved = [choice.pk for of_one in choices.values() for choice in of_one]
    TopicChoice.objects.filter(pk__in=moved).update(told_until=until)
    return put_in_outbox(rows)


def _letters(
    followers: Iterable[Follower],
    waiting: dict[int, list[Happening]],
    frequency: Frequency,
    name: str,
    writer: Writer,
) -> list[Message]:
    rows = []
    for follower in followers:
        happenings = waiting.get(follower.pk)
        is_gone = follower.user is not None and not follower.user.is_active
        if not happenings or is_gone:
            continue
        letter = writer.letter(happenings, follower.written_language, is_digest=True)
        if letter is not None:
            rows.append(
                addressed(
                    letter,
                    key=f"digest:{name}:{follower.pk}",
                    follower=follower,
                    what="digest",
                    value=frequency.value,
                    now=writer.now,
                )
            )
    return rows


def _waiting(
    followers: Sequence[Follower], choices: dict[int, list[TopicChoice]], until: datetime
) -> dict[int, list[Happening]]:
    """What each follower has not been told of the things they follow, oldest first."""
    if not choices:
        return {}
    since = min(choice.told_until for of_one in choices.values() for choice in of_one)
    by_thing: dict[tuple[str, str], list[Happening]] = defaultdict(list)
    for happening in Happening.objects.filter(noted_at__gt=since, noted_at__lte=until):
        for kind, slug in happening.about:
            by_thing[(kind, slug)].append(happening)
    told = {
        pk: {choice.topic: choice.told_until for choice in of_one} for pk, of_one in choices.items()
    }
    found: dict[int, dict[int, Happening]] = defaultdict(dict)
    follows = Follow.objects.filter(
        follower__in=[follower.pk for follower in followers], confirmed_at__isnull=False
    )
    rows = follows.values_list("follower_id", "kind", "slug", "confirmed_at")
    for pk, kind, slug, confirmed_at in rows.iterator(chunk_size=2000):
        for happening in by_thing.get((kind, slug), ()):
            telling = tellings.get(happening.event)
            after = told.get(pk, {}).get(telling.topic) if telling is not None else None
            since_then = after is not None and happening.noted_at > after
            if since_then and confirmed_at is not None and happening.noted_at > confirmed_at:
                found[pk][happening.pk] = happening
    return {
        pk: sorted(of_one.values(), key=lambda h: (h.noted_at, h.pk))[-MOST_LINES:]
        for pk, of_one in found.items()
    }


@transaction.atomic
def flush(*, follower: Follower, topics: Iterable[str], now: datetime) -> int:
    """What waits for one reader in these classes leaves now, as they no longer want it to wait."""
    due = Q(follower=follower, topic__in=list(topics), frequency__in=DIGESTS)
    chosen = list(TopicChoice.objects.filter(due))
    if not chosen:
        return 0
    waiting = _waiting([follower], {follower.pk: chosen}, now)
    name = f"now:{int(now.timestamp())}"
    rows = _letters([follower], waiting, Frequency(chosen[0].frequency), name, Writer(now))
    return put_in_outbox(rows)
