"""Whether a listing carries the label of what nobody confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils import timezone

from core.deadlines import city_time
from startups import freshness

if TYPE_CHECKING:
    from startups.models import Listing

register = template.Library()


@register.filter
def is_stale(listing: Listing) -> bool:
    """Today, in the city's day."""
    return freshness.is_stale(listing, city_time(timezone.now()).date())
