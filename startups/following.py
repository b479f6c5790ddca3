"""What of the directory one can follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from core.registry import Followable, followables
from startups.enums import GONE
from startups.models import Incubator, Program

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


def _incubators(slugs: Collection[str]) -> Mapping[str, Any]:
    return {found.slug: found for found in Incubator.objects.current().filter(slug__in=slugs)}


def _programs(slugs: Collection[str]) -> Mapping[str, Any]:
    found = Program.objects.current().filter(slug__in=slugs, incubator__live=True)
    return {program.slug: program for program in found.exclude(incubator__state__in=GONE)}


def register_followables() -> None:
    """Support organisations and programs, by their address."""
    followables.register(
        "incubator",
        Followable(
            kind="incubator",
            label=_("Support organisation"),
            find=_incubators,
            url=lambda record: record.get_absolute_url(),
        ),
    )
    followables.register(
        "program",
        Followable(
            kind="program",
            label=_("Program"),
            find=_programs,
            url=lambda record: record.get_absolute_url(),
        ),
    )
