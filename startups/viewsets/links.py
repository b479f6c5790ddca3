"""Public links in the administration: how each answered, and a button to test it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.permissions import register_permission_policy

from core.viewsets import FactsViewSet
from startups.domain.links import ask_for_test, listings_of
from startups.models import CheckedLink
from startups.policies import ModeratorsPolicy

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

register_permission_policy(CheckedLink, ModeratorsPolicy(CheckedLink, "view"))


class LinkFilters(WagtailFilterSet):  # type: ignore[misc]  # no types in Wagtail
    """Broken ones, or by what the last test said."""

    is_broken = django_filters.BooleanFilter(
        label=gettext_lazy("Broken"),
        field_name="broken_since",
        lookup_expr="isnull",
        exclude=True,
    )

    class Meta:
        model = CheckedLink
        fields = ("outcome",)


class LinkIndex(IndexView):  # type: ignore[misc]
    """The broken ones first."""

    def order_queryset(self, queryset: QuerySet[CheckedLink]) -> QuerySet[CheckedLink]:
        """As the model says, unless a column is asked for."""
        if not self.request.GET.get("ordering"):
            return queryset.order_by(F("broken_since").asc(nulls_last=True), "address")
        ordered: QuerySet[CheckedLink] = super().order_queryset(queryset)
        return ordered


class LinkView(InspectView):  # type: ignore[misc]
    """One link, the listings that lead to it, the button."""

    template_name = "startups/admin/link.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the listings."""
        link: CheckedLink = self.object
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "link": link, "listings": listings_of([link])[link.pk]}


class TestView(PermissionCheckedMixin, View):  # type: ignore[misc]
    """The button: one verb, one sentence."""

    model = CheckedLink
    permission_required = "view"
    http_method_names = ["post"]
    inspect_url_name = ""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask the queue."""
        link = get_object_or_404(CheckedLink, pk=pk)
        actor: Any = request.user
        ask_for_test(links=[link], actor=actor, now=timezone.now())
        messages.success(
            request, _("It is being tested: load this page again in a minute to see how it went.")
        )
        return redirect(self.inspect_url_name, link.pk)


class LinkViewSet(FactsViewSet):  # type: ignore[misc]
    """Every address that public listings lead to."""

    model = CheckedLink
    name = "public_links"
    icon = "link"
    menu_label = gettext_lazy("Public links")
    list_display = (
        "address",
        Column("outcome", label=gettext_lazy("Last test"), accessor="get_outcome_display"),
        Column("why", label=gettext_lazy("Reason"), accessor="why"),
        DateColumn("broken_since", label=gettext_lazy("Broken since")),
        DateColumn("checked_at", label=gettext_lazy("Tested")),
        DateColumn("told_at", label=gettext_lazy("Owner told")),
    )
    filterset_class = LinkFilters
    search_fields = ("address",)
    search_backend_name = None
    form_fields = ("outcome",)
    inspect_view_enabled = True
    inspect_view_class = LinkView
    index_view_class = LinkIndex

    @cached_property
    def test_view(self) -> Any:
        """The button."""
        return self.construct_view(TestView, inspect_url_name=self.get_url_name("inspect"))

    def get_urlpatterns(self) -> list[Any]:
        """Its own, and one for the button."""
        return [*super().get_urlpatterns(), path("<int:pk>/test/", self.test_view, name="test")]
