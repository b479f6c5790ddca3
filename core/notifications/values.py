"""Values as a template receives them: each knows how it reads when no filter says otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache, total_ordering
from typing import Any

from django.utils import timezone

from core import dates, numbers
from core.languages import active_language
from core.taxonomy.models import CitySettings


def plain_text(value: object) -> str:
    """``value`` as text that nobody has marked as safe HTML."""
    return str.__str__(str(value))


@dataclass(frozen=True, slots=True)
class SaidDate:
    """A day, or an instant on the clocks of ``city``: reads as :mod:`core.dates` writes it."""

    at: date | datetime
    city: str = ""

    def __str__(self) -> str:
        if not isinstance(self.at, datetime):
            return dates.day(self.at)
        return _said_instant(
            self.at,
            self.city or str(CitySettings.current().city_name),
            active_language(),
            timezone.get_default_timezone_name(),
        )


@lru_cache(maxsize=1024)
def _said_instant(at: datetime, city: str, language: str, zone: str) -> str:
    """Thousands of letters of a batch say the same instant; the last two are what it hangs on."""
    return dates.city_instant(at, city)


@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class SaidNumber:
    """A number: reads in the reader's language, compares as a number."""

    value: int | float | Decimal

    def __str__(self) -> str:
        return numbers.number(self.value)

    def __eq__(self, other: object) -> bool:
        return bool(self.value == _number_of(other))

    def __lt__(self, other: object) -> bool:
        return bool(self.value < _number_of(other))

    def __hash__(self) -> int:
        return hash(self.value)


def _number_of(other: object) -> Any:
    return other.value if isinstance(other, SaidNumber) else other


@dataclass(frozen=True, slots=True, eq=False)
class SaidChoice:
    """One code of a list: reads as its label, compares as its code."""

    code: str
    label: str

    def __str__(self) -> str:
        return self.label

    def __eq__(self, other: object) -> bool:
        return self.code == (other.code if isinstance(other, SaidChoice) else other)

    def __hash__(self) -> int:
        return hash(self.code)
