"""What the directory tells to those who follow a program or who runs it: noted once.

Each intake opens once, whatever becomes of its dates; who follows both the program and the
organisation reads it once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q
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
    """Every ten minutes: programs that became public, intakes that opened or are called off."""
    now = timezone.now()
    noted, since = keys_noted_since(now - 2 * FRESH), now - FRESH
    programs = Program.objects.current().filter(first_published_at__gt=since)
    intakes = Intake.objects.of_public_programs()
    # One that was announced after its opening, or that has none, opens as it is announced.
    opened = intakes.accepting(now).filter(Q(opens_at__gt=since) | Q(created_at__gt=since))
    called_off = intakes.filter(cancelled_at__gt=since)
    found = [
        *(("program_published", row.pk, row) for row in programs.select_related("incubator")),
        *(
            ("intake_opened", row.pk, row.program)
            for row in opened.select_related("program__incubator")
        ),
        *(
            ("intake_called_off", row.pk, row.program)
            for row in called_off.select_related("program__incubator")
        ),
    ]
    for event, pk, program in found:
        if (key := f"{event}:{pk}") not in noted:
            about = [("incubator", program.incubator.slug), ("program", program.slug)]
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
    if found is None:
        return None
    if found.closes_at is None:
        said = _("One may apply at any time.")
    else:
        said = _("Closes on %(when)s.") % {"when": dates.instant(found.closes_at)}
    title = _("Intake open: %(title)s") % {"title": found.program.name}
    return Line(title, said, found.program.get_absolute_url())


def called_off(pk: int, now: datetime) -> Line | None:
    """An intake that is cancelled, and why."""
    rows = Intake.objects.of_public_programs().filter(cancelled_at__isnull=False)
    found = rows.select_related("program").filter(pk=pk).first()
    if found is None:
        return None
    title = _("Intake cancelled: %(title)s") % {"title": found.program.name}
    return Line(title, str(found.cancelled_reason), found.program.get_absolute_url())


def register_tellings() -> None:
    """Say to the room of those who follow what can be told."""
    for event, topic, describe in (
        ("program_published", tellings.NEW, published),
        ("intake_opened", tellings.NEW, opened),
        ("intake_called_off", tellings.DEADLINES, called_off),
    ):
        tellings.tellings.register(event, Telling(event, topic, describe))
