"""Programs and answers for the tests of « which program fits me? »."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from core.taxonomy.models import Theme
from startups.models import Incubator, Intake, Program

_numbers = count(1)

# A program that says everything, and answers that it meets.
WHOLE: dict[str, Any] = {
    "stages": ["prototype", "pilot"],
    "trl_min": 4,
    "trl_max": 6,
    "languages": ["fr", "en"],
    "applicants": ["company"],
    "offers": ["mentors", "space"],
    "equity_percent": 5,
    "format": "hybrid",
}
MET = (
    "stage=pilot&trl=5&theme=mobility&language=en&applicant=company"
    "&offer=mentors&equity=5&attendance=sometimes"
)


def make_incubator(**fields: Any) -> Incubator:
    """A live one."""
    number = next(_numbers)
    incubator: Incubator = Incubator.objects.create(
        **{
            "slug": f"incubateur-{number}",
            "name": f"Incubateur {number}",
            "kind": "incubator",
            "summary_fr": "Une phrase.",
            "about_fr": "Un paragraphe.",
            "verified_on": timezone.localdate(),
            "live": True,
            **fields,
        }
    )
    return incubator


def make_program(*, themes: tuple[str, ...] = ("mobility",), **fields: Any) -> Program:
    """A live program that says everything, save what ``fields`` takes away."""
    number = next(_numbers)
    incubator = fields.pop("incubator", None) or make_incubator()
    program: Program = Program.objects.create(
        **{
            "slug": f"programme-{number}",
            "incubator": incubator,
            "name_fr": f"Programme {number:03d}",
            "name_en": f"Program {number:03d}",
            "summary_fr": "Une phrase.",
            "about_fr": "Un paragraphe.",
            "verified_on": timezone.localdate(),
            "live": True,
            **WHOLE,
            **fields,
        }
    )
    program.themes.set(Theme.objects.filter(slug__in=themes))
    program.save()
    return program


def open_door(program: Program, now: datetime, opens: float = -1, closes: float = 10) -> Intake:
    """An intake that opens and closes so many days from ``now``."""
    intake: Intake = Intake.objects.create(
        program=program,
        opens_at=now + timedelta(days=opens),
        closes_at=now + timedelta(days=closes),
    )
    return intake
