"""The letters of saved searches: each thing once per search, and none when nothing is new.

What a search newly finds is looked up before the transaction that writes it down; there, a search
that somebody moved meanwhile (another worker, its reader) is left for the next round. A batch
writes its letters, what they told of and how far their readers were told in one transaction: a
worker killed in the middle leaves whole batches behind, and the next one goes on.
"""

from __future__ import annotations

import logging
from traceback import format_tb
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import Min
from django.db.models.functions import Greatest
from django.utils import translation

from core import dates
from core.following.domain.digests import last_boundary
from core.following.domain.news import put_in_outbox
from core.following.letters import PAGE_MARK, STOP_MARK, addressed
from core.notifications.rendering import Paper, paper_for, render
from search import news
from search.events import EVENT
from search.labels import kind_name
from search.models import SavedSearch, Told
from search.port import Key
from search.saved import address_of, query_of
from search.wording import in_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from core.following.enums import Frequency
    from core.notifications.models import Message
    from search.news import Changes, Fresh
    from search.port import Document

logger = logging.getLogger(__name__)
BATCH: Final = 200
# Of one letter; the others are counted.
MOST_LINES: Final = 20


def make_letters(*, frequency: Frequency, now: datetime) -> int:
    """Write the letters of ``frequency`` that are due at ``now``, batch by batch; how many."""
    boundary = last_boundary(frequency, now)
    due = SavedSearch.objects.due(frequency.value, boundary)
    after = Greatest("told_until", "follow__confirmed_at")
    since = due.aggregate(first=Min(after))["first"]
    if since is None:
        return 0
    news.note_new(now)
    writer = Writer(news.changes(since=since, now=now), boundary.date().isoformat())
    due = due.select_related("follow__follower__user").order_by("pk")
    written = last = 0
    while batch := list(due.filter(pk__gt=last)[:BATCH]):
        written += writer.write(batch, boundary)
        last = batch[-1].pk
    return written


class Writer:
    """Letters of one moment, made of what changed until then."""

    def __init__(self, changes: Changes, name: str) -> None:
        """``name`` is that of the letter: with a search's number it serves once."""
        self.changes = changes
        self.name = name
        self._papers: dict[str, Paper] = {}

    def write(self, batch: Sequence[SavedSearch], boundary: datetime) -> int:
        """The letters of a batch, and how far its readers are told; how many letters are new.

        A search of which no letter can be made hinders no other, and is tried at each round.
        """
        told = _told([saved.pk for saved in batch])
        found: dict[int, list[Fresh]] = {}
        letters: dict[int, Message] = {}
        for saved in batch:
            try:
                new = self._new(saved, told.get(saved.pk, set()))
                if new and _is_reading(saved):
                    letters[saved.pk] = self._letter(saved, new)
                found[saved.pk] = new
            except Exception as error:  # noqa: BLE001  logged without its words
                _log(saved, error)
        return self._keep([saved for saved in batch if saved.pk in found], found, letters, boundary)

    def _new(self, saved: SavedSearch, told: set[Key]) -> list[Fresh]:
        return [one for one in self.changes.new_for(saved) if _key(one) not in told]

    @transaction.atomic
    def _keep(
        self,
        batch: Sequence[SavedSearch],
        found: dict[int, list[Fresh]],
        letters: dict[int, Message],
        boundary: datetime,
    ) -> int:
        before = {saved.pk: (saved.told_until, saved.frequency) for saved in batch}
        rows = SavedSearch.objects.select_for_update().filter(
            pk__in=list(before), told_until__lt=boundary
        )
        still = [
            row.pk
            for row in rows.order_by("pk")
            if (row.told_until, row.frequency) == before[row.pk]
        ]
        written = put_in_outbox([letters[pk] for pk in still if pk in letters])
        Told.objects.bulk_create(
            [
                Told(saved_id=pk, kind=_key(one).kind, object_pk=_key(one).pk)
                for pk in still
                if pk in letters
                for one in found[pk]
            ],
            batch_size=500,
        )
        SavedSearch.objects.filter(pk__in=still).update(told_until=self.changes.now)
        return written

    def _letter(self, saved: SavedSearch, found: Sequence[Fresh]) -> Message:
        follower = saved.follow.follower
        language = follower.written_language
        if language not in self._papers:
            self._papers[language] = paper_for(EVENT, language)
        query = query_of(saved.params, saved.language, self.changes.now)
        context = {
            "search": in_words(query, language),
            "news": self._lines(found[:MOST_LINES], language, saved.language),
            "more": max(0, len(found) - MOST_LINES) or None,
            "open": address_of(saved.params, saved.language),
            "page_token": PAGE_MARK,
            "stop_token": STOP_MARK,
        }
        return addressed(
            render(EVENT, context, language, self._papers[language]),
            key=f"search:{saved.pk}:{self.name}",
            follower=follower,
            what="follow",
            value=str(saved.follow_id),
            now=self.changes.now,
            event=EVENT,
        )

    def _lines(self, found: Sequence[Fresh], language: str, spare: str) -> list[dict[str, Any]]:
        with translation.override(language):
            said = [one.in_language(language, spare) for one in found]
            return [_line(document, self.changes.now) for document in said if document is not None]


def _line(document: Document, now: datetime) -> dict[str, Any]:
    closes = document.closes_at
    return {
        "title": document.title,
        "kind": kind_name(document.kind),
        "closes": dates.day(closes) if closes is not None and closes > now else "",
        "link": document.url,
    }


def _key(fresh: Fresh) -> Key:
    return next(iter(fresh.documents.values())).key


def _told(pks: Sequence[int]) -> dict[int, set[Key]]:
    """What each search was told of, ever."""
    found: dict[int, set[Key]] = {}
    rows = Told.objects.filter(saved__in=pks).values_list("saved_id", "kind", "object_pk")
    for saved, kind, pk in rows.iterator(chunk_size=2000):
        found.setdefault(saved, set()).add(Key(kind, pk))
    return found


def _log(saved: SavedSearch, error: Exception) -> None:
    """Where it failed; the words of an error may be those of the search."""
    where = "".join(format_tb(error.__traceback__))
    logger.error("No letter of search %s: %s\n%s", saved.pk, type(error).__name__, where)


def _is_reading(saved: SavedSearch) -> bool:
    user = saved.follow.follower.user
    return user is None or user.is_active
