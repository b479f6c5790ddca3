"""Registers the dashboards with the administration."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from cms.dashboards import people
from cms.dashboards.addresses import ClosedAddressViewSet
from cms.dashboards.missed import MissedSearches
from cms.dashboards.organisations import OrganisationViewSet
from cms.dashboards.outbox import OutboxViewSet
from cms.dashboards.reports import ThrowAwayAddresses
from cms.dashboards.search_index import SearchIndexView
from cms.dashboards.viewsets import AuditViewSet
from cms.dashboards.wording import WordsViewSet
from core.accounts import rules


@hooks.register("register_admin_viewset")
def audit() -> Any:
    """The audit."""
    return AuditViewSet("audit")


@hooks.register("register_admin_viewset")
def outbox() -> Any:
    """The outbox."""
    return OutboxViewSet("outbox")


@hooks.register("register_admin_urls")
def throw_away_addresses() -> list[Any]:
    """The report on addresses, whole and by part."""
    at = "reports/throw-away-addresses/"
    whole, part = (ThrowAwayAddresses.as_view(results_only=only) for only in (False, True))
    return [
        path(at, whole, name="throw_away_addresses"),
        path(f"{at}results/", part, name="throw_away_addresses_results"),
    ]


class ForModerators(MenuItem):  # type: ignore[misc]
    """An entry that others do not see."""

    def is_shown(self, request: HttpRequest) -> bool:
        """To moderators and administrators."""
        return rules.is_moderator(request.user)


@hooks.register("register_reports_menu_item")
def throw_away_addresses_entry() -> Any:
    """Among the reports."""
    return ForModerators(
        _("Throw-away addresses"), reverse("throw_away_addresses"), icon_name="mail", order=1200
    )


@hooks.register("register_admin_urls")
def missed_searches() -> list[Any]:
    """The report on what is not found, whole and by part."""
    at = "reports/searched-and-not-found/"
    whole, part = (MissedSearches.as_view(results_only=only) for only in (False, True))
    return [
        path(at, whole, name="missed_searches"),
        path(f"{at}results/", part, name="missed_searches_results"),
    ]


class ForCityStaff(MenuItem):  # type: ignore[misc]
    """An entry that others do not see."""

    def is_shown(self, request: HttpRequest) -> bool:
        """To whoever works for the city."""
        return rules.is_city_staff(request.user)


@hooks.register("register_reports_menu_item")
def missed_searches_entry() -> Any:
    """Among the reports."""
    return ForCityStaff(
        _("Searched and not found"), reverse("missed_searches"), icon_name="search", order=1300
    )


@hooks.register("register_admin_urls")
def search_index() -> list[Any]:
    """How the indexes of search are."""
    return [path("reports/search-index/", SearchIndexView.as_view(), name="search_index")]


class ForAdministrators(MenuItem):  # type: ignore[misc]
    """An entry that others do not see."""

    def is_shown(self, request: HttpRequest) -> bool:
        """To administrators."""
        return rules.is_administrator(request.user)


@hooks.register("register_reports_menu_item")
def search_index_entry() -> Any:
    """Among the reports."""
    return ForAdministrators(
        _("Search index"), reverse("search_index"), icon_name="search", order=1310
    )


@hooks.register("register_admin_viewset")
def words() -> Any:
    """The words of messages."""
    return WordsViewSet("message_words")


@hooks.register("register_admin_viewset")
def closed_addresses() -> Any:
    """Addresses that are not written to."""
    return ClosedAddressViewSet("closed_addresses")


@hooks.register("register_admin_viewset")
def organisations() -> Any:
    """Organisations, and who owns them."""
    return OrganisationViewSet("organisations")


hooks.register("before_delete_user", people.refuse_deletion)
hooks.register("before_bulk_action", people.refuse_several)
hooks.register("after_edit_user", people.tell_of_closed)
