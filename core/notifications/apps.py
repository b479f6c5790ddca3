"""Messages: a row before a mail."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """Registers the room and its minute's sweep."""

    name = "core.notifications"
    label = "notifications"
    verbose_name = _("Messages")

    def ready(self) -> None:
        """What the worker repeats, what the mail provider tells, the row of the workspace."""
        from allauth.account.signals import user_logged_in
        from anymail.signals import tracking

        from core import queue
        from core.notifications.address_views import say_at_sign_in
        from core.notifications.closed_addresses import receive_news
        from core.notifications.workspace import rows
        from core.registry import workspace_rows

        tracking.connect(receive_news, dispatch_uid="closed_addresses")
        user_logged_in.connect(say_at_sign_in, dispatch_uid="closed_address_said")
        workspace_rows.register("messages", rows)
        queue.besides("core.notifications.delivery.deliver_due", name="mail")
        queue.every(1, "core.notifications.delivery.sweep", name="sweep-messages")
