"""Users, organisations and who belongs to what."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Registers the room."""

    name = "core.accounts"
    label = "accounts"
    verbose_name = _("Accounts")
