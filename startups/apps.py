"""The directory: startups, solutions, support organisations, programs, intakes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StartupsConfig(AppConfig):
    """Registers the floor."""

    name = "startups"
    verbose_name = _("Directory")

    def ready(self) -> None:
        """Hear what Wagtail takes down, which organisations close; say what one can follow."""
        from wagtail.signals import unpublished

        from core import queue
        from core.accounts.signals import organisation_closed
        from startups.domain.closing import close_listings
        from startups.domain.publication import note_unpublished
        from startups.following import register_followables
        from startups.news import register_tellings

        register_followables()
        register_tellings()
        queue.every(10, "startups.news.look", name="startups-news")
        unpublished.connect(note_unpublished, dispatch_uid="startups_unpublished")
        organisation_closed.connect(close_listings, dispatch_uid="startups_organisation_closed")
