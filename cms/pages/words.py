"""The words an editor gave a list, in the reader's language."""

from __future__ import annotations

from typing import NamedTuple

from django.core.cache import cache

from cms.pages.models import HomePage, ListPage
from core.languages import active_language

SECONDS = 60


class Words(NamedTuple):
    """Title and introduction of a list or of the home page."""

    title: str
    intro: str


def list_words(kind: str) -> Words:
    """Words of the list ``kind``; kept for a minute, since every list page asks."""
    language = active_language()
    key = f"words:{kind}:{language}"
    found: Words | None = cache.get(key)
    if found is None:
        page = ListPage.objects.live().filter(kind=kind, locale__language_code=language).first()
        found = Words(page.title, page.intro) if page else Words("", "")
        cache.set(key, found, SECONDS)
    return found


def home_words() -> Words:
    """Words of the home page."""
    language = active_language()
    key = f"words:home:{language}"
    found: Words | None = cache.get(key)
    if found is None:
        page = HomePage.objects.live().filter(locale__language_code=language).first()
        found = Words(page.title, page.lead) if page else Words("", "")
        cache.set(key, found, SECONDS)
    return found
