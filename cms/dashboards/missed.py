"""What people look for and do not find: of nobody, by week, for the city's staff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import django_filters
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView

from core import dates
from core.accounts import rules
from search.models import MissedSearch
from search.saved import address_of

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

# As long as they are kept.
MOST_WEEKS: Final = 60
HEADINGS: Final = {
    "week": _("Week of"),
    "language": _("Language"),
    "words": _("Words"),
    "results": _("Found"),
    "times": _("Times"),
}


def _weeks() -> list[tuple[str, str]]:
    """The weeks that there is something to read of, newest first."""
    found = MissedSearch.objects.shown().order_by("-week").values_list("week", flat=True)
    return [(week.isoformat(), dates.day(week)) for week in found.distinct()[:MOST_WEEKS]]


class MissedFilters(WagtailFilterSet):  # type: ignore[misc]  # no types in Wagtail
    """By week, by language, by how little was found."""

    week = django_filters.ChoiceFilter(label=_("Week of"), choices=_weeks)

    class Meta:
        model = MissedSearch
        fields = ("week", "language", "results")


def _today(row: MissedSearch) -> str:
    """The page of that search, as it answers now."""
    return address_of({"q": row.words}, row.language)


class MissedSearches(ReportView):  # type: ignore[misc]  # no types in Wagtail
    """Words that found nothing or little, looked for twice at least in their week."""

    model = MissedSearch
    page_title = _("Searched and not found")
    header_icon = "search"
    index_url_name = "missed_searches"
    index_results_url_name = "missed_searches_results"
    results_template_name = "dashboards/missed_results.html"
    default_ordering = ("-week", "-times", "words")
    filterset_class = MissedFilters
    columns = [
        Column("words", label=_("Words"), sort_key="words"),
        Column("week", label=_("Week of"), accessor=lambda row: dates.day(row.week)),
        Column("language", label=_("Language"), accessor="get_language_display"),
        Column("results", label=_("Found"), accessor="get_results_display"),
        Column("times", label=_("Times"), sort_key="times"),
        TitleColumn(
            "today",
            label=_("Today"),
            accessor=lambda row: gettext("See what it finds today"),
            get_url=_today,
        ),
    ]
    list_export = list(HEADINGS)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """For the city's staff; Wagtail sends others home with a sentence."""
        if not rules.is_city_staff(request.user):
            raise PermissionDenied
        # Read now: a file is written when the language of the reader is no longer active.
        self.export_headings = {name: str(words) for name, words in HEADINGS.items()}
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[MissedSearch]:
        """Nothing that one person alone looked for."""
        found: QuerySet[MissedSearch] = MissedSearch.objects.shown()
        return found.order_by("-week", "-times", "words")

    def get_filename(self) -> str:
        """Of the export."""
        return gettext("searched-and-not-found")
