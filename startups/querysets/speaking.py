"""Whose members speak for a listing: the one rule, as a condition of the database."""

from __future__ import annotations

from typing import Any

from django.db.models import Q


def spoken_for(organisations: Any, *, to: str = "", whole: str = "incubator") -> Q:
    """Parts of ``organisations``; one without an organisation of its own is its whole's.

    ``organisations`` is what ``__in`` takes; ``to`` leads to the part from the rows that are
    filtered, « intake__program__ »; ``whole`` names what the part belongs to. The same rule as
    :func:`startups.domain.confirming.speaks_for`.
    """
    own, theirs = f"{to}organisation", f"{to}{whole}__organisation"
    return Q(**{f"{own}__in": organisations}) | Q(
        **{f"{own}__isnull": True, f"{theirs}__in": organisations}
    )
