"""The letter that tells: made once for all who receive the same, then addressed to each."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse
from django.utils import translation

from core.addresses import site_url
from core.following import links
from core.following.tellings import Line, tellings
from core.notifications.models import Message
from core.notifications.outbox import message_row, stop_headers
from core.notifications.rendering import render

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from core.following.models import Follower, Happening

NEWS: Final = "follow_news"
# Stand in the letter that is made for all, where each one's own links come.
PAGE_MARK: Final = "your-page-0f6a"
STOP_MARK: Final = "your-stop-7c21"

# Different letters kept in memory at the same time, of some ten kilobytes each.
MOST_KEPT: Final = 10_000


class Writer:
    """Letters of one moment: what each language says of a happening is asked once."""

    def __init__(self, now: datetime) -> None:
        """``now`` is when what is told must be true."""
        self.now = now
        self._lines: dict[tuple[int, str], Line | None] = {}
        self._letters: dict[tuple[tuple[int, ...], str, bool], tuple[str, str, str] | None] = {}

    def letter(
        self, happenings: Sequence[Happening], language: str, *, is_digest: bool
    ) -> tuple[str, str, str] | None:
        """Subject, text and HTML with the marks in them; None when nothing of it is true now."""
        key = (tuple(happening.pk for happening in happenings), language, is_digest)
        if key not in self._letters:
            if len(self._letters) >= MOST_KEPT:
                self._letters.clear()
            self._letters[key] = self._make(happenings, language, is_digest)
        return self._letters[key]

    def _make(
        self, happenings: Sequence[Happening], language: str, is_digest: bool
    ) -> tuple[str, str, str] | None:
        found = [self._line(happening, language) for happening in happenings]
        lines = list(dict.fromkeys(line for line in found if line is not None))
        if not lines:
            return None
        context: dict[str, Any] = {
            "is_digest": is_digest,
            "first": lines[0].title,
            "news": [
                {"title": line.title, "detail": line.detail, "link": line.url} for line in lines
            ],
            "page_token": PAGE_MARK,
            "stop_token": STOP_MARK,
        }
        return render(NEWS, context, language)

    def _line(self, happening: Happening, language: str) -> Line | None:
        key = (happening.pk, language)
        if key not in self._lines:
            telling = tellings.get(happening.event)
            describe = partial(telling.describe, happening.object_id) if telling else None
            with translation.override(language):
                self._lines[key] = describe(self.now) if describe is not None else None
        return self._lines[key]


@lru_cache(maxsize=8)
def _stop_address(language: str) -> str:
    """The address that stops a letter, with its mark: the same for thousands of them."""
    with translation.override(language):
        return site_url() + reverse("follow_stop", args=[STOP_MARK])


def addressed(
    letter: tuple[str, str, str],
    *,
    key: str,
    follower: Follower,
    what: str,
    value: str,
    now: datetime,
    event: str = NEWS,
) -> Message:
    """The row of ``letter`` for one follower, not saved: their own links, and how to stop it."""
    subject, text, html = letter
    page = links.seeing(follower)
    stop = links.stopping(follower.key, what, value)
    language = follower.written_language
    own = [part.replace(PAGE_MARK, page).replace(STOP_MARK, stop) for part in (text, html)]
    return message_row(
        key=key,
        event=event,
        user=follower.user,
        to_email=follower.address,
        language=language,
        texts=(subject, own[0], own[1]),
        headers=stop_headers(_stop_address(language).replace(STOP_MARK, stop)),
        moment=now,
    )
