"""Administrators' page on the indexes of search: how true they are, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core.accounts import rules
from search.documents import BY_NAME
from search.health import State, states
from search.models import MOST_TRIES, Change

if TYPE_CHECKING:
    from django.http import HttpRequest

NAMES: Final = {
    "database": _("The site’s own index"),
    "elasticsearch": _("The search server’s index"),
}
# Of the records that were set aside.
SHOWN: Final = 50


class SearchIndexView(WagtailAdminTemplateMixin, TemplateView):  # type: ignore[misc]
    """How each index is. Nothing is done here: the commands are named."""

    template_name = "dashboards/search_index.html"
    page_title = _("Search index")
    header_icon = "search"
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """For administrators; Wagtail sends others home with a sentence."""
        if not rules.is_administrator(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """The page itself after its way."""
        items: list[dict[str, Any]] = super().get_breadcrumbs_items()
        return [*items, {"url": "", "label": str(self.page_title)}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each index with its facts, and the records that were set aside."""
        now = timezone.now()
        return super().get_context_data(
            **kwargs, indexes=[_shown(state, now) for state in states()], set_aside=_set_aside()
        )


def _shown(state: State, now: Any) -> dict[str, Any]:
    return {
        "name": NAMES[state.index.pk],
        "index": state.index,
        "waiting": state.waiting,
        "oldest": state.oldest,
        "needs_a_person": state.needs_a_person(now),
    }


def _set_aside() -> list[dict[str, Any]]:
    rows = Change.objects.filter(tries__gte=MOST_TRIES).order_by("noted_at", "pk")[:SHOWN]
    return [
        {
            "index": NAMES.get(row.target, row.target),
            "kind": BY_NAME[row.kind].model._meta.verbose_name if row.kind in BY_NAME else row.kind,
            "pk": row.object_pk,
            "noted_at": row.noted_at,
        }
        for row in rows
    ]
