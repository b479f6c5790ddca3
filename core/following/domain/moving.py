"""What one follows takes another address."""

from __future__ import annotations

from django.db import transaction

from core.following.models import Follow, Happening


@transaction.atomic
def move_follows(*, kind: str, before: str, after: str) -> int:
    """Who followed a thing at ``before`` follows it at ``after``; how many follows.

    Part of the transaction that gives the address. What happened to the thing is about it still:
    a letter that waits is made of it, and the link of one that left stops it.
    """
    moved = Follow.objects.on(kind, before)
    Follow.objects.on(kind, after).filter(follower__in=moved.values("follower")).delete()
    count: int = moved.update(slug=after)
    happenings = []
    for happening in Happening.objects.only("about").iterator(chunk_size=2000):
        if [kind, before] in happening.about:
            happening.about = sorted(
                [kind, after] if about == [kind, before] else about for about in happening.about
            )
            happenings.append(happening)
    Happening.objects.bulk_update(happenings, ["about"], batch_size=500)
    return count
