"""Whether a place is in the city: by the bounding boxes of its boroughs."""

from __future__ import annotations

from core.taxonomy.models import Borough


def is_in_the_city(lat: float, lon: float) -> bool:
    """Whether the point (degrees) is inside one box; true while no borough is known."""
    boxes = list(Borough.objects.values_list("bbox", flat=True))
    return not boxes or any(
        west <= lon <= east and south <= lat <= north for west, south, east, north in boxes
    )
