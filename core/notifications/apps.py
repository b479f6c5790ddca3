"""Messages: a row before a mail."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """Registers the room and its minute's sweep."""

    name = "core.notifications"
    label = "notifications"
    verbose_name = _("Messages")

    def ready(self) -> None:
        """What the worker repeats."""
        from core import queue

        queue.besides("core.notifications.delivery.deliver_due", name="mail")
        queue.every(1, "core.notifications.delivery.sweep", name="sweep-messages")
