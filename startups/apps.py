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
        from core.files.serving import readers
        from core.registry import workspace_rows
        from startups.domain.closing import close_listings
        from startups.domain.publication import note_unpublished
        from startups.events import register_events
        from startups.files import CLAIM_FILE, may_read_claim_file
        from startups.following import register_followables
        from startups.news import register_tellings
        from startups.personal import register_personal
        from startups.retention import register_retained
        from startups.workspace import rows

        workspace_rows.register("startups", rows)
        register_followables()
        register_tellings()
        register_events()
        register_personal()
        register_retained()
        readers.register(CLAIM_FILE, may_read_claim_file)
        queue.every(10, "startups.news.look", name="startups-news")
        queue.every(24 * 60, "startups.tasks.remind", name="startups-remind")
        unpublished.connect(note_unpublished, dispatch_uid="startups_unpublished")
        organisation_closed.connect(close_listings, dispatch_uid="startups_organisation_closed")
