"""Count what people look for and do not find, without anything that says who looked."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import DatabaseError, transaction

from core import limits
from core.deadlines import city_time
from search.analysis import words
from search.models.missed import LONGEST, FoundLittle, MissedSearch

if TYPE_CHECKING:
    from datetime import date, datetime

    from search.port import Query, Results

logger = logging.getLogger(__name__)
# Fewer answers than this are little.
FEW: Final = 3
# From one connection; an office shares one. Beyond it somebody fills a table.
MOST_AN_HOUR: Final = 120
# A telephone, an account, a date of birth: seven digits, however they are grouped.
_NUMBER: Final = re.compile(r"\d(?:[\s.()/+-]*\d){6}")


def week_of(now: datetime) -> date:
    """The Monday of the city's week."""
    day = city_time(now).date()
    return day - timedelta(days=day.weekday())


def note(query: Query, results: Results, now: datetime, *, who: str = "") -> bool:
    """Count a question that found nothing or little; whether it was counted.

    ``who`` is a connection: the same words count once a day from one, or somebody who reads a page
    again would pass for two, and so many an hour. A salted fingerprint of it stays in the cache
    for that day.

    Words alone count: a filter that empties a list says nothing of what is lacking. What looks like
    a person's data is not kept. A failure is the log's, without the words, never the page's.
    """
    found = _found(results)
    if found is None or _is_narrowed(query) or not may_keep(query.text):
        return False
    folded = " ".join(words(query.text))
    if not folded or len(folded) > LONGEST:
        return False
    if who and not _may_count(who, f"missed {query.language} {folded}", now):
        return False
    try:
        with transaction.atomic():
            MissedSearch.objects.count_one(week_of(now), query.language, folded, found)
    except DatabaseError:
        logger.warning("A search that found nothing could not be counted.")
        return False
    return True


def _may_count(who: str, what: str, now: datetime) -> bool:
    try:
        limits.count("missed", who, most=MOST_AN_HOUR, now=now)
    except limits.TooManyRequests:
        return False
    return limits.is_first(what, who)


def may_keep(text: str) -> bool:
    """Whether ``text`` may be kept: no address, no long number, no letter pasted whole."""
    return "@" not in text and len(text) <= LONGEST and not _NUMBER.search(text)


def _found(results: Results) -> FoundLittle | None:
    if results.corrected is not None and results.count:
        return None  # a slip of the finger, and what was meant was found
    if not results.count:
        return FoundLittle.NONE
    return FoundLittle.FEW if results.is_loose or results.count < FEW else None


def _is_narrowed(query: Query) -> bool:
    chosen = (query.kinds, query.themes, query.boroughs, query.statuses, query.stages)
    return any(chosen) or query.box is not None or query.near is not None or bool(query.offset)
