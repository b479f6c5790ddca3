"""The city's settings in every template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.taxonomy.models import CitySettings

if TYPE_CHECKING:
    from django.http import HttpRequest


def city(request: HttpRequest) -> dict[str, Any]:
    """``city`` is the one row of settings."""
    return {"city": CitySettings.current()}
