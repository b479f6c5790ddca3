"""What of the thread one can follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from core.registry import Followable, followables
from pilots.models import Challenge, Pilot

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


def _challenges(slugs: Collection[str]) -> Mapping[str, Any]:
    return {found.slug: found for found in Challenge.objects.public().filter(slug__in=slugs)}


def _pilots(slugs: Collection[str]) -> Mapping[str, Any]:
    return {found.slug: found for found in Pilot.objects.public().filter(slug__in=slugs)}


def register_followables() -> None:
    """Challenges and trials, by their address."""
    for kind, label, find in (
        ("challenge", _("Challenge"), _challenges),
        ("pilot", _("Pilot"), _pilots),
    ):
        entry = Followable(
            kind=kind, label=label, find=find, url=lambda record: record.get_absolute_url()
        )
        followables.register(kind, entry)
