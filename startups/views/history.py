"""What changed on the page of a listing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from startups.history import lines_of, steps
from startups.models import LISTINGS, Listing

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

ON_A_PAGE: Final = 25
ON_THE_LISTING: Final = 5
KINDS = {str(each._meta.model_name): each for each in LISTINGS}


def latest(listing: Listing) -> dict[str, Any] | None:
    """The last changes, for the page of the listing itself; None when nothing is known."""
    if listing.pk is None or not listing.live:
        return None
    entries = list(lines_of(listing)[: ON_THE_LISTING + 1])
    found = steps(listing, entries[:ON_THE_LISTING])
    if not found:
        return None
    return {
        "steps": found,
        "has_more": len(entries) > ON_THE_LISTING,
        "kind": listing._meta.model_name,
        "slug": listing.slug,
    }


@require_safe
def history(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """All of it, page by page."""
    model = KINDS.get(kind)
    if model is None:
        raise Http404
    listing: Listing = get_object_or_404(model.objects.public(), slug=slug)
    page = Paginator(lines_of(listing), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "listing": listing,
        "steps": steps(listing, page.object_list),
        "page": page,
        "query": request.GET,
    }
    return render(request, "startups/history/history.html", context)
