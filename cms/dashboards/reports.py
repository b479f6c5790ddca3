"""What moderators read about people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.reports import ReportView

from core.accounts import rules
from core.accounts.models import User

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


def _organisations(person: User) -> str:
    return ", ".join(membership.organisation.name for membership in person.memberships.all())


class ThrowAwayAddresses(ReportView):  # type: ignore[misc]  # no types in Wagtail
    """People whose address is of a service that gives addresses for an hour: noted, not refused."""

    model = User
    page_title = _("Throw-away addresses")
    header_icon = "mail"
    index_url_name = "throw_away_addresses"
    index_results_url_name = "throw_away_addresses_results"
    default_ordering = "-date_joined"
    columns = [
        Column("email", label=_("E-mail"), sort_key="email"),
        Column("name", label=_("Name"), sort_key="name"),
        Column("organisations", label=_("Organisations"), accessor=_organisations),
        DateColumn("date_joined", label=_("Joined"), sort_key="date_joined"),
    ]
    list_export = ["email", "name", "date_joined"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """For moderators and administrators; Wagtail sends others home with a sentence."""
        if not rules.is_moderator(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[User]:
        """The newest first."""
        found = User.objects.filter(has_throw_away_address=True)
        return found.prefetch_related("memberships__organisation").order_by("-date_joined", "pk")
