"""Registers the directory's forms with the administration."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet

from core.accounts import rules
from startups.viewsets import DirectoryGroup

register_snippet(DirectoryGroup)


class ForModerators(MenuItem):  # type: ignore[misc]  # no types in Wagtail
    """An entry that others do not see."""

    def is_shown(self, request: HttpRequest) -> bool:
        """To moderators and administrators."""
        return rules.is_moderator(request.user)


@hooks.register("register_admin_menu_item")
def what_waits() -> Any:
    """Claims and corrections, on the pages of the city's team."""
    return ForModerators(
        _("Directory: what waits"), reverse_lazy("city_directory"), icon_name="inbox", order=111
    )
