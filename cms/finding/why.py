"""Why an answer stands where it stands, for the city's staff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core import numbers

if TYPE_CHECKING:
    from datetime import datetime

    from search.port import Hit


def lines(hit: Hit, now: datetime) -> list[tuple[str, str]]:
    """What the place of ``hit`` was made of, in words and numbers."""
    return [
        (_("Words"), numbers.number(hit.text_score or hit.score)),
        (_("All together"), numbers.number(hit.score)),
    ]
