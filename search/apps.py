"""The search floor."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """Listens to the floors below, so that a change becomes findable."""

    name = "search"
    verbose_name = _("Search")

    def ready(self) -> None:
        """Connect the receivers."""
        from search import hearing, receivers  # noqa: F401  connected by being imported
