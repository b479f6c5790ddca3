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
        from core.registry import second_factor_pages
        from startups.domain.closing import close_listings
        from startups.domain.moderation import hear_approved, hear_cancelled, hear_returned
        from startups.domain.publication import note_unpublished
        from startups.events import register_events
        from startups.following import register_followables
        from startups.news import register_tellings
        from startups.personal import register_personal
        from startups.retention import register_retained
        from startups.showing import register_files
        from startups.workspace import register_rows

        register_rows()
        second_factor_pages.register("startups", "moderation_")
        register_followables()
        register_tellings()
        register_events()
        register_files()
        register_personal()
        register_retained()
        queue.every(60, "startups.link_tasks.look", name="startups-links")
        queue.every(10, "startups.news.look", name="startups-news")
        queue.every(24 * 60, "startups.tasks.remind", name="startups-remind")
        weekly = "startups.tasks.forget_unused_files"
        queue.every(7 * 24 * 60, weekly, name="startups-unused-files")
        unpublished.connect(note_unpublished, dispatch_uid="startups_unpublished")
        organisation_closed.connect(close_listings, dispatch_uid="startups_organisation_closed")
        workflow_approved.connect(hear_approved, dispatch_uid="startups_edit_approved")
        workflow_rejected.connect(hear_returned, dispatch_uid="startups_edit_returned")
        workflow_cancelled.connect(hear_cancelled, dispatch_uid="startups_edit_cancelled")
