"""Users, organisations and who belongs to what."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Registers the room."""

    name = "core.accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Its messages, its rows of the workspace, and what it hears."""
        from core.accounts import receivers  # noqa: F401  # heard once imported
        from core.accounts.events import register_events
        from core.accounts.mail_events import register_mail_events
        from core.accounts.workspace import rows
        from core.registry import workspace_rows

        register_events()
        register_mail_events()
        workspace_rows.register("organisations", rows)
