"""The directory: startups, solutions, support organisations, programs, intakes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StartupsConfig(AppConfig):
    """Registers the floor."""

    name = "startups"
    verbose_name = _("Directory")

    def ready(self) -> None:
        """Hear of what is taken down or closed; say what waits for a member, what one follows."""
        from wagtail.signals import (
            unpublished,
            workflow_approved,
            workflow_cancelled,
            workflow_rejected,
        )

        from core import queue
        from core.accounts.signals import organisation_closed
        from core.registry import workspace_rows
        from startups.domain.closing import close_listings
        from startups.domain.moderation import hear_approved, hear_cancelled, hear_returned
        from startups.domain.publication import note_unpublished
        from startups.events import register_events
        from startups.following import register_followables
        from startups.news import register_tellings
        from startups.workspace import editing_rows, rows

        workspace_rows.register("startups", rows)
        workspace_rows.register("startups-editing", editing_rows)
        register_followables()
        register_events()
        register_tellings()
        queue.every(10, "startups.news.look", name="startups-news")
        unpublished.connect(note_unpublished, dispatch_uid="startups_unpublished")
        organisation_closed.connect(close_listings, dispatch_uid="startups_organisation_closed")
        workflow_approved.connect(hear_approved, dispatch_uid="startups_edit_approved")
        workflow_rejected.connect(hear_returned, dispatch_uid="startups_edit_returned")
        workflow_cancelled.connect(hear_cancelled, dispatch_uid="startups_edit_cancelled")
