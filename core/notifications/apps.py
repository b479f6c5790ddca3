"""Messages: a row before a mail."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """Registers the room."""

    name = "core.notifications"
    label = "notifications"
    verbose_name = _("Messages")
