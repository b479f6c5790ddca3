"""Where a listing is now: a renamed or merged one answers 301, a removed one 410 (contract.md)."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import render

from startups.heirs import heir_of
from startups.models import FormerAddress, Listing

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse


class Elsewhere(Exception):
    """The listing is at another address."""

    def __init__(self, listing: Listing) -> None:
        """``listing`` is what is read instead."""
        super().__init__()
        self.listing = listing


class Removed(Exception):
    """It was public, and is not any more."""


def at(found: QuerySet[Any], slug: str) -> Listing:
    """The one of ``found`` at ``slug``. Raises ``Elsewhere``, ``Removed`` or ``Http404``."""
    listing: Listing | None = found.filter(slug=slug).first()
    follow(found.model, slug, listing)
    if listing is None:
        raise Http404
    return listing


def follow(model: type[Any], slug: str, listing: Any) -> None:
    """``Elsewhere`` or ``Removed`` when the listing found at ``slug``, or none, says so."""
    if not issubclass(model, Listing):
        return
    if listing is None:
        raise_for_missing(model, slug)
    elif (heir := heir_of(listing)).pk != listing.pk:
        raise Elsewhere(heir)


def raise_for_missing(model: type[Listing], slug: str) -> None:
    """Of an address where nothing public is: ``Elsewhere``, ``Removed``, or nothing known."""
    former = FormerAddress.objects.filter(kind=model._meta.model_name, slug=slug).first()
    if former is not None:
        moved = model.objects.public().filter(pk=former.object_id).first()
        if moved is None:
            raise Removed
        raise Elsewhere(heir_of(moved))
    was = model.objects.filter(slug=slug, live=False, first_published_at__isnull=False)
    if was.exists():
        raise Removed


def follows_listings(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of a listing: 301 to where it is now, 410 where it was."""

    @wraps(view)
    def found(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Elsewhere as moved:
            return HttpResponsePermanentRedirect(moved.listing.get_absolute_url())
        except Removed:
            return render(request, "410.html", status=410)

    return found
