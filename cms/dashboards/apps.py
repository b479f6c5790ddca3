"""Staff panels in the administration."""

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class DashboardsConfig(AppConfig):
    """Registers the room."""

    name = "cms.dashboards"
    label = "dashboards"
    verbose_name = _("Dashboards")

    def ready(self) -> None:
        """Permissions follow every migration; the worker publishes what was scheduled."""
        from django.db.models.signals import post_migrate

        from cms.dashboards.mails import connect
        from cms.dashboards.permissions import sync
        from core import queue

        # Sent once for each app in order; at that of auth, every permission has been made.
        post_migrate.connect(sync, sender=apps.get_app_config("auth"))
        connect()
        queue.every(1, "cms.dashboards.tasks.publish_scheduled", name="publish-scheduled")
