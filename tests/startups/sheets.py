"""Files to bring in, and what becomes of them: one step of an import each."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils import timezone, translation

from core import queue
from core.accounts.models import User
from startups.domain import imports
from startups.enums import ImportState
from startups.importing.reading import read_sheet
from startups.importing.sentences import line_of, names_of_ties
from startups.models import ImportRow, ImportRun, Incubator

HEADER = "nom;type;résumé;site;neq;lat;lon;thèmes;description\n"


def received(
    actor: User, content: bytes | str, kind: str = "incubator", publishes: bool = True
) -> ImportRun:
    content = content.encode() if isinstance(content, str) else content
    return imports.receive_sheet(
        sheet=read_sheet(content),
        file_name="liste.csv",
        kind=kind,
        source="Registre, novembre 2026",
        publishes=publishes,
        actor=actor,
        now=timezone.now(),
    )


def compared(actor: User, content: bytes | str, outside: bool = False, **fields: Any) -> ImportRun:
    run = received(actor, content, **fields)
    imports.match_columns(
        run=run, mapping=run.mapping, allows_outside=outside, actor=actor, now=timezone.now()
    )
    queue.drain()
    run.refresh_from_db()
    assert run.state == ImportState.READY
    return run


def written(run: ImportRun, actor: User) -> ImportRun:
    imports.start_import(run=run, actor=actor, now=timezone.now())
    queue.drain()
    run.refresh_from_db()
    assert run.state == ImportState.DONE
    return run


def count(run: ImportRun, column: str) -> Counter[str]:
    return Counter(run.rows.values_list(column, flat=True))  # type: ignore[attr-defined]


def row(run: ImportRun, number: int) -> ImportRow:
    found: ImportRow = run.rows.get(number=number)  # type: ignore[attr-defined]
    return found


def sentences(run: ImportRun, number: int) -> list[str]:
    with translation.override("fr"):
        return [
            said.replace("\xa0", " ")
            for said in line_of(row(run, number), run, names_of_ties())["problems"]
        ]


def one(name: str, **more: str) -> str:
    cells = {"type": "incubateur", "résumé": "Une phrase.", "description": "Un texte."} | more
    return ";".join([name, *(cells.get(c, "") for c in HEADER.strip().split(";")[1:])]) + "\n"


def make(name: str, **fields: Any) -> Incubator:
    made: Incubator = Incubator.objects.create(
        **{
            "slug": f"i{Incubator.objects.count()}",
            "name": name,
            "kind": "incubator",
            "summary_fr": "Une phrase.",
            "about_fr": "Un texte.",
            "live": True,
        }
        | fields
    )
    return made
