"""The search floor."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# Minutes between two looks at what became findable, and at which letters are due.
LOOKS = 30
LETTERS = 10


def ensure_index(using: str = "default", **kwargs: Any) -> None:
    """After every migration: the site's own index is there, were it empty."""
    from search.domain.rebuilding import ensure

    if _has_tables(using):
        ensure()


def fill_index(using: str = "default", **kwargs: Any) -> None:
    """After every migration, once all that migrations make is there: a new index holds it."""
    from search.domain.rebuilding import fill_new

    if _has_tables(using):
        fill_new()


def _has_tables(using: str) -> bool:
    """Not while the tables of the models are themselves taken back, or half made."""
    from django.db import connections

    from search.documents import KINDS
    from search.models import Index

    needed = {Index._meta.db_table, *(kind.model._meta.db_table for kind in KINDS)}
    return using == "default" and needed <= {*connections[using].introspection.table_names()}


class SearchConfig(AppConfig):
    """Listens to the floors below, so that a change becomes findable."""

    name = "search"
    verbose_name = _("Search")

    def ready(self) -> None:
        """Connect the receivers, fill the registries, say what the worker does and repeats."""
        from django.db.models.signals import post_migrate

        from core import queue
        from core.registry import workspace_rows
        from search import hearing, receivers  # noqa: F401  connected by being imported
        from search.dismissals import register_dismissals
        from search.events import register_events
        from search.following import register_followables
        from search.personal import register_personal
        from search.retention import register_retained
        from search.workspace import rows

        register_dismissals()
        register_events()
        register_followables()
        register_personal()
        register_retained()
        post_migrate.connect(ensure_index, sender=self)
        workspace_rows.register("search", rows)
        queue.besides("search.domain.changes.drain", name="search")
        queue.every(1, "search.tasks.mind", name="search-mind")
        queue.every(30, "search.tasks.check_at_night", name="search-check")
        queue.every(LOOKS, "search.tasks.look_for_news", name="search-news")
        queue.every(LETTERS, "search.tasks.saved_search_letters", name="saved-search-letters")
