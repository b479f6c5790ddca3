"""Work of the queue: tell, write letters, forget. Tasks take ids and may run twice."""

from __future__ import annotations

from django.utils import timezone

from core.following.domain import digests, following, news
from core.following.enums import Frequency
from core.following.models import Follower, Happening


def tell(happening_pk: int) -> None:
    """Write at once to those who want it so."""
    happening = Happening.objects.filter(pk=happening_pk).first()
    if happening is not None:
        news.tell(happening, now=timezone.now())


def send_page_link(follower_pk: int, language: str) -> None:
    """Where an address sees what it follows, if it follows something.

    By number: the queue keeps what its tasks were given, and an address would outlive its person
    there. Nobody has the number 0.
    """
    follower = Follower.objects.filter(pk=follower_pk, user__isnull=True).first()
    if follower is not None:
        following.send_page_link(follower=follower, language=language, now=timezone.now())


def letters() -> None:
    """Every ten minutes: the letters of a day or of a week whose hour has come."""
    now = timezone.now()
    digests.make_digests(frequency=Frequency.DAILY, now=now)
    digests.make_digests(frequency=Frequency.WEEKLY, now=now)


def nightly() -> None:
    """Each day: forget what was never confirmed, and what is told."""
    now = timezone.now()
    following.forget_unconfirmed(now=now)
    news.forget_happenings(now=now)
