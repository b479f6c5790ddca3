"""How often one is written to, class by class."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Min

from core.audit import log
from core.following.domain.digests import flush
from core.following.domain.following import stop_following
from core.following.domain.news import following
from core.following.enums import DIGESTS, Frequency
from core.following.models import ConsentWay, Follow, Follower, Happening, TopicChoice
from core.following.tellings import events_of, topics

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

JUST_BEFORE = timedelta(microseconds=1)


def frequencies_of(follower: Follower | None) -> dict[str, str]:
    """The frequency of each class; at once where nothing was chosen."""
    chosen = dict(follower.choices.values_list("topic", "frequency")) if follower else {}
    return {topic.name: chosen.get(topic.name, Frequency.AT_ONCE) for topic in topics}


@transaction.atomic
def choose_frequencies(
    *, follower: Follower, wanted: Mapping[str, str], now: datetime
) -> list[str]:
    """Keep how often ``follower`` reads about each class; the classes that changed.

    What waited for a letter leaves now when the class is wanted at once, and is dropped when it is
    wanted never. ``KeyError`` on an unknown class, ``ValueError`` on an unknown frequency.
    """
    follower = (
        Follower.objects.select_for_update(of=("self",)).select_related("user").get(pk=follower.pk)
    )
    before = frequencies_of(follower)
    changed = {
        topics[topic].name: Frequency(frequency)
        for topic, frequency in wanted.items()
        if before[topic] != frequency
    }
    flush(
        follower=follower,
        topics=[t for t, frequency in changed.items() if frequency == Frequency.AT_ONCE],
        now=now,
    )
    for topic, frequency in changed.items():
        _write(follower, topic, frequency, before[topic], now)
    if changed:
        log.record(
            actor=follower.user,
            action="follower.frequencies_changed",
            target=follower,
            public={"count": len(changed)},
            private={"classes": {t: f.value for t, f in changed.items()}}
            if follower.user
            else None,
            subject=follower.user,
            now=now,
        )
    return list(changed)


def _write(
    follower: Follower, topic: str, frequency: Frequency, before: str, now: datetime
) -> None:
    values: dict[str, object] = {"frequency": frequency}
    if not (before in DIGESTS and frequency in DIGESTS):
        was_told = before == Frequency.AT_ONCE and frequency in DIGESTS
        values["told_until"] = _before_on_its_way(topic, now) if was_told else now
    choice, made = TopicChoice.objects.get_or_create(
        follower=follower,
        topic=topic,
        defaults={"told_until": now, **values},
    )
    if not made:
        TopicChoice.objects.filter(pk=choice.pk).update(**values)


def _before_on_its_way(topic: str, now: datetime) -> datetime:
    """Now, or before what was noted and is still on its way to those who are told at once."""
    on_its_way = Happening.objects.filter(event__in=events_of(topic), told_at__isnull=True)
    first: datetime | None = on_its_way.aggregate(first=Min("noted_at"))["first"]
    return min(now, first - JUST_BEFORE) if first is not None else now


@transaction.atomic
def stop_letter(
    *, follower: Follower, what: str, value: str, way: ConsentWay, now: datetime
) -> int:
    """Stop what sent a letter, as its link of one click asks; how many things were stopped.

    A letter about one happening stops all that the happening was about; a letter of a day or of a
    week stops that letter; a letter about one follow stops it. When what was told is too old to be
    known, everything is stopped: who asks wants nothing more. A second time changes nothing.
    """
    if what == "digest":
        chosen = follower.choices.filter(frequency=value).values_list("topic", flat=True)
        wanted = dict.fromkeys(chosen, Frequency.NEVER.value)
        return len(choose_frequencies(follower=follower, wanted=wanted, now=now))
    follows = follows_of_letter(follower, what, value)
    return stop_following(follower=follower, follows=follows, way=way, now=now)


def follows_of_letter(follower: Follower, what: str, value: str) -> list[Follow]:
    """What ``follower`` still follows of what a letter was about: a follow, or a happening."""
    mine = follower.follows.confirmed()
    if what == "follow":
        return list(mine.filter(pk=int(value)))
    found = Happening.objects.filter(pk=int(value)).first()
    return list(mine if found is None else mine.filter(following(found.about)))
