"""Choices that many lists share: themes and boroughs, kept for a minute."""

from __future__ import annotations

from django.core.cache import cache

from core.languages import active_language
from core.taxonomy.models import Borough, Theme

SECONDS = 60


def theme_options() -> list[tuple[str, str]]:
    """Slug and name of each theme, in the reader's language."""
    key = f"options:themes:{active_language()}"
    found: list[tuple[str, str]] | None = cache.get(key)
    if found is None:
        found = [(t.slug, str(t.name)) for t in Theme.objects.all()]
        cache.set(key, found, SECONDS)
    return found


def borough_options() -> list[tuple[str, str]]:
    """Slug and name of each borough and linked city."""
    found: list[tuple[str, str]] | None = cache.get("options:boroughs")
    if found is None:
        found = list(Borough.objects.values_list("slug", "name"))
        cache.set("options:boroughs", found, SECONDS)
    return found


def slugs_of(model: type[Borough | Theme]) -> dict[int, str]:
    """The slug of each theme or borough by its key: a list that reads keys joins no names."""
    key = f"options:keys:{model._meta.model_name}"
    found: dict[int, str] | None = cache.get(key)
    if found is None:
        found = dict(model._default_manager.values_list("pk", "slug"))
        cache.set(key, found, SECONDS)
    return found
