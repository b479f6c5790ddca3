"""What the directory tells to those who follow a support organisation: noted once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from core import dates
from core.following import tellings
from core.following.domain.news import keys_noted_since, note_happening
from core.following.tellings import Line, Telling
from startups.enums import GONE
from startups.models import Intake, Program

FRESH: Final = timedelta(days=3)


def look() -> None:
    """Every ten minutes: programs that became public, intakes that opened."""
    now = timezone.now()
    noted = keys_noted_since(now - 2 * FRESH)
    programs = Program.objects.current().filter(first_published_at__gt=now - FRESH)
    opened = Intake.objects.of_public_programs().accepting(now).filter(opens_at__gt=now - FRESH)
    found = [
        *(("program_published", row.pk, row) for row in programs.select_related("incubator")),
        *(
            ("intake_opened", row.pk, row.program)
            for row in opened.select_related("program__incubator")
        ),
    ]
    for event, pk, program in found:
        if (key := f"{event}:{pk}") not in noted:
            about = [("incubator", program.incubator.slug)]
            note_happening(key=key, event=event, object_id=pk, about=about, now=now)


def published(pk: int, now: datetime) -> Line | None:
    """A program that is public now."""
    found = Program.objects.current().select_related("incubator").filter(pk=pk).first()
    if found is None or not found.incubator.live or found.incubator.state in GONE:
        return None
    title = _("New program of %(who)s: %(title)s")
    said = title % {"who": found.incubator.name, "title": found.name}
    return Line(said, str(found.summary), found.get_absolute_url())


def opened(pk: int, now: datetime) -> Line | None:
    """An intake that still takes applications."""
    rows = Intake.objects.of_public_programs().accepting(now)
    found = rows.select_related("program__incubator").filter(pk=pk).first()
    if found is None or found.closes_at is None:
        return None
    said = _("Closes on %(when)s.") % {"when": dates.instant(found.closes_at)}
    title = _("Intake open: %(title)s") % {"title": found.program.name}
    return Line(title, said, found.program.get_absolute_url())


def register_tellings() -> None:
    """Say to the room of those who follow what can be told."""
    for event, describe in (("program_published", published), ("intake_opened", opened)):
        tellings.tellings.register(event, Telling(event, tellings.NEW, describe))
