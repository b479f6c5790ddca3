"""The ground floor: registers its commands."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Holds the commands that belong to no single room."""

    name = "core"
    verbose_name = "Core"
