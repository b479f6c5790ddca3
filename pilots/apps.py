"""The thread: challenges, applications, reviews, sites, pilots."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PilotsConfig(AppConfig):
    """Registers the floor."""

    name = "pilots"
    verbose_name = _("Challenges and pilots")

    def ready(self) -> None:
        """Fill what core asks of higher floors."""
        from core import queue
        from core.files.serving import readers
        from core.registry import reasons_to_stay_open, second_factor_pages, workspace_rows
        from pilots.domain import closing
        from pilots.erasing import register_erasers
        from pilots.events import register_events
        from pilots.following import register_followables
        from pilots.news import register_tellings
        from pilots.personal import register_exporters
        from pilots.retention import register_retained
        from pilots.rules import may_read_application_file
        from pilots.workspace import rows

        register_events()
        register_exporters()
        register_erasers()
        register_retained()
        register_followables()
        register_tellings()
        queue.every(1, "pilots.news.look", name="pilots-news")
        workspace_rows.register("pilots", rows)
        reasons_to_stay_open.register("pilots", closing.reasons_to_stay_open)
        second_factor_pages.register("challenges", "city_")
        second_factor_pages.register("pilots", "pilotdesk")
        readers.register("application", may_read_application_file)
