"""Registers the directory's forms with the administration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet

from core.accounts import rules
from startups.models import ListingRules
from startups.views import moderation
from startups.viewsets import DirectoryGroup
from startups.viewsets.rules import quick_panels

if TYPE_CHECKING:
    from django.http import HttpRequest

register_snippet(DirectoryGroup)
# Here, for the boxes are the fields of forms that read the models.
ListingRules.panels = quick_panels()


@hooks.register("register_admin_urls")
def moderation_pages() -> list[Any]:
    """What members submit."""
    at = "listings/"
    return [
        path(at, moderation.index, name="listing_moderation"),
        path(f"{at}<int:pk>/", moderation.review, name="listing_review"),
        path(f"{at}<int:pk>/edit/", moderation.amend, name="listing_amend"),
    ]


class ForModerators(MenuItem):  # type: ignore[misc]  # no types in Wagtail
    """An entry that others do not see."""

    def is_shown(self, request: HttpRequest) -> bool:
        """To moderators and administrators."""
        return rules.is_moderator(request.user)


@hooks.register("register_admin_menu_item")
def what_waits() -> Any:
    """All that waits for a moderator, on the pages of the city's team."""
    return ForModerators(
        _("To moderate"), reverse_lazy("city_directory"), icon_name="clipboard-list", order=111
    )
