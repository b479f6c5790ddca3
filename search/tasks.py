"""Work of the queue: what the clock does to the index, who looks after it, who is told."""

from __future__ import annotations

import logging
import subprocess
import sys
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.utils import timezone

from core.following.enums import DIGESTS
from search import news, targets
from search.domain import builds, rebuilding, telling
from search.domain.changes import note_keys
from search.models import Change, Index
from search.port import EngineAway, Key

if TYPE_CHECKING:
    from datetime import datetime

logger = logging.getLogger(__name__)
# By the city's clock.
NIGHT: Final = 3
CHECKED_EVERY: Final = timedelta(hours=20)


def mind() -> None:
    """Each minute: dates that passed, what a dead process left, indexes of an older code."""
    rebuilding.forget_others()
    for target in targets.kept():
        with suppress(EngineAway):
            turn(target, timezone.now())
            if builds.bury(target, targets.engine_of(target)):
                logger.warning("Search index %s: what was half built was removed", target)
    renew()


def turn(target: str, now: datetime) -> int:
    """Have records written again whose status the clock alone has changed; how many.

    One that waits already is left alone: one that is refused would else be tried for ever.
    """
    live = Index.objects.filter(pk=target).values_list("live", flat=True).first()
    if live is None:
        return 0
    turned = set(targets.engine_of(target).turning(live, now))
    if turned:
        waiting = Change.objects.filter(target=target).values_list("kind", "object_pk")
        turned -= {Key(*key) for key in waiting}
        note_keys(turned, only=[target], now=now)
    return len(turned)


def renew() -> list[str]:
    """Begin to build, in processes of their own, the indexes that are out of date; which."""
    now = timezone.now()
    free = []
    for target in rebuilding.outdated():
        index = Index.objects.filter(pk=target).first()
        if index is None or builds.may_begin(index, now):
            _begin("search_rebuild", "--target", target)
            free.append(target)
    return free


def check_at_night() -> bool:
    """Each half hour, of which one a night compares the indexes with the records."""
    now = timezone.localtime()
    known = Index.objects.filter(pk__in=targets.kept(), live__isnull=False)
    checked = known.exclude(checked_at__lt=now - CHECKED_EVERY).exclude(checked_at=None)
    if now.hour != NIGHT or checked.count() == known.count():
        return False
    _begin("search_check")
    return True


def _begin(*words: str) -> None:
    """In a process of its own: it takes longer than a task may, and shares its memory with none."""
    subprocess.Popen(  # noqa: S603  our own command, with words of this module
        [sys.executable, str(settings.BASE_DIR / "manage.py"), *words, "--verbosity", "0"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )


def look_for_news() -> None:
    """Every half hour: note what became findable."""
    news.note_new(timezone.now())


def saved_search_letters() -> None:
    """Every ten minutes: the letters of saved searches whose hour has come."""
    for frequency in DIGESTS:
        telling.make_letters(frequency=frequency, now=timezone.now())
