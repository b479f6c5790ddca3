"""The directory: startups, solutions, support organisations, programs, intakes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StartupsConfig(AppConfig):
    """Registers the floor."""

    name = "startups"
    verbose_name = _("Directory")

    def ready(self) -> None:
        """Hear of what is taken down or closed; say what waits for a member, what one follows."""
        from wagtail.signals import unpublished

        from core import queue
        from core.accounts.signals import organisation_closed
        from core.registry import workspace_rows
        from startups.domain.closing import close_listings
        from startups.domain.publication import note_unpublished
        from startups.events import register_events
        from startups.following import register_followables
        from startups.news import register_tellings
        from startups.workspace import rows

        workspace_rows.register("startups", rows)
        register_followables()
        register_tellings()
        queue.every(10, "startups.news.look", name="startups-news")
        register_events()
        queue.every(60, "startups.link_tasks.look", name="startups-links")
        unpublished.connect(note_unpublished, dispatch_uid="startups_unpublished")
        organisation_closed.connect(close_listings, dispatch_uid="startups_organisation_closed")
