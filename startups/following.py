"""What of the directory one can follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from core.registry import Followable, followables
from startups.models import Incubator

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


def _incubators(slugs: Collection[str]) -> Mapping[str, Any]:
    return {found.slug: found for found in Incubator.objects.current().filter(slug__in=slugs)}


def register_followables() -> None:
    """Support organisations, by their address."""
    followables.register(
        "incubator",
        Followable(
            kind="incubator",
            label=_("Support organisation"),
            find=_incubators,
            url=lambda record: record.get_absolute_url(),
        ),
    )
