"""The site itself."""

from django.apps import AppConfig


class CmsConfig(AppConfig):
    """Registers the top floor."""

    name = "cms"
    verbose_name = "Site"
