"""Editorial pages."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    """Registers the room; a new database receives its two page trees."""

    name = "cms.pages"
    label = "pages"
    verbose_name = _("Pages")

    def ready(self) -> None:
        """Make the missing pages once the tables are there; name the types that are found."""
        from cms.pages.models import ArticlePage
        from cms.pages.tree import ensure_tree_after_migrate
        from search.apps import fill_index
        from search.documents import find_pages

        find_pages(ArticlePage, summary="intro", body=("body",))

        post_migrate.connect(ensure_tree_after_migrate, sender=self)
        # After the pages were made, which are found too.
        post_migrate.connect(fill_index, sender=self)
