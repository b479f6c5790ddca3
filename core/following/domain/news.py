"""What happened to a thing that people follow, told at once to those who want it so."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import Q

from core import queue
from core.following.enums import Frequency
from core.following.letters import Writer, addressed
from core.following.models import Follow, Follower, Happening, TopicChoice
from core.following.tellings import tellings
from core.notifications.models import Message
from core.notifications.notices import add_notices

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

BATCH: Final = 1000
# As long as the link to stop of a letter should know what the letter was about.
KEPT_FOR: Final = timedelta(days=366)


@transaction.atomic
def note_happening(
    *,
    key: str,
    event: str,
    object_id: int,
    about: Iterable[tuple[str, str]],
    now: datetime,
) -> bool:
    """Note that ``event`` happened, once per ``key``; whether it was new.

    ``about`` are the things it happened to, by kind and slug. ``KeyError`` on an unknown event.
    """
    tellings[event]
    happening, made = Happening.objects.get_or_create(
        key=key,
        defaults={
            "event": event,
            "object_id": object_id,
            "about": sorted({(kind, slug) for kind, slug in about}),
            "noted_at": now,
        },
    )
    if made:
        queue.enqueue("core.following.tasks.tell", happening.pk)
    return made


def keys_noted_since(moment: datetime) -> set[str]:
    """What needs not be looked at again: one query for a whole look."""
    return set(Happening.objects.filter(noted_at__gt=moment).values_list("key", flat=True))


def following(about: Iterable[Sequence[str]]) -> Q:
    """Follows of any of these things."""
    slugs: dict[str, list[str]] = {}
    for kind, slug in about:
        slugs.setdefault(kind, []).append(slug)
    found = Q(pk__in=[])
    for kind, of_kind in slugs.items():
        found |= Q(kind=kind, slug__in=of_kind)
    return found


def tell(happening: Happening, *, now: datetime) -> int:
    """Write at once to those who follow it and want it so; how many letters were new.

    Safe to stop anywhere and to run again: a letter has one key per happening and follower.
    """
    writer = Writer(now)
    written = 0
    for followers in _batches(happening):
        rows = []
        for follower in followers:
            letter = writer.letter([happening], follower.written_language, is_digest=False)
            if letter is not None:
                rows.append(
                    addressed(
                        letter,
                        key=f"news:{happening.pk}:{follower.pk}",
                        follower=follower,
                        what="happening",
                        value=str(happening.pk),
                        now=now,
                    )
                )
        written += put_in_outbox(rows)
    Happening.objects.filter(pk=happening.pk, told_at__isnull=True).update(told_at=now)
    return written


def _batches(happening: Happening) -> Iterator[list[Follower]]:
    topic = tellings[happening.event].topic
    # Those who chose another rhythm, or to be told at once only of what comes after.
    chose_otherwise = TopicChoice.objects.filter(topic=topic).exclude(
        frequency=Frequency.AT_ONCE, told_until__lt=happening.noted_at
    )
    follows = Follow.objects.filter(following(happening.about), confirmed_at__lt=happening.noted_at)
    found = (
        Follower.objects.filter(pk__in=follows.values("follower"))
        .exclude(pk__in=chose_otherwise.values("follower"))
        .exclude(user__is_active=False)
        .select_related("user")
        .order_by("pk")
    )
    last = 0
    while batch := list(found.filter(pk__gt=last)[:BATCH]):
        yield batch
        last = batch[-1].pk


@transaction.atomic
def put_in_outbox(rows: Sequence[Message]) -> int:
    """Write many letters in one statement; how many had not been written before."""
    keys = [row.key for row in rows]
    before = set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
    fresh = [row for row in rows if row.key not in before]
    # A second worker at the same task: the key decides, and neither of them fails.
    Message.objects.bulk_create(fresh, batch_size=500, ignore_conflicts=True)
    to_people = [row.key for row in fresh if row.user_id is not None]
    if to_people:
        add_notices(Message.objects.filter(key__in=to_people))
    return len(fresh)


@transaction.atomic
def forget_happenings(*, now: datetime) -> int:
    """Remove what no letter still in a mailbox is likely to be about; how many."""
    gone: tuple[int, Any] = Happening.objects.filter(noted_at__lt=now - KEPT_FOR).delete()
    return gone[0]
