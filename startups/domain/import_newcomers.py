"""Listings that came into the directory while an import waited to be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from startups.enums import ImportState
from startups.importing.doubles import Directory, Programs, directory_of, known_row
from startups.importing.fields import MODELS
from startups.models import ImportRun

if TYPE_CHECKING:
    from startups.models import ImportRow


def one_at_a_time(run: ImportRun) -> None:
    """Imports of a kind write one after the other: each sees what the other created."""
    running = ImportRun.objects.filter(kind=run.kind, state=ImportState.RUNNING)
    list(running.select_for_update().order_by("pk").values_list("pk", flat=True))


def newcomers(run: ImportRun) -> Directory | Programs:
    """What others created since the file was received; its dry run may not have seen it."""
    own = run.rows.filter(record__isnull=False).values("record")  # type: ignore[attr-defined]
    rows = MODELS[run.kind].objects.filter(created_at__gte=run.created_at)
    return directory_of(run.kind, rows.exclude(pk__in=own))


def came_since(row: ImportRow, known: Directory | Programs) -> str:
    """The name of a newcomer that the row is, or may be; not one that a person has looked at."""
    looked_at = {double["key"] for double in row.doubles if not double["row"]}
    found = known.find(known_row(row.number, row.facts))
    here = [found.same] if found.same else [each for each, _why in found.alike]
    return next((each.called for each in here if each.key not in looked_at), "")
