"""The demonstration's own files: facts with their sources, and texts written for it."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone

from core.deadlines import city_time
from core.taxonomy.models import Borough, Theme

FOLDER = Path(__file__).parent / "data"


@cache
def read(name: str) -> Any:
    """The content of ``data/<name>.json``; a folder is its files one after the other."""
    folder = FOLDER / name
    if folder.is_dir():
        return [item for path in sorted(folder.glob("*.json")) for item in _load(path)]
    return _load(FOLDER / f"{name}.json")


def _load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


class Calendar:
    """Instants relative to the moment of loading, on the city's clocks."""

    def __init__(self, now: datetime | None = None) -> None:
        """``now`` (aware) is the moment of loading."""
        self.now = now or timezone.now()
        self.today = city_time(self.now).date()

    def at(self, days: float, hour: int = 9, minute: int = 0) -> datetime:
        """The instant ``days`` from today at an hour of the city."""
        day = self.today + timedelta(days=days)
        zone = timezone.get_default_timezone()
        return datetime.combine(day, time(hour, minute), tzinfo=zone)


@cache
def themes() -> dict[str, Theme]:
    """Themes by slug."""
    return {theme.slug: theme for theme in Theme.objects.all()}


@cache
def boroughs() -> dict[str, Borough]:
    """Boroughs by slug."""
    return {borough.slug: borough for borough in Borough.objects.all()}


def pairs(record: dict[str, Any], *stems: str, **renamed: str) -> dict[str, str]:
    """Columns ``<stem>_fr`` and ``<stem>_en`` of ``record``; ``column="key"`` renames a stem."""
    names = {stem: stem for stem in stems} | renamed
    return {
        f"{column}_{code}": record.get(f"{key}_{code}") or ""
        for column, key in names.items()
        for code in ("fr", "en")
    }


def forget() -> None:
    """Rows read before belong to another database."""
    themes.cache_clear()
    boroughs.cache_clear()
