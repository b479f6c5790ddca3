"""A program of the invented organisation: an intake called off, and one that comes back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from cms.demo.source import pairs, read, themes
from startups.enums import ListingState
from startups.models import Intake, Program

if TYPE_CHECKING:
    from cms.demo.source import Calendar
    from startups.models import Incubator


def load_intakes(incubator: Incubator, calendar: Calendar) -> None:
    """What its members find in their workspace, and everyone in the calendar."""
    facts = read("intakes")
    record = facts["program"]
    plain = ("weeks", "format", "equity_percent", "fee", "stages", "trl_min", "trl_max")
    program = Program.objects.create(
        incubator=incubator,
        slug=record["slug"],
        state=ListingState.CLAIMED,
        **pairs(record, "name", "summary", "about", "who"),
        **{name: record[name] for name in plain},
        languages=record["languages"],
        offers=record["offers"],
        verified_on=calendar.today - timedelta(days=20),
        is_example=True,
        live=True,
        first_published_at=calendar.now,
    )
    program.themes.set([themes()[slug] for slug in record["themes"]])
    program.save()
    for row in facts["intakes"]:
        ago = row.get("cancelled_days_ago")
        Intake.objects.create(
            program=program,
            opens_at=calendar.at(row["opens_in_days"], 9),
            closes_at=calendar.at(row["closes_in_days"], 17),
            repeats=row.get("repeats", False),
            places=row["places"],
            languages=record["languages"],
            **pairs(row, "how", cancelled_reason="reason"),
            cancelled_at=calendar.now - timedelta(days=ago) if ago else None,
            sequence=1 if ago else 0,
            is_example=True,
        )
